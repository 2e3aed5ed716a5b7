// Printed text on its way out. The first print of a burst leaves at once; those that follow within a millisecond are sent together (a
// write each costs 3–5 µs and wakes the front: 20,000 lines took 150 ms that way, 45 ms so). Text never waits longer than a few ms,
// also while the cell is in a loop: the control thread sees to that.
import type { CellId } from './types.ts';

export type StreamName = 'stdout' | 'stderr';

/** Prints closer than this, in ms, share a write. */
const BURST = 1;
/** A turn of the event loop that was asked for this long ago, in ms, may have been cut off by an interrupt: another is asked for. */
const TURN = 100;
/** Characters that wait at most. */
const WAITING_LIMIT = 1 << 16;

// Kept before a cell can replace them.
const now = performance.now.bind(performance);
const later = setImmediate;

export class Prints {
  #write: (cell: CellId, name: StreamName, text: string) => void;
  #waits: (number: number) => void;
  #text = '';
  #cell: CellId = 0;
  #name: StreamName = 'stdout';
  #number = 0;
  #sent = 0;
  /** When the event loop was asked to flush at its next turn, where it has not done so. A loop that never ends asks once in a while. */
  #asked = Number.NEGATIVE_INFINITY;

  /** `waits(n)` says that text number n began to wait, `waits(0)` that none does. */
  constructor(write: (cell: CellId, name: StreamName, text: string) => void, waits: (number: number) => void) {
    this.#write = write;
    this.#waits = waits;
  }

  print(cell: CellId, name: StreamName, text: string): void {
    if (text === '') return;
    const time = now();
    const fresh = this.#text === '';
    if (!fresh && (cell !== this.#cell || name !== this.#name)) {
      this.flush();
    } else if (fresh && time - this.#sent > BURST) {
      this.#sent = time;
      this.#write(cell, name, text);
      return;
    }
    if (this.#text === '') this.#begin(cell, name, time);
    this.#text += text;
    if (time - this.#sent > BURST || this.#text.length > WAITING_LIMIT) this.flush();
  }

  #begin(cell: CellId, name: StreamName, time: number): void {
    this.#cell = cell;
    this.#name = name;
    this.#number += 1;
    this.#waits(this.#number);
    if (time - this.#asked <= TURN) return;
    this.#asked = time;
    later(() => {
      this.#asked = Number.NEGATIVE_INFINITY;
      this.flush();
    });
  }

  /** Sends what waits. Safe at any moment, also in the middle of `print`. */
  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#waits(0);
    this.#sent = now();
    this.#write(this.#cell, this.#name, text);
  }
}
