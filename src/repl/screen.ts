// A terminal with a live region at its end: lines above it are printed once and scroll, the region is redrawn in place.
import type { WriteStream } from 'node:tty';
import { fitLine, stripColours } from './terminal-text.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** Dispose leaves the live region as it is, the cursor below it. */
export class Screen implements Disposable {
  readonly #out: WriteStream;
  readonly #restore = () => this.#out.write(showCursor);
  #live: readonly string[] = [];

  constructor(out: WriteStream) {
    this.#out = out;
    out.write(hideCursor);
    process.on('exit', this.#restore);
  }

  get columns(): number {
    return this.#out.columns;
  }

  /** Prints text for good, above a new live region. Lines of the region are cut to the terminal's width. */
  show(printed: string, live: readonly string[] = []): void {
    // More lines than the terminal has could not be taken back: the last ones are shown.
    const fitting = live.slice(-Math.max(1, this.#out.rows - 1)).map((line) => fitLine(line, this.#out.columns));
    if (printed === '' && fitting.join('\n') === this.#live.join('\n')) return;
    const erase = this.#live.length === 0 ? '' : `\r\u001b[${this.#live.length}A\u001b[J`;
    const text = printed === '' || printed.endsWith('\n') ? printed : `${printed}\n`;
    const drawn = text + fitting.map((line) => `${line}\n`).join('');
    // https://no-color.org
    this.#out.write(erase + (process.env.NO_COLOR ? stripColours(drawn) : drawn));
    this.#live = fitting;
  }

  [Symbol.dispose](): void {
    process.removeListener('exit', this.#restore);
    this.#restore();
    this.#live = [];
  }
}
