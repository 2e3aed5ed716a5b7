// The main thread's side of a termination, with the control thread played by another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { terminator } from '../../src/session/interrupt/terminate.ts';
import { SLOT, SLOTS, TERMINATION } from '../../src/session/shared.ts';

/** Waits for the grant, then sets the states one after another. */
const CONTROL = `
  const { workerData: { shared, slot, granted, states } } = require('node:worker_threads');
  while (Atomics.load(shared, slot) !== granted);
  for (const state of states) Atomics.store(shared, slot, state);
`;

for (const [name, states] of Object.entries({
  'that is ordered': [TERMINATION.ordering, TERMINATION.ordered],
  'whose order it has not seen before the next was asked for': [TERMINATION.asked],
})) {
  test(`a thread that has granted a termination goes on to one ${name}`, async () => {
    const shared = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
    shared[SLOT.running] = 7;
    const workerData = { shared, slot: SLOT.termination, granted: TERMINATION.granted, states };
    const control = new Worker(CONTROL, { eval: true, workerData });
    const done: string[] = [];
    const stack = { unwind: () => done.push('unwind'), restore: () => done.push('restore') };
    const terminate = terminator(shared, stack, () => false);
    await new Promise((resolve) => control.once('online', resolve));
    // As deep below this file as the inspector's call is below a cell.
    const below = () => (() => terminate(7, 1))();
    below();
    assert.deepEqual(done, ['unwind']);
    await control.terminate();
  });
}
