// `tensorcell` in a terminal: cells typed at a prompt run in a session, as in a notebook; piped input runs as cells.
import { join } from 'node:path';
import { tensorcellHome } from '../home.ts';
import { TypedSession } from '../language/typed-session.ts';
import { SessionClient } from '../session/client.ts';
import type { CellOutput, CellResult, InputRequest } from '../session/types.ts';
import { askPerson } from './ask.ts';
import { Editor } from './editor.ts';
import { readHistory, writeHistory } from './history.ts';
import { PlainPrinter, type Printer, TerminalPrinter } from './printer.ts';
import { splitScript } from './script.ts';

/** Runs the terminal to its end. Returns the exit code: of piped input 1 when a cell failed. */
export async function repl(version: string): Promise<number> {
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const runner = new Runner(terminal);
  try {
    return terminal ? await typed(runner, version) : await piped(runner);
  } finally {
    await runner.close();
  }
}

async function typed(runner: Runner, version: string): Promise<number> {
  const file = join(tensorcellHome(), 'repl_history');
  const history = readHistory(file);
  const editor = new Editor({ history, complete: (text, cursor) => runner.session.complete(text, cursor) });
  process.stdout.write(`Tensorcell ${version} · TypeScript, tf without an import · %help, Ctrl-D leaves\n`);
  for (;;) {
    const code = await editor.readCell(`In [${runner.count + 1}]: `);
    const problem = writeHistory(file, history);
    if (code === undefined || /^\s*(exit|quit)\s*;?\s*$/.test(code)) {
      if (problem) process.stderr.write(`${problem}\n`);
      return 0;
    }
    if (code.trim() !== '') await runner.run(code);
  }
}

async function piped(runner: Runner): Promise<number> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  for (const { header, source } of splitScript(text)) {
    if (/\[(markdown|md|raw)\]/.test(header)) continue;
    const result = await runner.run(source);
    if (result.status === 'error') return 1;
  }
  return 0;
}

/** Runs cells one at a time and prints what they show. Ctrl-C interrupts the running one. */
class Runner {
  readonly session: TypedSession;
  /** Cells run so far. */
  count = 0;
  #terminal: boolean;
  #printer: Printer | undefined;

  constructor(terminal: boolean) {
    this.#terminal = terminal;
    const folder = process.cwd();
    const log = (line: string) => void (process.env.TENSORCELL_LOG && process.stderr.write(`tensorcell: ${line}\n`));
    const session = new SessionClient({
      folder,
      events: {
        output: (_cell, output) => this.#show(output),
        input: (_cell, request) => this.#ask(request),
        gone: () => this.session.gone(),
        names: (names) => this.session.names(names),
        check: (cell, mode) => this.session.check(cell, mode),
        log,
      },
    });
    this.session = new TypedSession({ session, folder, output: (_cell, output) => this.#show(output), log });
    process.on('SIGINT', () => this.session.interrupt());
  }

  async run(code: string): Promise<CellResult> {
    const count = ++this.count;
    this.#printer = this.#terminal
      ? new TerminalPrinter(process.stdout, `\u001b[36mOut[${count}]: \u001b[39m`)
      : new PlainPrinter();
    const result = await this.session.execute({
      cell: count,
      count,
      code,
      silent: false,
      storeHistory: true,
      userExpressions: {},
      allowStdin: this.#terminal,
    });
    if (result.status === 'error') this.#printer.output({ type: 'error', error: result.error });
    this.#printer.end();
    this.#printer = undefined;
    if (result.status === 'ok' && result.nextInput !== undefined) process.stdout.write(`${result.nextInput}\n`);
    return result;
  }

  #show(output: CellOutput): void {
    if (this.#printer) return this.#printer.output(output);
    // Between cells, from a timer: printed as it is.
    const late = new PlainPrinter();
    late.output(output);
    late.end();
  }

  async #ask(request: InputRequest): Promise<string> {
    // The live region ends before the question; what follows begins a new one.
    this.#printer?.end();
    return askPerson(request);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
