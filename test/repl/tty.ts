// A terminal for the tests: the program in a real pseudo-terminal, its screen computed by xterm's own code.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Terminal as XTerm } from '@xterm/headless';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof XTerm };

export const BIN = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));
const RELAY = fileURLToPath(new URL('../../../test/repl/relay.py', import.meta.url));

/** Why the tests in a terminal can't run here. */
export const noPython =
  spawnSync('python3', ['-c', 'import pty']).status === 0 ? false : 'no python3 with a pty module';

/** How long something may take to be seen on a busy machine, ms. */
const PATIENCE = 40_000;

export interface TtyOptions {
  readonly home: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly node?: string | undefined;
  readonly args?: readonly string[];
  /** What runs in the terminal, in the place of the prompt itself. */
  readonly program?: readonly string[];
  /** What the terminal answers to each question that the program may write. */
  readonly answers?: Readonly<Record<string, string>>;
}

export class Tty implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #term: XTerm;
  /** Exit code of the program. */
  readonly ended: Promise<number | null>;
  /** All that the program wrote. */
  written = '';

  constructor({
    home,
    columns = 80,
    rows = 24,
    env = {},
    node = process.execPath,
    args = [],
    program = [node, BIN, ...args],
    answers = {},
  }: TtyOptions) {
    this.#term = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
    this.#child = spawn('python3', [RELAY, String(columns), String(rows), ...program], {
      cwd: home,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        TERM: 'xterm-256color',
        TENSORCELL_HOME: home,
        TENSORCELL_HISTORY: '',
        NO_COLOR: '',
        // Their check takes the processor's time of tests that are about something else.
        TENSORCELL_CHECK: 'off',
        ...env,
      },
    });
    this.#child.stdin!.on('error', () => undefined);
    this.#child.stdout!.on('data', (data: Buffer) => {
      const before = this.written.length;
      this.written += data.toString('latin1');
      for (const [question, answer] of Object.entries(answers)) {
        // Also one that comes in two pieces.
        const at = this.written.indexOf(question, Math.max(0, before - question.length + 1));
        if (at >= 0) this.keys(answer);
      }
      this.#term.write(data);
    });
    this.ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  keys(text: string): this {
    return this.#send({ keys: text });
  }

  bytes(hex: string): this {
    return this.#send({ bytes: hex });
  }

  paste(text: string): this {
    return this.keys(`\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`);
  }

  resize(columns: number, rows: number): this {
    this.#term.resize(columns, rows);
    return this.#send({ size: [columns, rows] });
  }

  /** Closes the terminal, as a window is closed. */
  hangUp(): this {
    return this.#send({});
  }

  /** What is on the screen and above it, without blank lines at the end. */
  get text(): string {
    const { active } = this.#term.buffer;
    const lines = Array.from({ length: active.length }, (_, at) => active.getLine(at)!.translateToString(true));
    return lines.join('\n').trimEnd();
  }

  /** The characters of the last line that fits, with their colours as xterm numbers them; -1: the terminal's own. */
  colors(line: RegExp): { text: string; front: number; back: number }[] {
    const { active } = this.#term.buffer;
    for (let at = active.length - 1; at >= 0; at--) {
      const found = active.getLine(at)!;
      if (!line.test(found.translateToString(true))) continue;
      return Array.from({ length: found.length }, (_, x) => found.getCell(x)!).map((cell) => ({
        text: cell.getChars(),
        front: cell.isFgDefault() ? -1 : cell.getFgColor(),
        back: cell.isBgDefault() ? -1 : cell.getBgColor(),
      }));
    }
    return [];
  }

  /** The line that the cursor is on, and its column. */
  get cursor(): { line: string; column: number } {
    const { active } = this.#term.buffer;
    const line = active.getLine(active.baseY + active.cursorY)!.translateToString(true);
    return { line, column: active.cursorX };
  }

  /** The screen as it stood after so many of the written bytes. */
  async screenAfter(bytes: number): Promise<{ lines: string[]; row: number; column: number }> {
    const { cols, rows } = this.#term;
    const term = new Terminal({ cols, rows, allowProposedApi: true });
    await new Promise<void>((resolve) => term.write(Buffer.from(this.written.slice(0, bytes), 'latin1'), resolve));
    const { active } = term.buffer;
    const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)!.translateToString(true));
    const screen = { lines, row: active.cursorY, column: active.cursorX };
    term.dispose();
    return screen;
  }

  /** Waits until the screen fits; fails with the screen when it does not. */
  async until(wanted: RegExp | string | (() => boolean)): Promise<void> {
    const fits = () => {
      if (typeof wanted === 'function') return wanted();
      return typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text);
    };
    const end = Date.now() + PATIENCE;
    while (!fits()) {
      if (Date.now() > end)
        throw new Error(`not seen: ${wanted}\n${this.text}\ncursor: ${JSON.stringify(this.cursor)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the prompt of that number, with the cursor behind it. */
  prompt(number: number): Promise<void> {
    const prompt = `In [${number}]:`;
    return this.until(() => this.cursor.line.trimEnd() === prompt && this.cursor.column === prompt.length + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      // Whatever is typed goes with the first, the program with the last.
      this.keys('\u0003');
      this.keys('\u0003\u0004');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
      await this.ended;
      clearTimeout(timer);
    }
    this.#term.dispose();
  }

  #send(order: object): this {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
    return this;
  }
}
