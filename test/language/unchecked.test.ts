// Cells that run while types are off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TypedRun } from './harness.ts';

test('names of cells that ran unchecked are known when types are switched on', async () => {
  const run = new TypedRun({ mode: 'off' });
  await run.run('const size: number = 3; function half(n: number) { return n / 2; }');
  await run.run('const wrong: string = size;');
  run.session.check(0, 'error');
  const ended = await run.run('half("4")');
  assert.match(JSON.stringify(ended), /TS2345|not assignable/);
  assert.match(JSON.stringify(await run.run('half(size)')), /1\.5/);
});
