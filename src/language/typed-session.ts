// A session whose cells are checked before they run: the same calls, the types in front of them. Light, since every start loads it; the
// checker and its server come with the first cell that has something to check.
import type { Display } from '../display/bundle.ts';
import type {
  CellError,
  CellId,
  CellRequest,
  CellResult,
  CommMessage,
  Completion,
  Session,
  SessionEvents,
} from '../session/types.ts';
import type { Checker, CheckerOptions, Verdict } from './checker.ts';
import type { Fault } from './diagnostics.ts';
import type { Signature } from './questions.ts';

/** What an error of types does: stops the cell, is printed, is not looked for. */
export type CheckMode = 'error' | 'warn' | 'off';

export interface TypedSessionOptions {
  readonly session: Session;
  /** The notebook's folder, absolute. */
  readonly folder: string;
  readonly output: SessionEvents['output'];
  log(line: string): void;
  /** How long a cell waits for its verdict, ms. Default 5000. */
  readonly patience?: number;
  /** How long the server's answer is waited for when the session has one, ms. Default 250. */
  readonly livePatience?: number;
  /** Default `error`, or the environment's TENSORCELL_CHECK. */
  readonly mode?: CheckMode;
  readonly program?: CheckerOptions['program'];
}

const PATIENCE = 5000;
/** The server starts so long after the session was made, in ms, if no cell has needed it by then: a start has better to do. */
const WARM_UP = 700;
const LIVE_PATIENCE = 250;
const TOO_LATE = Symbol('too late');
/** Cells that need no checker to know that: empty ones, and simple sums. */
const SIMPLE = /^[\s\d.+\-*/()]*$/;

export class TypedSession implements Session {
  readonly #options: TypedSessionOptions;
  readonly #session: Session;
  #mode: CheckMode;
  #checker: Promise<Checker> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  /** Settles when the cell that waits for its verdict has been handed on, or refused. */
  #judging: Promise<unknown> | undefined;
  /** What the session says its names are. */
  #names: ReadonlySet<string> = new Set();
  /** Ends that wait. */
  #cancel: (() => void) | undefined;
  #toldOff: string | undefined;
  /** Cells that ran unchecked before there was a checker, which reads them when it comes. */
  #unread: string[] = [];
  #warmUp: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TypedSessionOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#mode = options.mode ?? readMode(process.env.TENSORCELL_CHECK) ?? 'error';
    if (this.#mode !== 'off') {
      this.#warmUp = setTimeout(() => void this.#warm(), WARM_UP);
      this.#warmUp.unref();
    }
  }

  execute(request: CellRequest): Promise<CellResult> {
    if (SIMPLE.test(request.code)) return this.#enqueue(() => this.#session.execute(request));
    return this.#enqueue(() => this.#run(request));
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const live = this.#session.complete(code, cursor);
    if (isMagic(code, cursor)) return live;
    const typed = await this.#typed(live, ({ completeTyped }, checker) => completeTyped(checker, code, cursor));
    if (!typed || (typed.closed && typed.items.length === 0)) return live;
    if (typed.closed) return { items: typed.items, start: typed.start, end: cursor };
    const { items, start, end } = await live;
    // In a comment or a string the session has nothing to say, nor has it for a place that it reads otherwise.
    if (start !== typed.start) return { items: typed.items, start: typed.start, end: cursor };
    const known = new Map(typed.items.map((item) => [item.text, item]));
    const names = items.map((item) => ({ ...item, ...known.get(item.text) }));
    const others = typed.items.filter(({ text }) => !items.some((item) => item.text === text));
    return { items: [...names, ...others], start, end };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<Display | undefined> {
    const live = this.#session.inspect(code, cursor, detail);
    if (isMagic(code, cursor)) return live;
    const typed = await this.#typed(live, ({ hover }, checker) => hover(checker, code, cursor));
    if (!typed) return live;
    const { describe } = await import('./describe.ts');
    return describe(typed, await live);
  }

  /** The call around a place. `undefined`: there is none, or nothing is known of it. */
  async signature(code: string, cursor: number): Promise<Signature | undefined> {
    if (isMagic(code, cursor)) return undefined;
    return this.#typed(Promise.resolve(undefined), ({ signatureAt }, checker) => signatureAt(checker, code, cursor));
  }

  /** The errors of types that a cell would be told. None where they are not known. */
  async faults(code: string): Promise<readonly Fault[]> {
    if (modeIn(code, this.#mode) === 'off' || SIMPLE.test(code)) return [];
    // What the cell before it declares counts.
    await this.#judging;
    return (await this.#load()).faults(code);
  }

  comm(cell: CellId, message: CommMessage): Promise<void> {
    // A cell that waits for its verdict counts as running: what it registers may be what the message is for.
    if (!this.#judging) return this.#session.comm(cell, message);
    return this.#judging.then(() => this.#session.comm(cell, message));
  }

  interrupt(): void {
    if (this.#cancel) this.#cancel();
    else this.#session.interrupt();
  }

  restart(): Promise<void> {
    return this.#session.restart();
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#warmUp);
    void this.#checker?.then((checker) => checker[Symbol.dispose]());
    this.#cancel?.();
    return this.#session.close();
  }

  /** The variables of the cells are gone, and with them their names. */
  gone(): void {
    this.#unread = [];
    this.#names = new Set();
    void this.#checker?.then(({ index, workspace }) => {
      index.forget();
      workspace.tidy();
    });
  }

  /** The names that the session knows. */
  names(names: readonly string[]): void {
    this.#names = new Set(names);
  }

  /** Answers `%check`: sets the mode where one is given, and says which it is. */
  check(cell: CellId, mode: CheckMode | undefined): void {
    if (mode !== undefined) {
      this.#mode = mode;
      this.#toldOff = undefined;
      void this.#checker?.then((checker) => checker.retry());
    }
    const text = {
      error: 'Types are checked: an error stops the cell before it runs.',
      warn: 'Types are checked: errors are printed, and the cell runs.',
      off: 'Types are not checked.',
    }[this.#mode];
    this.#print(cell, text);
  }

  /** What the server says. `undefined` when it has no answer, or is still starting and the session has one. */
  async #typed<T>(
    live: Promise<Completion | Display | undefined>,
    question: (questions: typeof import('./questions.ts'), checker: Checker) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const answer = Promise.all([import('./questions.ts'), this.#load()])
      .then(async ([questions, checker]) => {
        // What a cell declares that still waits for its verdict is known behind it.
        await this.#judging;
        return question(questions, checker);
      })
      .catch((error: Error) => {
        this.#options.log(`types: ${error.message}`);
        return undefined;
      });
    const first = await Promise.race([answer, delay(this.#options.livePatience ?? LIVE_PATIENCE)]);
    if (first !== TOO_LATE) return first;
    const known = await live;
    return known && !('items' in known && known.items.length === 0) ? undefined : answer;
  }

  #enqueue(run: () => Promise<CellResult>): Promise<CellResult> {
    const result = this.#queue.then(run);
    this.#queue = result;
    return result;
  }

  /** Until the session has the cell, an interrupt ends the wait for its verdict. */
  #run(request: CellRequest): Promise<CellResult> {
    clearTimeout(this.#warmUp);
    return new Promise((resolve) => {
      const decide = (settle: () => CellResult | Promise<CellResult>) => {
        if (this.#cancel !== cancel) return;
        this.#cancel = undefined;
        resolve(settle());
        this.#judging = undefined;
      };
      const cancel = () => decide(interrupted);
      this.#cancel = cancel;
      this.#judging = this.#judge(request).then(
        (act) => decide(() => act() ?? this.#hand(request)),
        (error: Error) => {
          // A fault of ours must not cost the person a cell.
          this.#options.log(`types: ${error.stack}`);
          decide(() => this.#session.execute(request));
        },
      );
    });
  }

  /** A cell to the session; what is known only once it has run is told at its end. */
  async #hand(request: CellRequest): Promise<CellResult> {
    const result = await this.#session.execute(request);
    if (!request.code.includes('npm:')) return result;
    for (const line of (await this.#checker)?.lateHints() ?? []) this.#print(request.cell, line);
    return result;
  }

  /** What to do about a cell: says what there is to say, makes its names known, or gives its result when it may not run. */
  async #judge({ cell, code, count, silent }: CellRequest): Promise<() => CellResult | undefined> {
    const mode = silent ? 'off' : modeIn(code, this.#mode);
    if (mode === 'off' && !this.#checker) {
      return () => {
        this.#unread.push(code);
        void this.#checker?.then((checker) => this.#catchUp(checker));
        return undefined;
      };
    }
    const checker = await this.#load();
    if (mode === 'off') {
      const { commit } = checker.read(code).cell;
      return () => void commit();
    }
    const verdict = await checker.check(code);
    const label = `In[${count}]`;
    const errors = verdict.status === 'checked' ? (verdict.findings?.errors ?? []) : [];
    const report = errors.length > 0 ? await import('./report.ts') : undefined;
    return () => {
      this.#tell(checker, verdict, cell);
      if (report && mode === 'error') return { status: 'error', error: report.typeError(errors, code, label) };
      if (report) {
        this.#options.output(cell, { type: 'stream', name: 'stdout', text: report.typeWarning(errors, code, label) });
      }
      verdict.cell.commit();
      return undefined;
    };
  }

  /** Lines above a cell's output: that it was not checked, hints. */
  #tell(checker: Checker, verdict: Verdict, cell: CellId): void {
    if (verdict.status === 'unchecked') {
      // Once as long as it is for the same lasting reason.
      if (verdict.why !== this.#toldOff)
        this.#print(cell, `This cell ran without a check of its types: ${verdict.why}.`);
      this.#toldOff = verdict.why;
      return;
    }
    this.#toldOff = undefined;
    if (verdict.findings) for (const line of checker.hints(verdict.findings)) this.#print(cell, line);
  }

  #print(cell: CellId, line: string): void {
    this.#options.output(cell, { type: 'stream', name: 'stdout', text: `${line}\n` });
  }

  #load(): Promise<Checker> {
    const { folder, log, patience = PATIENCE, program } = this.#options;
    this.#checker ??= import('./checker.ts').then(({ Checker }) => {
      const checker = new Checker({ folder, log, patience, program, isKnown: (name) => this.#names.has(name) });
      this.#catchUp(checker);
      return checker;
    });
    return this.#checker;
  }

  #catchUp(checker: Checker): void {
    for (const code of this.#unread.splice(0)) checker.read(code).cell.commit();
  }

  async #warm(): Promise<void> {
    const { workspace } = await this.#load();
    if (this.#closed) return;
    // Who can't be started is told of by the first cell that waits for it.
    await workspace.warm().catch((error: Error) => this.#options.log(`types: ${error.message}`));
  }
}

function delay(ms: number): Promise<typeof TOO_LATE> {
  return new Promise((resolve) => setTimeout(resolve, ms, TOO_LATE).unref());
}

/** Whether a place is in a line that begins as a magic does. */
function isMagic(code: string, cursor: number): boolean {
  return /^(?:%|!)/.test(code.slice(code.lastIndexOf('\n', cursor - 1) + 1));
}

/** A cell that says `%check off` is meant by it too. */
function modeIn(code: string, mode: CheckMode): CheckMode {
  return readMode(/^%check[ \t]+(\w+)[ \t]*$/m.exec(code)?.[1]) ?? mode;
}

/** The mode of that name, if there is one. */
export function readMode(text: string | undefined): CheckMode | undefined {
  return text === 'error' || text === 'warn' || text === 'off' ? text : undefined;
}

async function interrupted(): Promise<CellResult> {
  const [{ cellError }, { KeyboardInterrupt }] = await Promise.all([
    import('../session/errors/traceback.ts'),
    import('../session/interrupt/await-guard.ts'),
  ]);
  const error: CellError = cellError(new KeyboardInterrupt());
  return { status: 'error', error };
}
