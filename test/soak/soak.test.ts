// A short form of `npm run soak`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growth } from './memory.ts';
import { soak } from './soak.ts';

test('250 cells of all kinds, interrupts among them, lose no reply, no idle and no output, and the memory is flat', async () => {
  const { faults, memory } = await soak({ cells: 250, seed: 7 });
  assert.deepEqual(faults, []);
  assert.ok(growth(memory) < 40, memory.map((mb) => mb.toFixed(0)).join());
});

test('growth is told from the least, so that garbage does not count', () => {
  assert.equal(growth([50, 60, 70, 72, 90, 71, 95, 70, 71, 99]), 1);
  assert.equal(growth([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]), 60);
});
