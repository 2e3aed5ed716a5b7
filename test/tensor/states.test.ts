// What is said of each backend.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { BackendRow } from '../../src/tensor/backends.ts';
import { backendStates } from '../../src/tensor/states.ts';

function row(name: string, reason?: string, prepare?: () => void): BackendRow {
  return {
    name,
    check: () => (reason ? { available: false, reason } : { available: true, device: `device of ${name}` }),
    memory: () => `memory of ${name}`,
    open: () => assert.fail('not to be opened'),
    ...(prepare && { prepare }),
  };
}

const breaks = () => {
  throw new Error('cut off');
};
const rows = [row('absent', 'no driver'), row('broken', undefined, breaks), row('good'), row('plain')];
const told = (inUse: string, forced?: string) =>
  backendStates(inUse, rows, forced).map(({ name, state, why }) => `${name}, ${state}: ${why}`);

it('a backend that is absent or does not load says why, the others where they compute', () => {
  assert.deepEqual(backendStates('good', rows, ''), [
    { name: 'absent', state: 'unavailable', why: 'no driver' },
    { name: 'broken', state: 'unavailable', why: 'cut off' },
    {
      name: 'good',
      state: 'in use',
      why: 'the best that runs here',
      device: 'device of good',
      memory: 'memory of good',
    },
    { name: 'plain', state: 'ready', why: 'good is preferred', device: 'device of plain', memory: 'memory of plain' },
  ]);
});

it('a backend that was named or chosen says so', () => {
  assert.deepEqual(told('plain', 'plain').slice(2), [
    'good, ready: TENSORCELL_BACKEND names plain',
    'plain, in use: TENSORCELL_BACKEND names it',
  ]);
  assert.deepEqual(told('plain').slice(2), [
    'good, ready: plain was chosen in a cell',
    'plain, in use: chosen in a cell',
  ]);
});
