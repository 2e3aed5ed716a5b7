// The few numbers that the main thread of a session and its control thread both see, and what they send each other.
import type { CallNotice } from './native-calls.ts';
import type { CellId } from './types.ts';

/** Slots of the shared Int32Array. */
export const SLOT = {
  /** The cell whose code the main thread runs, 0 for none. */
  running: 0,
  /** Number of the last interrupt that the main thread took up by itself. */
  acknowledged: 1,
  /** Raised by the control thread when an answer to `prompt()` is in the port. */
  answered: 2,
  /** Number of the printed text that waits in the main thread, 0 when none does. */
  pending: 3,
  /** How far a termination has come: one of TERMINATION. */
  termination: 4,
  /** Number of the last interrupt that the control thread was told of. */
  asked: 5,
  /** The cell that it is for. */
  askedFor: 6,
} as const;

/** A termination is asked for by the control thread, granted or refused by the main thread, and ordered while that one waits. */
export const TERMINATION = { asked: 0, refused: 1, granted: 2, ordering: 3, ordered: 4 } as const;

export const SLOTS = 7;

/** Control thread → main thread. */
export type ControlNotice = { readonly type: 'interrupt'; readonly cell: CellId; readonly number: number };

/** Main thread → control thread. */
export type MainNotice =
  /** Printed text began to wait; if it still does a few ms later, the main thread is in a loop and must be made to send it. */
  | { readonly type: 'pending'; readonly number: number }
  /** An asynchronous child process of this id is the main thread's to end, not the control thread's. */
  | { readonly type: 'child'; readonly pid: number }
  | CallNotice;

/** What the control thread is started with. */
export interface ControlData {
  readonly shared: Int32Array;
  readonly nativeCall: Int32Array;
  readonly answers: import('node:worker_threads').MessagePort;
}

/** Functions that the main thread leaves on its global object for the control thread to call in the middle of a cell. */
export const CALLS = {
  /** Sends printed text that waits. */
  flush: 'tensorcell.flush',
  /** Makes the main thread ready to be terminated in the code of a cell, or refuse. */
  terminate: 'tensorcell.terminate',
} as const;
