// Timers that a cell made, so that an interrupt of the cell can clear them. The global functions keep their signatures.
import { promisify } from 'node:util';
import type { CellId } from '../types.ts';
import { groupOf } from './groups.ts';

type Handle = NodeJS.Timeout | NodeJS.Immediate;

const original = { setTimeout, setInterval, setImmediate, clearTimeout, clearImmediate };

/** Replaces the global timer functions by ones that note whose they are. */
export class CellTimers {
  #byCell = new Map<CellId, Set<Handle>>();
  #cell: () => CellId;

  constructor(cell: () => CellId) {
    this.#cell = cell;
    const once = (start: (...args: never[]) => Handle) => this.#noting(start, true);
    const wrapped = {
      setTimeout: once(original.setTimeout as (...args: never[]) => Handle),
      setImmediate: once(original.setImmediate as (...args: never[]) => Handle),
      setInterval: this.#noting(original.setInterval as (...args: never[]) => Handle, false),
    };
    for (const [name, value] of Object.entries(wrapped)) {
      const from = original[name as keyof typeof wrapped] as unknown as Record<symbol, unknown>;
      Object.assign(value, { [promisify.custom]: from[promisify.custom] });
      Object.defineProperty(value, 'name', { value: name });
      Object.defineProperty(globalThis, name, { configurable: true, writable: true, enumerable: true, value });
    }
  }

  #noting(start: (...args: never[]) => Handle, once: boolean): (...args: never[]) => Handle {
    const timers = this;
    return function (this: unknown, ...args: never[]) {
      const [callback, ...rest] = args as unknown as [unknown, ...never[]];
      if (typeof callback !== 'function') return start(...args); // Node's own error says what is wrong
      const mine = timers.#of(timers.#cell());
      const run = once
        ? function (this: unknown, ...given: unknown[]) {
            mine.delete(handle);
            return callback.apply(this, given);
          }
        : callback;
      const handle = start(...([run, ...rest] as never[]));
      mine.add(handle);
      return handle;
    };
  }

  #of(cell: CellId): Set<Handle> {
    return groupOf(this.#byCell, cell);
  }

  /** Clears the timers of a cell. */
  clear(cell: CellId): void {
    for (const handle of this.#byCell.get(cell) ?? []) {
      original.clearTimeout(handle as NodeJS.Timeout);
      original.clearImmediate(handle as NodeJS.Immediate);
    }
    this.forget(cell);
  }

  /** Lets go of what is known of a cell that needs no clearing any more. Its timers run on. */
  forget(cell: CellId): void {
    this.#byCell.delete(cell);
  }
}
