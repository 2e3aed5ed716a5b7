// What waits to leave on iopub, in its order: encoded messages, and stream text that still grows. Knows no socket and no clock.
type Frames = (Buffer | string)[];

/** A message whose bytes are made. */
export interface WaitingMessage {
  readonly kind: 'message';
  readonly size: number;
  readonly frames: Frames;
}

/** Text of one stream of one cell. Sizes of text are in UTF-16 units, near enough to bytes. */
export interface WaitingText {
  readonly kind: 'text';
  readonly name: 'stdout' | 'stderr';
  readonly parent: Buffer | undefined;
  size: number;
  text: string;
  /** Size of text that stood here and was left out. */
  dropped: number;
}

export type Waiting = WaitingMessage | WaitingText;

/** A stream message takes no more text than this: 20 MB in one message would be copied whole at each hop. */
export const LONGEST_TEXT = 1 << 20;

export class SendQueue {
  #items: Waiting[] = [];
  /** Index of the first; those before it have left. */
  #first = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get head(): Waiting | undefined {
    return this.#items[this.#first];
  }

  add(frames: Frames): void {
    const size = frames.reduce((sum, frame) => sum + frame.length, 0);
    this.#items.push({ kind: 'message', size, frames });
    this.#bytes += size;
  }

  /** Adds text to the last item where that is text of the same stream and cell, else as an item of its own. */
  addText(name: 'stdout' | 'stderr', text: string, parent: Buffer | undefined): void {
    for (let at = 0; at < text.length; ) {
      const item = this.#openText(name, parent);
      const piece = cut(text, at, at + LONGEST_TEXT - item.size);
      item.text += piece;
      item.size += piece.length;
      this.#bytes += piece.length;
      at += piece.length;
    }
  }

  /** The head as a message: text gets its bytes and grows no more. Throws when the queue is empty. */
  seal(encode: (text: WaitingText) => Frames): WaitingMessage {
    const head = this.head;
    if (!head) throw new RangeError('seal: the queue is empty');
    if (head.kind === 'message') return head;
    const sealed: WaitingMessage = { kind: 'message', size: head.size, frames: encode(head) };
    this.#items[this.#first] = sealed;
    return sealed;
  }

  /** Takes the head away. */
  shift(): void {
    const head = this.head;
    if (!head) return;
    this.#bytes -= head.size;
    this.#first++;
    // Now and then, so that a long queue is not moved for each that leaves.
    if (this.#first < 1000 ? this.length > 0 : this.#first * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  /** Leaves out text, oldest first, until the newest `tail` of it is left; one item stands for each run that was left out. */
  dropText(tail: number): void {
    let kept = 0;
    for (let i = this.#items.length - 1; i >= this.#first; i--) {
      const item = this.#items[i]!;
      if (item.kind !== 'text') continue;
      kept += item.size;
      if (kept <= tail) continue;
      this.#bytes -= item.size;
      item.dropped += item.size;
      item.size = 0;
      item.text = '';
    }
    const items: Waiting[] = [];
    for (const item of this.#items.slice(this.#first)) {
      const last = items.at(-1);
      if (item.kind === 'text' && item.dropped > 0 && last?.kind === 'text' && last.dropped > 0 && isSame(last, item)) {
        last.dropped += item.dropped;
      } else items.push(item);
    }
    this.#items = items;
    this.#first = 0;
  }

  clear(): void {
    this.#items = [];
    this.#first = this.#bytes = 0;
  }

  #openText(name: 'stdout' | 'stderr', parent: Buffer | undefined): WaitingText {
    const last = this.length > 0 ? this.#items.at(-1) : undefined;
    if (last?.kind === 'text' && isSame(last, { name, parent }) && last.dropped === 0 && last.size < LONGEST_TEXT)
      return last;
    const item: WaitingText = { kind: 'text', name, parent, size: 0, text: '', dropped: 0 };
    this.#items.push(item);
    return item;
  }
}

type Place = Pick<WaitingText, 'name' | 'parent'>;

function isSame(one: Place, other: Place): boolean {
  return one.name === other.name && one.parent === other.parent;
}

/** `text.slice(from, to)` that cuts no surrogate pair. */
function cut(text: string, from: number, to: number): string {
  if (from === 0 && to >= text.length) return text;
  const last = text.charCodeAt(to - 1);
  return text.slice(from, to < text.length && last >= 0xd800 && last < 0xdc00 ? to + 1 : to);
}
