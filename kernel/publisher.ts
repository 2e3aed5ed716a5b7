// The one ordered way out to iopub: everything leaves in the order it was published, stream text in few messages, and a
// subscriber that reads slowly slows the session down instead of losing output.
import type { Broadcast, Broadcasts } from './messages.ts';
import type { Wire } from './wire.ts';

/** The part of an XPUB socket that is used; a send with no room rejects with the code `EAGAIN`. */
export interface PublisherSocket {
  send(frames: (Buffer | string)[]): Promise<void>;
  /** Messages held for one subscriber; 0 is no limit. May change at any time. */
  sendHighWaterMark: number;
  /** Off: a message is dropped for those subscribers only that have no room. */
  noDrop: boolean;
}

export interface PublisherLimits {
  /** Bytes queued here before `ready()` makes the session wait. */
  readonly bytes: number;
  /** Time without room after which the others no longer wait for the one that does not read, ms. */
  readonly patience: number;
  /** Bytes of the newest stream text that survive then. */
  readonly tail: number;
  /** Between two stream messages, ms; a display, a status or a full message does not wait. */
  readonly window: number;
  /** The socket's own high-water mark, to return to. */
  readonly highWater: number;
}

const LIMITS: PublisherLimits = { bytes: 64 << 20, patience: 10_000, tail: 1 << 20, window: 20, highWater: 100 };

/** A stream message takes no more text than this: 20 MB in one message would be copied whole at each hop. */
const LONGEST_TEXT = 1 << 20;
/** Between two tries of a socket without room, ms. It signals no room by an error, but never that there is room again. */
const RETRY = 2;

/** A message whose bytes are made, or text that may still grow. Sizes are of text units, near enough to bytes. */
type Item =
  | { readonly kind: 'message'; readonly size: number; readonly frames: (Buffer | string)[] }
  | {
      kind: 'text';
      size: number;
      text: string;
      name: 'stdout' | 'stderr';
      parent: Buffer | undefined;
      dropped: number;
    };

export class Publisher {
  readonly #socket: PublisherSocket;
  readonly #wire: Wire;
  readonly #limits: PublisherLimits;
  #items: Item[] = [];
  #head = 0;
  #bytes = 0;
  #draining = false;
  #timer: NodeJS.Timeout | undefined;
  #lastText = Number.NEGATIVE_INFINITY;
  /** Since when the socket has had no room. */
  #fullSince: number | undefined;
  /** Bytes that were pushed past a subscriber's mark since there was room last. */
  #forced = 0;
  #stalled = false;
  #closed = false;
  #room: PromiseWithResolvers | undefined;
  #empty: PromiseWithResolvers | undefined;

  constructor(socket: PublisherSocket, wire: Wire, limits: Partial<PublisherLimits> = {}) {
    this.#socket = socket;
    this.#wire = wire;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Queues a message behind all that was published before; `parent` is the `headerFrame` it answers. Never throws, never waits. */
  publish<B extends Broadcast>(type: B, content: Broadcasts[B], parent?: Buffer, topic?: string): void {
    if (this.#closed) return;
    if (type === 'stream') {
      const { name, text } = content as Broadcasts['stream'];
      this.#addText(name, text, parent);
    } else {
      const identities = [topic ?? `kernel.${this.#wire.session}.${type}`];
      this.#add({ kind: 'message', ...this.#encode(identities, type, content, parent) });
    }
    void this.#drain();
  }

  /** When the queue is full: a promise of room. Whoever produces output without end awaits it before the next piece. */
  ready(): Promise<void> | undefined {
    if (this.#bytes < this.#limits.bytes || this.#closed) return undefined;
    this.#room ??= withResolvers();
    return this.#room.promise;
  }

  /** Settles when all that was published has been handed to ZeroMQ. */
  flushed(): Promise<void> {
    if (this.#length() === 0) return Promise.resolve();
    this.#empty ??= withResolvers();
    const { promise } = this.#empty;
    void this.#drain();
    return promise;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#items = [];
    this.#head = this.#bytes = 0;
    this.#room?.resolve();
    this.#empty?.resolve();
  }

  #length(): number {
    return this.#items.length - this.#head;
  }

  #encode(identities: string[], type: string, content: object, parent: Buffer | undefined) {
    const frames = this.#wire.encode({ identities, type, content, parent });
    return { frames, size: frames.reduce((sum, frame) => sum + frame.length, 0) };
  }

  #add(item: Item): void {
    this.#items.push(item);
    this.#bytes += item.size;
  }

  #addText(name: 'stdout' | 'stderr', text: string, parent: Buffer | undefined): void {
    for (let at = 0; at < text.length; ) {
      let last = this.#items.at(-1);
      const open = last?.kind === 'text' && last.name === name && last.parent === parent && this.#length() > 0;
      if (!open || (last as { size: number }).size >= LONGEST_TEXT) {
        last = { kind: 'text', size: 0, text: '', name, parent, dropped: 0 };
        this.#items.push(last);
      }
      const item = last as Item & { kind: 'text' };
      const piece = at === 0 && text.length <= LONGEST_TEXT ? text : cut(text, at, at + LONGEST_TEXT - item.size);
      item.text += piece;
      item.size += piece.length;
      this.#bytes += piece.length;
      at += piece.length;
    }
  }

  /** How long the head of the queue has to wait, ms: text waits for more text unless something stands behind it. */
  #delay(head: Item): number {
    if (head.kind === 'message' || this.#length() > 1 || head.size >= LONGEST_TEXT || this.#empty) return 0;
    return Math.max(0, this.#lastText + this.#limits.window - performance.now());
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      while (this.#length() > 0) {
        const wait = this.#delay(this.#items[this.#head]!) || (await this.#sendHead());
        if (wait > 0 && !this.#closed) {
          this.#timer = setTimeout(() => void this.#drain(), wait);
          break;
        }
      }
    } finally {
      this.#draining = false;
    }
    if (this.#bytes <= this.#limits.bytes / 2) this.#room = void this.#room?.resolve();
    if (this.#length() === 0) this.#empty = void this.#empty?.resolve();
  }

  /** Sends the head. Returns the ms to wait before the next try, 0 when it went. */
  async #sendHead(): Promise<number> {
    const head = this.#seal();
    if (await this.#offer(head.frames)) {
      this.#shift();
      this.#fullSince = undefined;
      this.#stalled = false;
      this.#forced = 0;
      return 0;
    }
    const now = performance.now();
    this.#fullSince ??= now;
    // Once a client has shown that it does not read, the others wait a moment for it, not ten seconds again.
    if (now - this.#fullSince < (this.#stalled ? this.#limits.patience / 40 : this.#limits.patience)) return RETRY;
    this.#fullSince = undefined;
    this.#stalled = true;
    await this.#pass();
    return 0;
  }

  /** Gives the head its bytes, so that no text is added to it any more. */
  #seal(): Item & { kind: 'message' } {
    const head = this.#items[this.#head]!;
    if (head.kind === 'message') return head;
    this.#lastText = performance.now();
    const content = { name: head.name, text: head.dropped > 0 ? note(head.dropped) : head.text };
    const topic = `stream.${head.name}`;
    const { frames } = this.#encode([topic], 'stream', content, head.parent);
    const sealed: Item = { kind: 'message', size: head.size, frames };
    this.#items[this.#head] = sealed;
    return sealed;
  }

  async #offer(frames: (Buffer | string)[]): Promise<boolean> {
    try {
      await this.#socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      if (this.#closed) return true;
      throw error;
    }
  }

  #shift(): void {
    const head = this.#items[this.#head];
    if (!head) return;
    this.#bytes -= head.size;
    this.#items[this.#head++] = undefined as unknown as Item;
    if (this.#head > 1000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /**
   * Goes on past a client that does not read: the oldest stream text is left out, the rest is pushed into the client's own
   * queue beyond its mark. A client that still does not read after `bytes` of that is left behind as ZeroMQ does: it loses
   * what comes until it reads again, the others lose nothing.
   */
  async #pass(): Promise<void> {
    this.#dropText();
    this.#socket.sendHighWaterMark = 0;
    while (this.#length() > 0 && this.#forced < this.#limits.bytes) {
      const head = this.#seal();
      await this.#offer(head.frames);
      this.#forced += head.size;
      this.#shift();
    }
    this.#socket.sendHighWaterMark = this.#limits.highWater;
    if (this.#forced < this.#limits.bytes || this.#length() === 0) return;
    this.#socket.noDrop = false;
    await this.#offer(this.#seal().frames);
    this.#shift();
    this.#socket.noDrop = true;
  }

  /** Leaves out stream text, oldest first, until the newest `tail` bytes of it are left; a note stands where it was. */
  #dropText(): void {
    let kept = 0;
    for (let i = this.#items.length - 1; i >= this.#head; i--) {
      const item = this.#items[i]!;
      if (item.kind !== 'text') continue;
      kept += item.size;
      if (kept <= this.#limits.tail || item.size === 0) continue;
      this.#bytes -= item.size;
      item.dropped += item.size;
      item.text = '';
      item.size = 0;
    }
    this.#mergeNotes();
  }

  /** One note for a run of left out text of one cell. */
  #mergeNotes(): void {
    const items: Item[] = [];
    for (const item of this.#items.slice(this.#head)) {
      const last = items.at(-1);
      const same =
        item.kind === 'text' && last?.kind === 'text' && item.parent === last.parent && item.name === last.name;
      if (same && item.dropped > 0 && last.dropped > 0) last.dropped += item.dropped;
      else items.push(item);
    }
    this.#items = items;
    this.#head = 0;
  }
}

function note(bytes: number): string {
  return `\n[${(bytes / (1 << 20)).toFixed(1)} MB of output are left out here: a client that watches this kernel did not read]\n`;
}

/** `text.slice(from, to)` that cuts no surrogate pair. */
function cut(text: string, from: number, to: number): string {
  const last = text.charCodeAt(to - 1);
  return text.slice(from, to < text.length && last >= 0xd800 && last < 0xdc00 ? to + 1 : to);
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
