// What comes out of a session's file descriptors 1 and 2: writes of native libraries and of child processes, and between them the
// markers by which the session says "up to here".
import { StringDecoder } from 'node:string_decoder';
import { markerText } from './messages.ts';

/** Splits one descriptor's bytes into text and markers. A marker may arrive in pieces; text before it is given at once. */
export class NativeOutput {
  #decoder = new StringDecoder('utf8');
  #head: string;
  #held = '';
  #text: (text: string) => void;
  #marker: (number: number) => void;

  constructor(nonce: string, on: { text(text: string): void; marker(number: number): void }) {
    this.#head = markerText(nonce, 0).slice(0, -2);
    this.#text = on.text;
    this.#marker = on.marker;
  }

  push(chunk: Buffer): void {
    let text = this.#held + this.#decoder.write(chunk);
    this.#held = '';
    for (;;) {
      const start = text.indexOf(this.#head);
      const end = start < 0 ? -1 : text.indexOf('\u0000', start + this.#head.length);
      if (end < 0) break;
      this.#say(text.slice(0, start));
      this.#marker(Number(text.slice(start + this.#head.length, end)));
      text = text.slice(end + 1);
    }
    const held = this.#beginningOfMarker(text);
    this.#say(text.slice(0, held));
    this.#held = text.slice(held);
  }

  /** Gives what was held back for a marker that will not come. */
  end(): void {
    this.#say(this.#held + this.#decoder.end());
    this.#held = '';
  }

  /** Where a marker that is not whole yet begins, or the text's length. */
  #beginningOfMarker(text: string): number {
    const start = text.lastIndexOf('\u0000');
    if (start < 0) return text.length;
    const tail = text.slice(start);
    return tail.startsWith(this.#head) || this.#head.startsWith(tail) ? start : text.length;
  }

  #say(text: string): void {
    if (text !== '') this.#text(text);
  }
}
