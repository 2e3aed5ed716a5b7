// The way out of a session process: every output of a cell leaves through `emit`, which knows the cell it belongs to.
import { type Display, wellFormed } from '../display/bundle.ts';
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

let running: (() => number) | undefined;

/** Hands outputs to the session's pipe; `cell` tells whose code runs. Called once, by the session process. */
export function connectOutputs(emit: Emit, cell: () => number = () => 0): void {
  send = emit;
  running = cell;
}

/** The number of the cell whose code is running now, or that started the timer or promise that is; 0 outside a session. */
export const currentCell = (): number => running?.() ?? 0;

/** Sends an output of the cell whose code is running now, or that started the timer or promise that is. */
export function emit(output: CellOutput): void {
  send(output);
}

let displays = 0;

/** An id that no other display of the session has. */
export function nextDisplayId(): string {
  return `tensorcell-${process.pid}-${++displays}`;
}

/** A display that goes through many states, the last of which stays. */
export interface LiveDisplay {
  update(display: Display): void;
  /** Shows the last state; more may come all the same. */
  end(display: Display): void;
}

/** Shows a display that is about to change. Outside a session: on a terminal in one line, elsewhere only when it has ended. */
export function showLive(display: Display): LiveDisplay {
  if (running) {
    const shown = show(sendable(display), { changes: true });
    const update = (next: Display) => shown.update(sendable(next));
    return { update, end: update };
  }
  const { stdout } = process;
  const line = ({ data }: Display) => {
    if (stdout.isTTY) stdout.write(`\r\u001b[K${data['text/plain'].split('\n')[0]!.slice(0, stdout.columns - 1)}`);
  };
  line(display);
  return {
    update: line,
    end: ({ data }) => void stdout.write(`${stdout.isTTY ? '\r\u001b[K' : ''}${data['text/plain']}\n`),
  };
}

/** A display whose names and labels are a person's, which no formatter has looked through. */
function sendable({ data, metadata }: Display): Display {
  const forms = Object.entries(data).map(([mime, form]) => [mime, typeof form === 'string' ? wellFormed(form) : form]);
  return { data: Object.fromEntries(forms) as Display['data'], metadata };
}

/**
 * Shows a display in the running cell and returns a handle that redraws it in place, from any later cell too. `changes`: that is about to
 * happen.
 */
export function show(display: Display, { changes }: { readonly changes?: true } = {}): DisplayHandle {
  const id = nextDisplayId();
  emit({ type: 'display', displayId: id, ...(changes && { changes }), ...display });
  return { id, update: (next) => emit({ type: 'update_display', displayId: id, ...next }) };
}
