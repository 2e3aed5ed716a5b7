// Runs the cells of a terminal in one session, in their order, and hands what they show to a printer.
import { TypedSession } from '../language/typed-session.ts';
import { SessionClient } from '../session/client.ts';
import type { CellResult, InputRequest } from '../session/types.ts';
import type { Printer } from './printer.ts';

export interface RunnerOptions {
  readonly printer: Printer;
  /** Answers a question of a cell; absent: cells may not ask. */
  readonly ask: ((request: InputRequest) => Promise<string>) | undefined;
  log(line: string): void;
}

export class Runner {
  readonly session: TypedSession;
  readonly #options: RunnerOptions;
  /** Cells handed in so far. */
  count = 0;
  /** Cells that have not ended. */
  waiting = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { printer, log } = options;
    const folder = process.cwd();
    const client = new SessionClient({
      folder,
      events: {
        output: (_cell, output) => printer.output(output),
        input: (_cell, request) => options.ask?.(request) ?? Promise.reject(new Error('there is nobody to ask')),
        gone: () => this.session.gone(),
        names: (names) => this.session.names(names),
        check: (cell, mode) => this.session.check(cell, mode),
        log,
      },
    });
    this.session = new TypedSession({
      session: client,
      folder,
      output: (_cell, output) => printer.output(output),
      log,
    });
  }

  /** Runs a cell after those before it. Never rejects. */
  run(code: string): Promise<CellResult> {
    const count = ++this.count;
    this.waiting++;
    const result = this.#queue.then(() => this.#run(code, count));
    this.#queue = result;
    return result;
  }

  async #run(code: string, count: number): Promise<CellResult> {
    const { printer, ask } = this.#options;
    printer.begin(count, code);
    const request = { cell: count, count, code, silent: false, storeHistory: true, userExpressions: {} };
    const result = await this.session.execute({ ...request, allowStdin: ask !== undefined });
    if (result.status === 'error') printer.output({ type: 'error', error: result.error });
    await printer.end();
    this.waiting--;
    return result;
  }

  interrupt(): void {
    this.session.interrupt();
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
