// Runs the cells of a terminal in one session, in their order, and hands what they show to a printer.
import { TypedSession } from '../language/typed-session.ts';
import { SessionClient } from '../session/client.ts';
import type { CellId, CellResult, InputRequest, Session, SessionEvents } from '../session/types.ts';
import type { Adviser } from './assist.ts';
import type { Printer } from './printer.ts';
import { startupFiles } from './startup.ts';
import { Transcript } from './transcript.ts';

/** What a terminal needs of a session; a running kernel's client has it too. */
export type ServedSession = Adviser & Pick<Session, 'execute' | 'interrupt' | 'close'>;

export interface RunnerOptions {
  readonly printer: Printer;
  /** Answers a question of a cell; absent: cells may not ask. */
  readonly ask: ((request: InputRequest) => Promise<string>) | undefined;
  /** A session that is there already; default: a fresh one of this process. */
  readonly connect?: ((events: Pick<SessionEvents, 'output' | 'input'>) => ServedSession) | undefined;
  /** Runs the person's files before the first cell of a fresh session, and says what can't be read. Default false. */
  readonly startup?: boolean;
  log(line: string): void;
}

export class Runner {
  readonly session: ServedSession;
  readonly transcript = new Transcript();
  readonly #options: RunnerOptions;
  /** Cells handed in so far. */
  count = 0;
  /** Cells that have not ended. */
  waiting = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #cells = 0;
  /** The session has run no file of the person's yet. */
  #fresh = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { ask, connect, startup = false } = options;
    const events = {
      output: (...[cell, output]: Parameters<SessionEvents['output']>) => {
        this.transcript.output(cell, output);
        options.printer.output(output);
      },
      input: (_cell: CellId, request: InputRequest) =>
        ask?.(request) ?? Promise.reject(new Error('there is nobody to ask')),
    };
    this.session = connect ? connect(events) : this.#ownSession(events);
    if (connect || !startup) return;
    this.#fresh = true;
    this.#queue = this.#startUp();
  }

  #ownSession(events: Pick<SessionEvents, 'output' | 'input'>): ServedSession {
    const folder = process.cwd();
    const { log, startup = false } = this.#options;
    const client = new SessionClient({
      folder,
      events: {
        ...events,
        gone: () => {
          this.#fresh = startup;
          typed.gone();
        },
        names: (names) => typed.names(names),
        check: (cell, mode) => typed.check(cell, mode),
        log,
      },
    });
    const typed = new TypedSession({ session: client, folder, output: events.output, log });
    return typed;
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
    await this.#startUp();
    const { printer } = this.#options;
    const cell = ++this.#cells;
    printer.begin(count, code);
    this.transcript.begin(cell, count, code);
    const result = await this.#execute(cell, code, count, false);
    if (result.status === 'error') {
      const output = { type: 'error', error: result.error } as const;
      this.transcript.output(cell, output);
      printer.output(output);
    }
    await printer.end();
    this.waiting--;
    return result;
  }

  #execute(cell: CellId, code: string, count: number, silent: boolean): Promise<CellResult> {
    const request = { cell, count, code, silent, storeHistory: !silent, userExpressions: {} };
    return this.session.execute({ ...request, allowStdin: this.#options.ask !== undefined });
  }

  /** A file that fails does not stop the next. */
  async #startUp(): Promise<void> {
    if (!this.#fresh) return;
    this.#fresh = false;
    const { printer } = this.#options;
    const tell = (text: string) => printer.output({ type: 'stream', name: 'stderr', text: `${text}\n` });
    const { files, problems } = startupFiles();
    problems.forEach(tell);
    for (const { path, code } of files) {
      const result = await this.#execute(++this.#cells, code, this.count, true);
      if (result.status === 'error') tell(`${path}:\n${result.error.traceback.join('\n')}`);
    }
    await printer.end();
  }

  interrupt(): void {
    this.session.interrupt();
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
