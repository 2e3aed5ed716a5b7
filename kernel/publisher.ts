// The one ordered way out to iopub: everything leaves in the order it was published, stream text in few messages, and a
// subscriber that reads slowly slows the session down instead of losing output.
import type { Broadcast, Broadcasts } from './messages.ts';
import { LONGEST_TEXT, SendQueue, type Waiting, type WaitingText } from './send-queue.ts';
import { streamContent } from './stream-content.ts';
import type { Wire } from './wire.ts';

/** The part of an XPUB socket that is used; a send with no room rejects with the code `EAGAIN`. */
export interface PublisherSocket {
  send(frames: (Buffer | string)[]): Promise<void>;
  /** Messages held for one subscriber; 0 is no limit. May change at any time. */
  sendHighWaterMark: number;
  /** Off: a message is dropped for those subscribers only that have no room. */
  noDrop: boolean;
}

/** What a message may carry beside its content. */
export interface PublishedExtras {
  /** What a subscription is matched with. Default `kernel.<session>.<type>`. */
  readonly topic?: string;
  readonly metadata?: object;
  readonly buffers?: readonly Buffer[];
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
}

const LIMITS: PublisherLimits = { bytes: 64 << 20, patience: 10_000, tail: 1 << 20, window: 20 };

/** Between two tries of a socket without room, ms. It tells that it has none by an error, but never that it has some again. */
const RETRY = 2;
/** Once a client has shown that it does not read, the others wait for it this part of the patience. */
const LESS_PATIENCE = 1 / 40;

export class Publisher {
  readonly #socket: PublisherSocket;
  readonly #wire: Wire;
  readonly #limits: PublisherLimits;
  readonly #queue = new SendQueue();
  #draining = false;
  #scheduled: NodeJS.Immediate | undefined;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #lastText = Number.NEGATIVE_INFINITY;
  #room: Waiter | undefined;
  #empty: Waiter | undefined;
  /** Since when the socket has had no room, and whether that has lasted too long once since it had. */
  #fullSince: number | undefined;
  #stalled = false;
  /** Bytes pushed past a subscriber's mark since there was room last. */
  #forced = 0;

  constructor(socket: PublisherSocket, wire: Wire, limits: Partial<PublisherLimits> = {}) {
    this.#socket = socket;
    this.#wire = wire;
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * Queues a message behind all that was published before; `parent` is the `headerFrame` it answers. Text
   * of a stream, which is sent together, takes no extras. Never throws, never waits.
   */
  publish<B extends Broadcast>(type: B, content: Broadcasts[B], parent?: Buffer, extras?: PublishedExtras): void {
    if (this.#closed) return;
    if (type === 'stream') {
      const { name, text } = content as Broadcasts['stream'];
      this.#queue.addText(name, text, parent);
    } else {
      const identities = [extras?.topic ?? `kernel.${this.#wire.session}.${type}`];
      const { metadata, buffers } = extras ?? {};
      this.#queue.add(this.#wire.encode({ identities, type, content, parent, metadata, buffers }));
    }
    // Text leaves at once, as it may be the last for long. A send takes 50–200 µs, so that of `busy` waits until the session has the cell,
    // and what a cell's end brings leaves together.
    if (type === 'stream') void this.#drain();
    else this.#scheduled ??= setImmediate(() => this.#drainNow());
  }

  /** When the queue is full: a promise of room. Whoever produces output without end awaits it before the next piece. */
  ready(): Promise<void> | undefined {
    if (this.#queue.bytes < this.#limits.bytes || this.#closed) return undefined;
    this.#room ??= new Waiter();
    return this.#room.promise;
  }

  /** Settles when all that was published has been handed to ZeroMQ. */
  flushed(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    this.#empty ??= new Waiter();
    const { promise } = this.#empty;
    void this.#drain();
    return promise;
  }

  /** Gives up what is still queued. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#scheduled);
    this.#queue.clear();
    this.#room?.settle();
    this.#empty?.settle();
  }

  #drainNow(): void {
    this.#scheduled = undefined;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    clearTimeout(this.#timer);
    try {
      for (let head = this.#queue.head; head && !this.#closed; head = this.#queue.head) {
        const wait = this.#delay(head) || (await this.#sendHead());
        if (wait === 0) continue;
        this.#timer = setTimeout(() => void this.#drain(), wait);
        break;
      }
    } finally {
      this.#draining = false;
    }
    if (this.#queue.bytes <= this.#limits.bytes / 2) this.#room = this.#room?.settle();
    if (this.#queue.length === 0) this.#empty = this.#empty?.settle();
  }

  /** How long the head has to wait, ms: text waits for more text unless something stands behind it. */
  #delay(head: Waiting): number {
    if (head.kind === 'message' || this.#queue.length > 1 || head.size >= LONGEST_TEXT || this.#empty) return 0;
    return Math.max(0, this.#lastText + this.#limits.window - performance.now());
  }

  /** Sends the head. Returns the ms to wait before the next try, 0 when it went. */
  async #sendHead(): Promise<number> {
    if (await this.#offer()) {
      this.#fullSince = undefined;
      this.#stalled = false;
      this.#forced = 0;
      return 0;
    }
    const now = performance.now();
    this.#fullSince ??= now;
    const patience = this.#limits.patience * (this.#stalled ? LESS_PATIENCE : 1);
    if (now - this.#fullSince < patience) return RETRY;
    this.#fullSince = undefined;
    this.#stalled = true;
    await this.#pass();
    return 0;
  }

  /** Hands the head to the socket and takes it off the queue. False when there is no room: then it stays. */
  async #offer(): Promise<boolean> {
    const { frames } = this.#queue.seal((text) => this.#encodeText(text));
    try {
      await this.#socket.send(frames);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      if (!this.#closed) throw error;
    }
    this.#queue.shift();
    return true;
  }

  #encodeText({ name, text, dropped, parent }: WaitingText): (Buffer | string)[] {
    this.#lastText = performance.now();
    const content = streamContent(name, dropped > 0 ? note(dropped) : text);
    return this.#wire.encode({ identities: [`stream.${name}`], type: 'stream', content, parent });
  }

  /**
   * Goes on past a client that does not read: the oldest stream text is left out, the rest is pushed into the client's own
   * queue beyond its mark. A client that still does not read after `bytes` of that is left behind as ZeroMQ does: it loses
   * what comes until it reads again, the others lose nothing.
   */
  async #pass(): Promise<void> {
    this.#queue.dropText(this.#limits.tail);
    const mark = this.#socket.sendHighWaterMark;
    this.#socket.sendHighWaterMark = 0;
    while (this.#queue.length > 0 && this.#forced < this.#limits.bytes) {
      this.#forced += this.#queue.head!.size;
      await this.#offer();
    }
    this.#socket.sendHighWaterMark = mark;
    if (this.#forced < this.#limits.bytes || this.#queue.length === 0) return;
    // A subscriber that a message was dropped for is out until it reads: the next ones have room for the others again.
    this.#socket.noDrop = false;
    await this.#offer();
    this.#socket.noDrop = true;
  }
}

function note(size: number): string {
  const megabytes = (size / (1 << 20)).toFixed(1);
  return `\n[${megabytes} MB of output are left out here: a client that watches this kernel did not read]\n`;
}

class Waiter {
  readonly promise: Promise<void>;
  #resolve: () => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Settles it. Returns undefined, to forget it by. */
  settle(): undefined {
    this.#resolve();
  }
}
