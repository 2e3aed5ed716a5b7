// What was run in this kernel's life, and the three ways a client may ask for it. In memory; a kernel's life is one session.
import { fitsGlob } from './glob.ts';
import type { HistoryEntry, HistoryRequest } from './messages.ts';

interface Line {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** Cells kept: the oldest go first, so that a kernel that runs for months does not grow. */
const KEPT = 10_000;
/** The number of the running session; nothing of earlier ones is kept. */
const SESSION = 1;

export class History {
  #lines: Line[] = [];

  /** Keeps a cell under its execution count. */
  add(line: number, input: string): void {
    this.#lines.push({ line, input, output: null });
    if (this.#lines.length > KEPT) this.#lines = this.#lines.slice(-KEPT / 2);
  }

  /** Keeps the plain text of a cell's value beside the cell. */
  addOutput(line: number, output: string): void {
    const entry = this.#lines.findLast((each) => each.line === line);
    if (entry) entry.output = output;
  }

  /** Entries in the order they ran. */
  read(request: HistoryRequest): HistoryEntry[] {
    return this.#select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      request.output ? [input, output] : input,
    ]);
  }

  #select(request: HistoryRequest): Line[] {
    switch (request.hist_access_type) {
      case 'tail':
        return newest(this.#lines, request.n);
      case 'range': {
        if (request.session !== 0 && request.session !== SESSION) return [];
        // As in IPython: negative numbers count from the end, and a stop of 0 is none.
        const next = (this.#lines.at(-1)?.line ?? 0) + 1;
        const place = (at: number) => (at < 0 ? next + at : at);
        const stop = request.stop === null || request.stop === 0 ? next : place(request.stop);
        return this.#lines.filter(({ line }) => line >= place(request.start) && line < stop);
      }
      case 'search': {
        const found = this.#lines.filter(({ input }) => fitsGlob(request.pattern, input));
        const last = new Map(found.map((entry) => [entry.input, entry]));
        const lines = request.unique ? found.filter((entry) => last.get(entry.input) === entry) : found;
        return request.n === null ? lines : newest(lines, request.n);
      }
      default:
        return request satisfies never;
    }
  }
}

function newest(lines: readonly Line[], n: number): Line[] {
  return n > 0 ? lines.slice(-n) : [];
}
