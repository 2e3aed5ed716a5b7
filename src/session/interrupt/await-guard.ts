// Every `await` of a cell passes through here, so that an interrupt can end a cell that waits for ever or loops over timers.

import type { CellId } from '../types.ts';
import { groupOf } from './groups.ts';

/** What an interrupted cell ends with. */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';

  constructor() {
    super('The cell was interrupted.');
  }
}

type Reject = (error: unknown) => void;

/** Told the error that an `await` throws, and where it stands. */
export type AwaitFailed = (error: unknown, at: number) => void;

export class AwaitGuard {
  #waiting = new Map<CellId, Set<Reject>>();
  #interrupted = new Set<CellId>();
  #cell: () => CellId;
  #before: () => Promise<void> | undefined;

  /** `before` is called at each `await`: what it returns must be done first (memory to be given back). */
  constructor(cell: () => CellId, before: () => Promise<void> | undefined) {
    this.#cell = cell;
    this.#before = before;
  }

  /**
   * Gives what the cell's `await` waits for. In a cell that was interrupted and goes on (it caught the `KeyboardInterrupt`) that is
   * nothing, ever: a throw would let a loop that catches everything spin.
   */
  guard(value: unknown, failed?: AwaitFailed, at = 0): unknown {
    const cell = this.#cell();
    if (this.#interrupted.size > 0 && this.#interrupted.has(cell)) return new Promise(() => undefined);
    return this.#after(this.#before(), this.#wait(cell, value, failed, at));
  }

  /** The same for what settles by itself: given as it is, so that it settles in the turn in which it would without us. */
  pause(value: unknown): unknown {
    return this.#after(this.#before(), value);
  }

  #after(first: Promise<void> | undefined, value: unknown): unknown {
    if (!first) return value;
    // One that is rejected meanwhile is not unhandled.
    const settled = Promise.allSettled([value]);
    return first.then(() => settled).then(() => value);
  }

  #wait(cell: CellId, value: unknown, failed: AwaitFailed | undefined, at: number): unknown {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
    const { then } = value as { then?: unknown };
    if (typeof then !== 'function') return value;
    const mine = groupOf(this.#waiting, cell);
    return new Promise((resolve, reject) => {
      mine.add(reject);
      const done = () => {
        mine.delete(reject);
        if (mine.size === 0 && this.#waiting.get(cell) === mine) this.#waiting.delete(cell);
      };
      then.call(
        value,
        (result: unknown) => {
          done();
          resolve(result);
        },
        (error: unknown) => {
          done();
          failed?.(error, at);
          reject(error);
        },
      );
    });
  }

  isInterrupted(cell: CellId): boolean {
    return this.#interrupted.has(cell);
  }

  /** Rejects all that the cell waits for, and stops it at its next `await`. */
  interrupt(cell: CellId): void {
    this.#interrupted.add(cell);
    this.reject(cell, new KeyboardInterrupt());
  }

  /** Rejects all that the cell waits for. False when it waits for nothing. */
  reject(cell: CellId, error: Error): boolean {
    const waiting = this.#waiting.get(cell);
    this.#waiting.delete(cell);
    for (const reject of waiting ?? []) reject(error);
    return waiting !== undefined;
  }
}
