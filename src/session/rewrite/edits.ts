// Edits to a text that remember where each character of the result came from. Knows no JavaScript.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Among edits at one place, the lower comes first. */
  readonly rank: number;
}

/** A run of the result: copied from the original at `source`, or new text that stands for the place `source`. */
interface Run {
  readonly at: number;
  readonly source: number;
  readonly copied: boolean;
}

/** The edited text and the way back; offsets are UTF-16. */
export interface Edited {
  readonly code: string;
  /** The offset in the original of an offset in `code`; new text answers with the place it was put for. */
  original(offset: number): number;
}

/** Collects edits in any order; ranges may nest, an outer replacement wins over what lies inside it. */
export class Edits {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  /** Ranges that `lift` took out of their place; they do not overlap. */
  readonly #lifted: { readonly start: number; readonly end: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, rank: Number.POSITIVE_INFINITY });
  }

  /** Opens something before what stands at `at`: of two at one place, what was opened first is the outer one. */
  open(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, rank: this.#edits.length });
  }

  /** Closes something behind what ends at `at`: of two at one place, what was closed first is the outer one. */
  close(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, rank: -1 - this.#edits.length });
  }

  /** Takes a range out of its place; `copy` on the result puts it elsewhere, its inner edits applied. */
  lift(start: number, end: number): void {
    this.#lifted.push({ start, end });
  }

  /** Applies the edits: `head` writes what comes first, then the text follows, then `tail`. */
  apply(head: (out: Output) => void, tail: string): Edited {
    this.#lifted.sort((a, b) => a.start - b.start);
    this.#edits.sort((a, b) => a.start - b.start || compare(a.rank, b.rank));
    const out = new Output((from, to) => this.#copy(out, from, to));
    head(out);
    this.#copy(out, 0, this.#text.length);
    out.write(tail, this.#text.length);
    return out;
  }

  #copy(out: Output, from: number, to: number): void {
    let at = from;
    let hole = firstFrom(this.#lifted, from);
    const advance = (next: number) => {
      for (; hole < this.#lifted.length && this.#lifted[hole]!.start <= next; hole++) {
        const { start, end } = this.#lifted[hole]!;
        // What is being copied is itself lifted, or the text was replaced up to here.
        if (start < at || (start <= from && end >= to)) continue;
        out.take(this.#text, at, start);
        at = end;
      }
      if (next > at) out.take(this.#text, at, next);
      at = Math.max(at, next);
    };
    for (let index = firstFrom(this.#edits, from); index < this.#edits.length; index++) {
      const edit = this.#edits[index]!;
      if (edit.start > to) break;
      if (edit.start < at || edit.end > to) continue;
      advance(edit.start);
      if (edit.start < at) continue;
      out.write(edit.text, edit.start);
      at = edit.end;
    }
    advance(to);
  }
}

/** As a difference, but of infinities as well. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The first of some ranges, sorted by start, that starts at `from` or later. */
function firstFrom(sorted: readonly { readonly start: number }[], from: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.start < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The result while it grows. */
export class Output implements Edited {
  code = '';
  readonly copy: (from: number, to: number) => void;
  readonly #runs: Run[] = [];

  constructor(copy: (from: number, to: number) => void) {
    this.copy = copy;
  }

  /** New text that stands for the original offset `source`. */
  write(text: string, source: number): void {
    if (text === '') return;
    this.#runs.push({ at: this.code.length, source, copied: false });
    this.code += text;
  }

  take(text: string, from: number, to: number): void {
    if (to <= from) return;
    this.#runs.push({ at: this.code.length, source: from, copied: true });
    this.code += text.slice(from, to);
  }

  original(offset: number): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#runs[middle]!.at <= offset) low = middle;
      else high = middle - 1;
    }
    const run = this.#runs[low];
    if (run === undefined) return offset;
    return run.copied ? run.source + (offset - run.at) : run.source;
  }
}
