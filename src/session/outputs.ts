// The way out of a session process: every output of a cell leaves through `emit`, which knows the cell it belongs to.
import type { Display } from '../display/bundle.ts';
import type { CellOutput } from './types.ts';

/** A display on the page that can be drawn anew. */
export interface DisplayHandle {
  readonly id: string;
  update(display: Display): void;
}

type Emit = (output: CellOutput) => void;

/** Outside a session (a plain Node program that imports `tensorcell`) displays are printed as text. */
let send: Emit = (output) => {
  if ('data' in output) process.stdout.write(`${output.data['text/plain']}\n`);
};

/** Hands outputs to the session's pipe. Called once, by the session process. */
export function connectOutputs(emit: Emit): void {
  send = emit;
}

/** Sends an output of the cell whose code is running now, or that started the timer or promise that is. */
export function emit(output: CellOutput): void {
  send(output);
}

let displays = 0;

/** An id that no other display of the session has. */
export function nextDisplayId(): string {
  return `tensorcell-${process.pid}-${++displays}`;
}

/** Shows a display in the running cell and returns a handle that redraws it in place, from any later cell too. */
export function show(display: Display): DisplayHandle {
  const id = nextDisplayId();
  emit({ type: 'display', displayId: id, ...display });
  return { id, update: (next) => emit({ type: 'update_display', displayId: id, ...next }) };
}
