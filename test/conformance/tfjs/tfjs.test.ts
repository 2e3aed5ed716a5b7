// tfjs-core's own published specs on the session's instance, on each backend: a test for each spec file.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkBackends } from '../../../src/tensor/backends.ts';
import { useVulkan } from '../../tensor/webgpu/vulkan.ts';
import { specFiles } from './bundle.ts';
import { excluded } from './excluded.ts';
import { runSpecs, type SpecResult } from './run.ts';

/** How many specs version 4.22.0 has; of them, five are switched off by its authors. */
const DECLARED = 4230;
const SWITCHED_OFF = 5;

for (const { name: backend, ...state } of checkBackends()) {
  // tfjs's own plain backend, which its own authors test.
  if (backend === 'cpu') continue;
  const absent = backend === 'tensorflow' ? 'no library of TensorFlow' : `no ${backend}`;
  const skip = backend === 'webgpu' ? useVulkan() : state.available ? false : `${absent}: ${state.reason}`;
  describe(`tfjs-core’s own specs on ${backend}`, { skip }, () => {
    const reasons = new Map(
      excluded.filter((one) => (one.backend ?? backend) === backend).map(({ name, reason }) => [name, reason]),
    );
    let running: Promise<SpecResult[]> | undefined;
    const results = () => (running ??= runSpecs(backend, specFiles));

    for (const file of specFiles) {
      it(`${file} passes, but for the listed`, async () => {
        const own = (await results()).filter((result) => result.file === file);
        const failing = new Set(own.filter(({ status }) => status !== 'passed').map(({ name }) => name));
        assert.deepEqual(
          own.flatMap((result) => verdict(result, reasons.has(result.name), failing)),
          [],
        );
      });
    }

    it(`are ${DECLARED}, and all have run but ${SWITCHED_OFF}`, async () => {
      const all = await results();
      const pending = all.filter(({ status }) => status === 'pending');
      assert.deepEqual([all.length, pending.length], [DECLARED, SWITCHED_OFF]);
    });

    it('are known by the names in the list', async () => {
      const names = new Set((await results()).map(({ name }) => name));
      assert.deepEqual(
        [...reasons.keys()].filter((name) => !names.has(name)),
        [],
      );
    });
  });
}

/** What is wrong with a result, in a list of none or one. Two specs may have one name (sparseReshape's): `failing` has those of which one fails. */
function verdict({ name, status, message }: SpecResult, listed: boolean, failing: Set<string>): string[] {
  if (status === 'crashed') return [`${name}: crashed: ${message}`];
  if (status === 'failed' && !listed) return [`${name}: ${message}`];
  if (status === 'passed' && listed && !failing.has(name))
    return [`${name}: passes now: take it off the list (excluded.ts)`];
  return [];
}
