// The session process's end of its pipes: events out, written synchronously so that nothing waits in a process that may die; requests in.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeFrame, FrameReader } from './frames.ts';
import { endAll } from './interrupt/descendants.ts';
import { FD, markerText, type SessionEvent, type SessionRequest } from './messages.ts';
import type { CellId } from './types.ts';

/** Characters of printed text in one frame at most. */
const PIECE = 1 << 20;

const pause = new Int32Array(new SharedArrayBuffer(4));

export class Channel {
  #nonce: string;
  #marks = 0;
  /** Frames that leave with the next write. */
  #held: Buffer[] = [];
  #reader = new FrameReader<SessionRequest>();
  #take: (request: SessionRequest, payload: Buffer) => void = () => {};

  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  send(event: SessionEvent, payload?: string | Uint8Array): void {
    this.#write(encodeFrame(event, payload));
  }

  /** Sends an event with the next write, at the latest before the event loop turns: the front wakes once for both. */
  hold(event: SessionEvent): void {
    if (this.#held.length === 0) queueMicrotask(() => this.release());
    this.#held.push(encodeFrame(event));
  }

  /** Sends what is held. */
  release(): void {
    if (this.#held.length > 0) this.#write();
  }

  /** Sends printed text; a long one in pieces, so that the front works on one while the next is written. */
  stream(cell: CellId, name: 'stdout' | 'stderr', text: string): void {
    for (let at = 0; at < text.length; ) {
      let end = Math.min(at + PIECE, text.length);
      if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
      this.send({ type: 'stream', cell, name }, at === 0 && end === text.length ? text : text.slice(at, end));
      at = end;
    }
  }

  /**
   * Tells the front that what is sent from now on comes after all that was written to descriptors 1 and 2. Events given are sent behind
   * the mark with the same write.
   */
  mark(...then: readonly SessionEvent[]): void {
    const number = ++this.#marks;
    const marker = Buffer.from(markerText(this.#nonce, number));
    writeAll(1, marker);
    writeAll(2, marker);
    this.#write(...[{ type: 'marker', number } as const, ...then].map((event) => encodeFrame(event)));
  }

  /** Calls back for each request; when the front is gone, the process ends. */
  listen(take: (request: SessionRequest, payload: Buffer) => void): void {
    this.#take = take;
    const pipe = new Socket({ fd: FD.requests });
    pipe.on('data', (chunk: Buffer) => this.#read(chunk));
    pipe.on('end', endAll);
    pipe.on('error', endAll);
  }

  /** Takes the requests that came with one whose work was terminated, and would else wait for the next. */
  resume(): void {
    this.#read(Buffer.alloc(0));
  }

  #write(...frames: Buffer[]): void {
    const all = this.#held.length === 0 ? frames : [...this.#held, ...frames];
    this.#held = [];
    writeAll(FD.events, all.length === 1 ? all[0]! : Buffer.concat(all));
  }

  #read(chunk: Buffer): void {
    for (const { header, payload } of this.#reader.push(chunk)) this.#take(header, payload);
  }
}

/** The first half of a character of two UTF-16 units, which must not be parted. */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The pipe is a blocking one: a full front makes the write wait. Only a cell's program that sets it otherwise meets EAGAIN. */
function writeAll(fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(pause, 0, 0, 1);
      else if (code === 'EPIPE' && fd === FD.events) endAll();
      // A cell may close descriptors 1 and 2; what it then writes there is its own loss.
      else if (fd !== FD.events) return;
      else throw error;
    }
  }
}
