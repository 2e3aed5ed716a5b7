// The text being edited: a cursor, what can be undone, what was cut out. Pure but for itself; where things are in a text is motions.ts.
import { nextOffset, previousOffset } from './width.ts';

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** Edits of one kind in a row are undone together. */
type Kind = 'type' | 'delete' | 'other';

/** States that can be gone back to. */
const UNDOS = 500;
/** Texts that were cut out. */
const KILLS = 30;

export class EditBuffer {
  #text = '';
  #cursor = 0;
  #undone: Snapshot[] = [];
  #done: Snapshot[] = [];
  #kind: Kind | undefined;
  /** Texts that were cut out, newest first. */
  readonly #kills: string[] = [];
  /** The last command cut text out, so the next cut joins it. */
  #killing = false;
  /** Where the text just put back stands, and which of the cut ones it is. */
  #yanked: { readonly from: number; readonly index: number } | undefined;

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get atEnd(): boolean {
    return this.#cursor === this.#text.length;
  }

  /** Another text takes the place of this one; undo leads back. */
  set(text: string, cursor = text.length): void {
    this.#change('other');
    this.#text = text;
    this.#cursor = cursor;
  }

  /** An empty text that remembers nothing of this one but what was cut out. */
  clear(): void {
    this.#text = '';
    this.#cursor = 0;
    this.#done = [];
    this.#undone = [];
    this.#settle();
  }

  move(to: number): void {
    this.#settle();
    this.#cursor = Math.max(0, Math.min(to, this.#text.length));
  }

  insert(added: string): void {
    // A word's end is where undo stops.
    if (/\s/.test(added)) this.#kind = undefined;
    this.replace(this.#cursor, this.#cursor, added, 'type');
  }

  /** Puts text in place of a part; the cursor stands behind it. */
  replace(from: number, to: number, added: string, kind: Kind = 'other'): void {
    if (from === to && added === '') return;
    this.#change(kind);
    this.#text = this.#text.slice(0, from) + added + this.#text.slice(to);
    this.#cursor = from + added.length;
  }

  deleteLeft(): void {
    this.replace(previousOffset(this.#text, this.#cursor), this.#cursor, '', 'delete');
  }

  deleteRight(): void {
    this.replace(this.#cursor, nextOffset(this.#text, this.#cursor), '', 'delete');
  }

  /** Cuts a part out. Cuts in a row make one text, in the order in which they stood. */
  kill(from: number, to: number): void {
    if (from === to) return;
    const cut = this.#text.slice(from, to);
    const joins = this.#killing;
    const before = to === this.#cursor;
    this.replace(from, to, '');
    if (joins) this.#kills[0] = before ? cut + this.#kills[0] : this.#kills[0] + cut;
    else this.copy(cut);
    this.#killing = true;
  }

  /** Keeps a text as if it had been cut out. */
  copy(text: string): void {
    this.#kills.unshift(text);
    this.#kills.length = Math.min(this.#kills.length, KILLS);
  }

  /** The text that was cut out last. */
  get killed(): string {
    return this.#kills[0] ?? '';
  }

  /** Puts back what was cut out last. */
  yank(): void {
    const from = this.#cursor;
    this.replace(from, from, this.killed);
    this.#yanked = { from, index: 0 };
  }

  /** The one cut out before takes the place of what was just put back. */
  yankPop(): void {
    if (!this.#yanked || this.#kills.length === 0) return;
    const { from } = this.#yanked;
    const index = (this.#yanked.index + 1) % this.#kills.length;
    this.replace(from, this.#cursor, this.#kills[index]!);
    this.#yanked = { from, index };
  }

  undo(): void {
    const last = this.#done.pop();
    if (!last) return;
    this.#undone.push(this.#snapshot());
    this.#restore(last);
  }

  redo(): void {
    const next = this.#undone.pop();
    if (!next) return;
    this.#done.push(this.#snapshot());
    this.#restore(next);
  }

  #snapshot(): Snapshot {
    return { text: this.#text, cursor: this.#cursor };
  }

  #restore({ text, cursor }: Snapshot): void {
    this.#text = text;
    this.#cursor = cursor;
    this.#settle();
  }

  #change(kind: Kind): void {
    const joins = kind !== 'other' && kind === this.#kind;
    if (!joins) {
      this.#done.push(this.#snapshot());
      if (this.#done.length > UNDOS) this.#done.shift();
    }
    this.#undone = [];
    this.#settle();
    this.#kind = kind;
  }

  #settle(): void {
    this.#kind = undefined;
    this.#killing = false;
    this.#yanked = undefined;
  }
}
