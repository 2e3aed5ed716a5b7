// Edits to a text that remember where each character of the result came from. Knows no JavaScript.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
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
  /** Ranges that `lift` took out of their place, by start. */
  readonly #lifted = new Map<number, number>();

  constructor(text: string) {
    this.#text = text;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Inserts before whatever is copied from `at`, after earlier inserts at the same place. */
  insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  /** Takes a range out of its place; `copy` on the result puts it elsewhere, its inner edits applied. */
  lift(start: number, end: number): void {
    this.#lifted.set(start, end);
  }

  /** Applies the edits: `head` writes what comes first, then the text follows, then `tail`. */
  apply(head: (out: Output) => void, tail: string): Edited {
    // Inserts go before a replacement that starts at the same place; otherwise the order of the calls holds.
    this.#edits.sort((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
    const out = new Output((from, to) => this.#copy(out, from, to));
    head(out);
    this.#copy(out, 0, this.#text.length);
    out.write(tail, this.#text.length);
    return out;
  }

  #copy(out: Output, from: number, to: number): void {
    let at = from;
    const advance = (next: number) => {
      for (const [start, end] of this.#lifted) {
        if (start < at || start >= next || (start <= from && end >= to)) continue;
        out.take(this.#text, at, start);
        at = end;
      }
      if (next > at) out.take(this.#text, at, next);
      at = Math.max(at, next);
    };
    for (const edit of this.#edits) {
      if (edit.start < at || edit.end > to) continue;
      advance(edit.start);
      if (edit.start < at) continue;
      out.write(edit.text, edit.start);
      at = edit.end;
    }
    advance(to);
  }
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
