// When a client's comm message is handled, and what becomes of a handler that fails or is interrupted. Knows no pipe and no target.
import { isRegistered, receiveComm } from './comms.ts';
import { KeyboardInterrupt } from './interrupt/await-guard.ts';
import type { CellId, CommMessage } from './types.ts';

/** A message and the id that what its handler shows is known by. */
export interface IncomingComm {
  readonly cell: CellId;
  readonly message: CommMessage;
}

export interface CommInboxOptions {
  /** Runs a function as code of the message. */
  readonly within: <T>(cell: CellId, run: () => T) => T;
  /** Shows what a handler threw. */
  readonly fail: (cell: CellId, error: unknown) => void;
  /** Whether a cell is running, which may await. */
  readonly busy: () => boolean;
  readonly began: (cell: CellId) => void;
  readonly ended: (cell: CellId) => void;
}

// Kept before a cell can replace it.
const later = setImmediate;

export class CommInbox {
  readonly #options: CommInboxOptions;
  #waiting: IncomingComm[] = [];
  /** The message whose handler runs. */
  #current: CellId | undefined;

  constructor(options: CommInboxOptions) {
    this.#options = options;
  }

  /** Handles a message now, unless it must wait. */
  take(incoming: IncomingComm): void {
    if (this.#mustWait(incoming, this.#waiting)) this.#waiting.push(incoming);
    else this.#run(incoming);
  }

  /** A cell has ended or a target was registered: what waited for that is handled, soon. */
  retry(): void {
    if (this.#waiting.length > 0) later(() => this.#next());
  }

  /** To be called on each interrupt, from the event loop: a handler that seems to run then was terminated. */
  interrupted(): void {
    const cell = this.#current;
    if (cell === undefined) return;
    this.#options.fail(cell, new KeyboardInterrupt());
    this.#end(cell);
  }

  /** An opening of an unknown target waits for the end of the running cell, which may register it; the comm's messages wait behind. */
  #mustWait({ message }: IncomingComm, ahead: readonly IncomingComm[]): boolean {
    if (message.kind === 'open') return !isRegistered(message.target ?? '') && this.#options.busy();
    return ahead.some((each) => each.message.id === message.id);
  }

  #next(): void {
    const at = this.#waiting.findIndex((each, i) => !this.#mustWait(each, this.#waiting.slice(0, i)));
    if (at < 0) return;
    const [next] = this.#waiting.splice(at, 1);
    // First, since the handler may be terminated.
    this.retry();
    this.#run(next!);
  }

  #run({ cell, message }: IncomingComm): void {
    const { within, fail, began } = this.#options;
    // A terminated handler may be followed by a message before the interrupt is told.
    this.interrupted();
    this.#current = cell;
    began(cell);
    within(cell, () => {
      try {
        const done = receiveComm(message);
        if (done instanceof Promise) done.catch((error: unknown) => fail(cell, error));
      } catch (error) {
        fail(cell, error);
      }
    });
    this.#end(cell);
  }

  #end(cell: CellId): void {
    // In this order: until `ended` has said so, an interrupt may still cut this off.
    this.#options.ended(cell);
    this.#current = undefined;
  }
}
