// A short form of `npm run soak training`.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { soakTraining } from '../../soak/training.ts';
import { found } from '../backends.ts';

it('25 interrupts at random moments of a training leave weights, moments and counter of one and the same step', {
  skip: found.includes('tensorflow') ? false : 'no library of TensorFlow',
}, async () => {
  const { faults, latencies } = await soakTraining({ count: 25, seed: 11 });
  assert.deepEqual(faults, []);
  assert.equal(latencies.length, 25);
});
