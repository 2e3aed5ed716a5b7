// A terminal with a region at its end that is redrawn in place: outputs that may still change, and below them the prompt. What is printed
// goes above it for good and scrolls.
import { setTimeout as delay } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { fitLine, stripAnsi, stripColours } from './terminal-text.ts';
import { textWidth } from './width.ts';

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
/** Begin and end of what is shown at once, where a terminal knows that. */
const [TOGETHER, DONE] = ['\u001b[?2026h', '\u001b[?2026l'];

/** Between two steps, ms. */
const STEP = 50;

/** Rows as they are sent, and where the cursor stands, from 0. */
export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

export class Screen {
  readonly #out: WriteStream;
  /** Lines of outputs that may still change. */
  #live: readonly string[] = [];
  #frame: Frame | undefined;
  /** What the terminal shows of the region, and where its cursor is in it. */
  #shown: readonly string[] = [];
  #row = 0;
  #column = 0;
  #columns: number;
  /** What waits to be printed while another has the screen. */
  #held: string[] | undefined;

  constructor(out: WriteStream) {
    this.#out = out;
    this.#columns = this.columns;
    process.on('exit', this.#showCursor);
  }

  get columns(): number {
    return Math.max(2, this.#out.columns || 80);
  }

  get rows(): number {
    return Math.max(2, this.#out.rows || 24);
  }

  /** Prints text for good above the region; it may hold colours, and pictures in the terminal's own protocol. */
  print(text: string): void {
    if (text === '') return;
    if (this.#held) return void this.#held.push(text);
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    this.#send(this.#reflow() + this.#erase() + this.#plain(whole) + this.#draw());
  }

  /** Prints in steps with a pause between them: tmux hands on a part for the terminal before what it has just been told itself. */
  async printInSteps(steps: readonly string[]): Promise<void> {
    if (steps.length < 2 || this.#held) return this.print(steps.join(''));
    this.hold();
    for (const step of steps) {
      this.#out.write(step);
      await delay(STEP);
    }
    this.#out.write('\n');
    this.release();
  }

  /** Takes the region away and sends nothing until `release`: another has the screen. */
  hold(): void {
    this.#send(this.#reflow() + this.#erase());
    this.#held = [];
  }

  /** What was printed meanwhile is, and the region is back. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#shown = [];
    this.#row = 0;
    if (held.length > 0) this.print(held.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join(''));
    else this.#update();
  }

  /** Outputs that may still change stand above the prompt; lines are cut to the terminal's width. */
  setLive(lines: readonly string[]): void {
    this.#live = lines;
    this.#update();
  }

  /** Prints for good and says what may still change, in one. */
  show(printed: string, live: readonly string[] = []): void {
    this.#live = live;
    if (printed === '') this.#update();
    else this.print(printed);
  }

  /** The prompt with what is typed; `undefined`: none. */
  setFrame(frame: Frame | undefined): void {
    this.#frame = frame;
    this.#update();
  }

  /** The terminal has another size now: what was drawn for the old one goes, and whoever made it draws it anew. */
  resized(): void {
    this.#frame = undefined;
    this.#update();
  }

  /** Empties the screen; the region goes to its top. */
  clear(): void {
    this.#shown = [];
    this.#row = 0;
    this.#send(`\u001b[H\u001b[2J${this.#draw()}`);
  }

  /** Leaves the region as it is and takes no more part: what others write comes below it. */
  [Symbol.dispose](): void {
    process.removeListener('exit', this.#showCursor);
    this.#frame = undefined;
    this.#update();
    this.#showCursor();
  }

  readonly #showCursor = () => void this.#out.write(SHOW);

  #region(): { rows: string[]; cursor: Frame['cursor'] | undefined } {
    const frame = this.#frame?.rows ?? [];
    const room = Math.max(0, this.rows - Math.max(1, frame.length));
    const live = room === 0 ? [] : this.#live.slice(-room).map((line) => this.#plain(fitLine(line, this.columns)));
    const cursor = this.#frame && { row: live.length + this.#frame.cursor.row, column: this.#frame.cursor.column };
    return { rows: [...live, ...frame], cursor };
  }

  #erase(): string {
    const text = this.#shown.length === 0 ? '' : `${this.#goto(0)}\u001b[J`;
    this.#shown = [];
    this.#row = 0;
    return text;
  }

  /** A terminal of another width has broken the region's rows anew: they are taken away from where they are now. */
  #reflow(): string {
    if (this.#columns === this.columns) return '';
    this.#columns = this.columns;
    const rowsOf = (row: string) => Math.max(1, Math.ceil(textWidth(stripAnsi(row)) / this.#columns));
    const above = this.#shown.slice(0, this.#row).reduce((sum, row) => sum + rowsOf(row), 0);
    this.#row = Math.min(above + Math.floor(this.#column / this.#columns), this.rows - 1);
    return this.#erase();
  }

  #update(): void {
    if (this.#held) return;
    const text = this.#reflow() + this.#draw();
    if (text !== '') this.#send(text);
  }

  /** What makes the terminal show the region. Rows that are as they were are not sent. */
  #draw(): string {
    const { rows, cursor } = this.#region();
    let sent = '';
    rows.forEach((row, index) => {
      if (index < this.#shown.length) {
        if (this.#shown[index] !== row) sent += `${this.#goto(index)}${row}\u001b[K`;
      } else {
        sent += `${this.#goto(index)}${row}`;
      }
    });
    if (rows.length < this.#shown.length) sent += `${this.#goto(rows.length)}\u001b[J`;
    // Without a prompt the cursor waits below.
    sent += this.#goto(cursor?.row ?? rows.length);
    if (cursor) sent += `${cursor.column > 0 ? `\u001b[${cursor.column}C` : ''}`;
    this.#shown = rows;
    this.#column = cursor?.column ?? 0;
    return sent;
  }

  /** To the beginning of a row of the region; rows that are not there yet are made. */
  #goto(row: number): string {
    const by = row - this.#row;
    this.#row = row;
    return by < 0 ? `\r\u001b[${-by}A` : `\r${'\n'.repeat(by)}`;
  }

  #plain(text: string): string {
    return process.env.NO_COLOR ? stripColours(text) : text;
  }

  #send(text: string): void {
    this.#out.write(`${TOGETHER}${HIDE}${text}${this.#frame ? SHOW : HIDE}${DONE}`);
  }
}
