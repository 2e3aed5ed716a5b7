// What callers of our Jupyter client give and get: options, published messages, an execution, the ways it ends.
import type { LaunchOptions } from './client-process.ts';
import type { KernelSpec } from './client-specs.ts';
import type { Broadcast, Broadcasts, ExecuteReply, InputRequestContent, Json } from './messages.ts';
import type { Message } from './wire.ts';

/** A message on iopub. A foreign kernel may send types that are not listed here. */
export type Published = {
  [T in Broadcast]: {
    readonly type: T;
    readonly content: Broadcasts[T];
    /** Id of the request that caused it: an `Execution`'s for a cell's outputs. */
    readonly parentId: string | undefined;
    readonly message: Message;
  };
}[Broadcast];

/** The kernel is gone; the message says how it ended and its last words. Every open request is rejected with it. */
export class KernelDiedError extends Error {
  override name = 'KernelDiedError';
}

/** The kernel did not answer in time after its start, or was no longer wanted; it has been ended. */
export class KernelStartError extends Error {
  override name = 'KernelStartError';
}

export interface StartOptions extends LaunchOptions {
  /** What to start. Default: this package's own kernel. */
  readonly spec?: KernelSpec;
  /** Longest wait in ms until the kernel answers. Default 60,000. */
  readonly startTimeout?: number;
  /** Gives the start up when it aborts. */
  readonly signal?: AbortSignal;
}

export interface ExecuteOptions {
  /** Default false. */
  readonly silent?: boolean;
  /** Default: not `silent`. */
  readonly storeHistory?: boolean;
  readonly userExpressions?: Readonly<Record<string, string>>;
  /** Whether cells queued behind an error are aborted. Default true. */
  readonly stopOnError?: boolean;
  /** Called with each message of this cell on iopub, in order, `status` included. */
  readonly onPublished?: (published: Published) => void;
  /**
   * Answers the cell's questions; without it the kernel is told that nobody can. A rejection leaves the question open: the
   * cell is to be interrupted then.
   */
  readonly onInput?: (request: InputRequestContent) => Promise<string>;
}

/** A cell that was sent. */
export interface Execution {
  /** The request's id, the `parentId` of all that the cell causes, late output included. */
  readonly id: string;
  /** The reply, once `idle` came as well: all output has been seen then. Rejects when the kernel dies. */
  readonly done: Promise<ExecuteReply>;
}

/** Whoever waits for a reply or an idle. */
export interface Waiting {
  readonly resolve: (content: Json) => void;
  readonly reject: (error: Error) => void;
}
