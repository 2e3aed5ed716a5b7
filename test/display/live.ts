// Live displays without a session: what was sent, and the cell that it is sent for. Each test begins with none, in a cell of its own.
import { beforeEach } from 'node:test';
import { connectOutputs } from '../../src/session/outputs.ts';
import type { CellOutput } from '../../src/session/types.ts';

export const live = {
  outputs: [] as CellOutput[],
  cell: 1,
  /** The last display's forms by MIME type. */
  last: () => (live.outputs.at(-1) as { data: Record<string, string> }).data,
};

connectOutputs(
  (output) => void live.outputs.push(output),
  () => live.cell,
);
beforeEach(() => {
  live.outputs = [];
  live.cell++;
});
