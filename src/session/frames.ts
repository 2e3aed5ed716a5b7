// The framing of the pipes between front and session: [u32 header bytes][u32 payload bytes][header JSON][payload]. The payload carries
// text and binary that JSON would make slow (a 20 MB print is copied, not escaped).

import { isAscii } from 'node:buffer';

/** A decoded frame; `payload` is a view, valid until the caller lets go of it. */
export interface Frame<Header> {
  readonly header: Header;
  readonly payload: Buffer;
}

const PREFIX = 8;
const EMPTY = Buffer.alloc(0);

/** One frame as one buffer, so that it is written by one call that an interrupt can't split. */
export function encodeFrame(header: object, payload: string | Uint8Array = EMPTY): Buffer {
  const json = JSON.stringify(header);
  const jsonBytes = Buffer.byteLength(json);
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
  const frame = Buffer.allocUnsafe(PREFIX + jsonBytes + payloadBytes);
  frame.writeUInt32LE(jsonBytes, 0);
  frame.writeUInt32LE(payloadBytes, 4);
  frame.write(json, PREFIX);
  if (typeof payload === 'string') frame.write(payload, PREFIX + jsonBytes);
  else frame.set(payload, PREFIX + jsonBytes);
  return frame;
}

/** Buffers as one payload, with their sizes for the header. One alone is not copied. */
export function joinBuffers(buffers: readonly Uint8Array[]): { sizes: number[]; payload: Uint8Array } {
  const sizes = buffers.map((buffer) => buffer.byteLength);
  return { sizes, payload: buffers.length === 1 ? buffers[0]! : Buffer.concat(buffers) };
}

/** The text of a payload. Plain ASCII, which most long output is, need not be decoded: 1.4 instead of 14 ms for 20 MB. */
export function textOf(payload: Buffer): string {
  return isAscii(payload) ? payload.toString('latin1') : payload.toString();
}

/** The buffers of a payload, as views. */
export function splitBuffers(payload: Buffer, sizes: readonly number[]): Buffer[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return payload.subarray(at - size, at);
  });
}

/** Turns the chunks of a pipe into frames. Each byte is copied at most once, whatever the size of a frame. */
export class FrameReader<Header> {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Adds a chunk and yields the frames that it completes. */
  *push(chunk: Buffer): Generator<Frame<Header>> {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      if (this.#bytes < PREFIX) return;
      const prefix = this.#peek(PREFIX);
      const jsonBytes = prefix.readUInt32LE(0);
      const size = PREFIX + jsonBytes + prefix.readUInt32LE(4);
      if (this.#bytes < size) return;
      const frame = this.#peek(size);
      this.#drop(size);
      const header = JSON.parse(frame.toString('utf8', PREFIX, PREFIX + jsonBytes)) as Header;
      yield { header, payload: frame.subarray(PREFIX + jsonBytes, size) };
    }
  }

  /** The first `size` bytes in one buffer; chunks are joined only when the first is too short. */
  #peek(size: number): Buffer {
    const first = this.#chunks[0]!;
    if (first.length >= size) return first;
    if (size === PREFIX) {
      const head: Buffer[] = [];
      let have = 0;
      for (const chunk of this.#chunks) {
        head.push(chunk);
        have += chunk.length;
        if (have >= PREFIX) break;
      }
      return Buffer.concat(head, PREFIX);
    }
    this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)];
    return this.#chunks[0]!;
  }

  #drop(size: number): void {
    this.#bytes -= size;
    let left = size;
    while (left > 0) {
      const first = this.#chunks[0]!;
      if (first.length > left) {
        this.#chunks[0] = first.subarray(left);
        return;
      }
      left -= first.length;
      this.#chunks.shift();
    }
  }
}
