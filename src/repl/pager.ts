// A text that is longer than the screen, to be read page by page: it has the terminal's other screen until it is closed.
import type { WriteStream } from 'node:tty';
import { foldLine } from './fold.ts';
import type { InputEvent } from './keys.ts';
import { stripAnsi, stripColours } from './terminal-text.ts';

const [ENTER, LEAVE] = ['\u001b[?1049h\u001b[?25l', '\u001b[?1049l\u001b[?25h'];

/** How far each key goes: in lines, in halves of a page, or to an end. */
const MOVES: Readonly<Record<string, readonly [by: 'line' | 'half' | 'page' | 'end', direction: 1 | -1]>> = {
  down: ['line', 1],
  enter: ['line', 1],
  'C-n': ['line', 1],
  j: ['line', 1],
  up: ['line', -1],
  'C-p': ['line', -1],
  k: ['line', -1],
  d: ['half', 1],
  'C-d': ['half', 1],
  u: ['half', -1],
  'C-u': ['half', -1],
  ' ': ['page', 1],
  f: ['page', 1],
  pagedown: ['page', 1],
  'C-f': ['page', 1],
  'C-v': ['page', 1],
  b: ['page', -1],
  pageup: ['page', -1],
  'C-b': ['page', -1],
  'M-v': ['page', -1],
  end: ['end', 1],
  'C-end': ['end', 1],
  G: ['end', 1],
  '>': ['end', 1],
  home: ['end', -1],
  'C-home': ['end', -1],
  g: ['end', -1],
  '<': ['end', -1],
};

const CLOSES = new Set(['q', 'Q', 'escape', 'C-c', 'C-g', 'f2']);

export class Pager {
  /** Settles when it is closed. */
  readonly closed: Promise<void>;
  readonly #out: WriteStream;
  readonly #text: string;
  #close: () => void = () => undefined;
  /** The text's lines as the screen's width folds them, and the width that they were folded for. */
  #lines: readonly string[] = [];
  #columns = 0;
  /** The first line that is shown. */
  #top = 0;
  /** What is typed behind `/`. */
  #question: string | undefined;
  #sought = '';
  #notice = '';

  /** `text` may hold colours. */
  constructor(out: WriteStream, text: string) {
    this.#out = out;
    this.#text = process.env.NO_COLOR ? stripColours(text) : text;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    process.on('exit', this.#leave);
    out.write(ENTER);
    this.render();
  }

  input(events: readonly InputEvent[]): void {
    for (const event of events) {
      this.#notice = '';
      const keys = event.type === 'key' ? [event.name] : event.type === 'text' ? [...event.text] : [];
      for (const key of keys) {
        if (this.#question !== undefined) this.#ask(this.#question, key);
        else if (CLOSES.has(key)) return this.#end();
        else this.#key(key);
      }
    }
    this.render();
  }

  render(): void {
    const { columns } = this.#out;
    if (columns !== this.#columns) {
      this.#notice = '';
      // The same place of the text stays at the top.
      const before = this.#lines.slice(0, this.#top).join('').length;
      this.#lines = this.#text.split('\n').flatMap((line) => foldLine(line, Math.max(2, columns)));
      this.#columns = columns;
      this.#top = 0;
      for (let seen = 0; this.#top < this.#lines.length && seen < before; this.#top++)
        seen += this.#lines[this.#top]!.length;
    }
    this.#top = Math.max(0, Math.min(this.#top, this.#lines.length - this.#page));
    const shown = this.#lines.slice(this.#top, this.#top + this.#page);
    const rows = Array.from({ length: this.#page }, (_, row) => this.#marked(shown[row] ?? '\u001b[2m~\u001b[22m'));
    this.#out.write(`\u001b[H${rows.map((row) => `${row}\u001b[0m\u001b[K\r\n`).join('')}${this.#status()}\u001b[K`);
  }

  get #page(): number {
    return Math.max(1, this.#out.rows - 1);
  }

  #status(): string {
    if (this.#question !== undefined) return `/${this.#question}`;
    const last = Math.min(this.#lines.length, this.#top + this.#page);
    const place = `${this.#top + 1}–${last} of ${this.#lines.length}`;
    const text = this.#notice || `${place} · space, b, / searches, q closes`;
    return `\u001b[7m${text.slice(0, Math.max(1, this.#out.columns - 1))}\u001b[27m`;
  }

  /** What is sought stands inverse; then without its line's colours. */
  #marked(line: string): string {
    const plain = stripAnsi(line);
    const at = this.#sought === '' ? -1 : find(plain, this.#sought);
    if (at < 0) return line;
    const end = at + this.#sought.length;
    return `${plain.slice(0, at)}\u001b[7m${plain.slice(at, end)}\u001b[27m${plain.slice(end)}`;
  }

  #key(key: string): void {
    if (key === '/') this.#question = '';
    else if (key === 'n' || key === 'N') this.#seek(key === 'n' ? 1 : -1);
    const [by, direction] = MOVES[key] ?? [];
    if (by === undefined || direction === undefined) return;
    const lines = { line: 1, half: Math.ceil(this.#page / 2), page: this.#page, end: this.#lines.length }[by];
    this.#top = Math.max(0, this.#top + direction * lines);
  }

  #ask(question: string, key: string): void {
    if (key === 'enter') {
      this.#question = undefined;
      if (question !== '') this.#sought = question;
      this.#seek(1, 0);
    } else if (key === 'escape' || key === 'C-c' || key === 'C-g') this.#question = undefined;
    else if (key === 'backspace') this.#question = question === '' ? undefined : question.slice(0, -1);
    else if ([...key].length === 1) this.#question = question + key;
  }

  /** To the next line that has what is sought, from `ahead` lines below the top one on. */
  #seek(direction: 1 | -1, ahead = 1): void {
    if (this.#sought === '') return;
    for (let at = this.#top + direction * ahead; at >= 0 && at < this.#lines.length; at += direction) {
      if (find(stripAnsi(this.#lines[at]!), this.#sought) < 0) continue;
      this.#top = at;
      return;
    }
    this.#notice = `"${this.#sought}" is not ${direction > 0 ? 'below' : 'above'}`;
  }

  readonly #leave = () => void this.#out.write(LEAVE);

  #end(): void {
    process.removeListener('exit', this.#leave);
    this.#leave();
    this.#close();
  }
}

/** Capitals count only where they are asked for. */
function find(line: string, sought: string): number {
  return sought === sought.toLowerCase() ? line.toLowerCase().indexOf(sought) : line.indexOf(sought);
}
