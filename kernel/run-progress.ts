// Shows a run on a terminal: finished output scrolls, displays that may change are redrawn in place, the time runs.
import type { WriteStream } from 'node:tty';
import { askPerson } from '../src/repl/ask.ts';
import { Screen } from '../src/repl/screen.ts';
import { applyReturns, fitLine, formatTime } from '../src/repl/terminal-text.ts';
import type { InputRequestContent } from './messages.ts';
import type { Output } from './notebook.ts';
import type { OutputRecorder } from './notebook-outputs.ts';
import type { CellRun, RunWatcher } from './run-cells.ts';
import { cellTitle, outputText } from './run-text.ts';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
const green = (text: string) => `\u001b[32m${text}\u001b[39m`;
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;
/** ms between two drawings. */
const FRAME = 80;

export class TerminalProgress implements RunWatcher, Disposable {
  readonly #screen: Screen;
  readonly #recorder: OutputRecorder;
  readonly #headings: ReadonlyMap<string, readonly string[]>;
  #run: CellRun | undefined;
  #start = 0;
  #timer: NodeJS.Timeout | undefined;
  #titled = false;
  /** Outputs that have been printed for good, the stream after them that is being printed, and its characters printed so far. */
  #printed: Output[] = [];
  #stream: Output | undefined;
  #streamed = 0;
  /** A cell that cleared its output animates: it is drawn live to its end. */
  #animated = false;
  #notice = '';
  #frame = 0;

  /** Present when there is a keyboard to answer with. */
  readonly asked?: (request: InputRequestContent) => Promise<string>;

  constructor(
    out: WriteStream,
    recorder: OutputRecorder,
    headings: ReadonlyMap<string, readonly string[]>,
    keyboard: boolean,
  ) {
    if (keyboard) this.asked = (request) => this.#ask(request);
    this.#screen = new Screen(out);
    this.#recorder = recorder;
    this.#headings = headings;
  }

  started(run: CellRun): void {
    const headings = this.#headings.get(run.cell.id) ?? [];
    this.#screen.show(headings.map((heading) => `\n${bold(heading)}\n`).join(''));
    this.#run = run;
    this.#start = performance.now();
    this.#titled = this.#animated = false;
    this.#reset();
    this.#timer = setInterval(() => this.#draw(), FRAME);
    this.#draw();
  }

  published(): void {
    // The timer draws: a cell that prints 20,000 lines would else be slowed by its own progress.
  }

  ended(run: CellRun, ms: number): void {
    clearInterval(this.#timer);
    const rest = this.#take(run, true);
    const failed = run.cell.outputs.some((output) => output.output_type === 'error');
    const mark = `${failed ? red('✗') : green('✓')}`;
    const time = dim(formatTime(ms));
    if (this.#titled) this.#screen.show(`${rest}${mark} ${time}\n`);
    else this.#screen.show(`${mark} ${this.#title(run)}  ${time}\n${rest}`);
    this.#run = undefined;
    this.#notice = '';
  }

  async #ask(request: InputRequestContent): Promise<string> {
    clearInterval(this.#timer);
    this.#screen.show(this.#run ? this.#take(this.#run, false) : '');
    try {
      return await askPerson(request);
    } finally {
      if (this.#run) this.#timer = setInterval(() => this.#draw(), FRAME);
    }
  }

  /** Shows a line below the running cell until its end. */
  notify(line: string): void {
    this.#notice = line;
    this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#screen[Symbol.dispose]();
  }

  #draw(): void {
    const run = this.#run;
    if (!run) return;
    let text = this.#take(run, false);
    if (text !== '' && !this.#titled) {
      text = `${cyan('▸')} ${this.#title(run)}\n${text}`;
      this.#titled = true;
    }
    const spin = cyan(spinner[this.#frame++ % spinner.length]!);
    const time = dim(formatTime(performance.now() - this.#start));
    const status = this.#titled ? `${spin} ${time}` : `${spin} ${this.#title(run)}  ${time}`;
    const pending = this.#pending(run);
    const lines = this.#titled ? [...pending, status] : [status, ...pending];
    this.#screen.show(text, this.#notice === '' ? lines : [...lines, this.#notice]);
  }

  #title({ cell, number, total }: CellRun): string {
    const width = String(total).length;
    // Room is left for the mark before it and the time after it.
    const room = Math.max(20, this.#screen.columns - 2 * width - 16);
    const title = cellTitle(cell.source);
    const fitting = fitLine(title, room);
    return `${dim(`${String(number).padStart(width)}/${total}`)}  ${fitting}${fitting === title ? '' : '…'}`;
  }

  /** What can be printed for good now: outputs up to the first that may still change, whole lines of a stream. */
  #take({ cell }: CellRun, final: boolean): string {
    const before = this.#stream ? [...this.#printed, this.#stream] : this.#printed;
    if (before.some((output, index) => cell.outputs[index] !== output)) {
      this.#animated = true;
      this.#reset();
    }
    if (this.#animated && !final) return '';
    let text = '';
    for (const output of cell.outputs.slice(this.#printed.length)) {
      const last = output === cell.outputs.at(-1);
      if (!final && this.#recorder.isLive(output)) break;
      if (output.output_type === 'stream') {
        const rest = output.text.slice(this.#streamed);
        const end = final || !last ? rest.length : rest.lastIndexOf('\n') + 1;
        text += applyReturns(rest.slice(0, end));
        this.#streamed += end;
        this.#stream = output;
        if (last && !final) break;
        if (text !== '' && !text.endsWith('\n')) text += '\n';
      } else text += `${outputText(output)}\n`;
      this.#printed.push(output);
      this.#stream = undefined;
      this.#streamed = 0;
    }
    return text;
  }

  #reset(): void {
    this.#printed = [];
    this.#stream = undefined;
    this.#streamed = 0;
  }

  /** The lines of what can't be printed for good yet. */
  #pending({ cell }: CellRun): string[] {
    return cell.outputs.slice(this.#printed.length).flatMap((output, index) => {
      if (index > 0 || output.output_type !== 'stream') return outputText(output).split('\n');
      const rest = output.text.slice(this.#streamed);
      return rest === '' ? [] : applyReturns(rest).replace(/\n$/, '').split('\n');
    });
  }
}
