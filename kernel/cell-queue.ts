// The order of cells: one runs, the others wait; what waits behind a failure or an interrupt is aborted.
import { setImmediate as turn } from 'node:timers/promises';
import type { Message } from './wire.ts';

/** A cell's request and how to serve it: `aborted` says that it must be answered without being run. */
export interface WaitingCell {
  readonly message: Message;
  serve(aborted: boolean): Promise<void>;
}

export class CellQueue {
  #waiting: { cell: WaitingCell; aborted: boolean }[] = [];
  #running: Message | undefined;
  #interrupted = false;

  /** The request that is being served. */
  get running(): Message | undefined {
    return this.#running;
  }

  add(cell: WaitingCell): void {
    this.#waiting.push({ cell, aborted: false });
    if (!this.#running) void this.#work();
  }

  /** The cell that runs is being interrupted: those that wait must not run. */
  interrupt(): void {
    this.#interrupted = this.#running !== undefined;
  }

  /**
   * To be called between a cell's end and its reply: after a failure aborts what waits. What was sent before the reply counts as
   * waiting, so the socket is looked at once more: a client that sends three cells at once may have the first fail in between.
   */
  async settle(failed: boolean): Promise<void> {
    if (!failed && !this.#interrupted) return;
    // Two turns of the event loop: the first may be the rest of this one, without a look at the sockets.
    await turn();
    await turn();
    for (const each of this.#waiting) each.aborted = true;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#running = next.cell.message;
      this.#interrupted = false;
      await next.cell.serve(next.aborted);
    }
    this.#running = undefined;
  }
}
