// What goes over the pipes between a front (client.ts) and a session process (host.ts, control.ts).
import type { Display } from '../display/bundle.ts';
import type { Seen } from './snapshot.ts';
import type { CellId, CellOutput, CellRequest, CellResult, CommMessage, Completion, InputRequest } from './types.ts';

/** The file descriptors of a session process beside 0 (nothing), 1 and 2 (pipes read by the front). */
export const FD = { requests: 3, events: 4, control: 5 } as const;

/** What the front answers a question with. */
export type InputAnswer = { readonly text: string } | { readonly failed: string };

/** A comm message; its buffers are the frame's payload, one behind the other. */
export interface CommFrame extends Omit<CommMessage, 'buffers'> {
  readonly type: 'comm';
  readonly cell: CellId;
  /** Bytes of each buffer. */
  readonly sizes: readonly number[];
}

/** Front → session, answered by the main thread between cells. */
export type SessionRequest =
  | ({ readonly type: 'execute' } & CellRequest)
  | { readonly type: 'complete'; readonly id: number; readonly code: string; readonly cursor: number }
  | {
      readonly type: 'inspect';
      readonly id: number;
      readonly code: string;
      readonly cursor: number;
      readonly detail: 0 | 1;
    }
  /** The person's line for `process.stdin`, or why there is none. */
  | ({ readonly type: 'input'; readonly id: number } & InputAnswer)
  | CommFrame;

/** Front → control thread, answered also while the main thread is in a loop. */
export type ControlRequest =
  | { readonly type: 'interrupt'; readonly cell: CellId }
  | ({ readonly type: 'input' } & InputAnswer);

/** Control thread → front, over the same pipe. */
export type ControlReport =
  /** The main thread is in native code that the interrupt can't end; `call`: its name, where that is known. */
  { readonly type: 'blocked'; readonly cell: CellId; readonly call?: string };

/** Session → front. A `stream` carries its text as the frame's payload. */
export type SessionEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'stream'; readonly cell: CellId; readonly name: 'stdout' | 'stderr' }
  | { readonly type: 'output'; readonly cell: CellId; readonly output: CellOutput }
  /** What follows comes after the marker of this number on descriptors 1 and 2. */
  | { readonly type: 'marker'; readonly number: number }
  /** A question with an `id` is `process.stdin`'s, answered by a request; one without blocks the main thread. */
  | { readonly type: 'input'; readonly cell: CellId; readonly request: InputRequest; readonly id?: number }
  | CommFrame
  /** The handler of a comm message has returned. */
  | { readonly type: 'handled'; readonly cell: CellId }
  /** The cell asks for a fresh session once it has ended. */
  | { readonly type: 'restart' }
  | { readonly type: 'log'; readonly line: string }
  /** Behind a cell: what its names stand for now, for questions that come while the next cell is in a loop. */
  | { readonly type: 'seen'; readonly values: Seen }
  /** `%check`: the front shows in the cell whether it checks types, and sets it to `mode` first. */
  | { readonly type: 'check'; readonly cell: CellId; readonly mode?: 'off' | 'warn' | 'error' }
  /** `%log`: the front shows the end of its log in the cell. */
  | { readonly type: 'show_log'; readonly cell: CellId }
  | { readonly type: 'reply'; readonly id: number; readonly answer: Completion | Display | null }
  /** `names`, where the cell changed them, are the top-level names, for completion while the next cell runs. */
  | { readonly type: 'done'; readonly cell: CellId; readonly result: CellResult; readonly names?: readonly string[] };

/** The marker that a session writes to descriptors 1 and 2, so that the front knows what was written before it. */
export function markerText(nonce: string, number: number): string {
  return `\u0000tensorcell:${nonce}:${number}\u0000`;
}
