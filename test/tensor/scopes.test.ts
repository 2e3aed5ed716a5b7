// What an interrupt leaves open is closed afterwards; the rest goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

describe('after an interrupt', () => {
  let report: Record<string, unknown>;

  before(() => {
    const program = fileURLToPath(new URL('./interrupted.js', import.meta.url));
    // The first flag keeps Node alive through a termination inside a timer.
    const flags = ['--no-force-async-hooks-checks', '--disable-warning=ExperimentalWarning'];
    report = JSON.parse(execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' }));
  });

  it('the engine is at rest: no scope, tape or kernel is open', () => {
    assert.deepEqual(report.rest, { activeScope: null, activeTape: null, gradientDepth: 0, kernelDepth: 0, scopes: 0 });
  });

  it('what the user holds computes as before', () => {
    assert.deepEqual(report.gradient, [2, 2, 2]);
  });

  it('the tensors of the scopes that were open are freed', () => {
    assert.equal(report.left, 0);
  });

  it('its training is shown as interrupted, and the model can be trained again', () => {
    assert.deepEqual(report.training, { ends: [{ status: 'interrupted' }, { status: 'done' }], epoch: [0, 1] });
  });
});
