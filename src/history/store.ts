// A front's history: cells kept in a file across sessions, by a thread that starts a moment after the first of them.
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { tensorcellHome } from '../home.ts';
import type { HistoryNews, HistoryOrder, HistoryQuery, KeptCell } from './types.ts';

/** The first cells of a front are answered before the thread starts, ms. */
const LATER = 500;
/** Characters of a value's text that are kept. */
const LONGEST_OUTPUT = 20_000;

/** The file of all fronts of a person, below TENSORCELL_HOME; `undefined` with TENSORCELL_HISTORY=off, which remembers cells in memory. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.TENSORCELL_HISTORY === 'off' ? undefined : join(tensorcellHome(env), 'history.sqlite');
}

export class HistoryStore {
  readonly #file: string | undefined;
  readonly #log: (line: string) => void;
  #thread: Promise<Worker> | undefined;
  #waiting: HistoryOrder[] = [];
  #timer: NodeJS.Timeout | undefined;
  #warming: NodeJS.Timeout | undefined;
  readonly #asked = new Map<number, (cells: readonly KeptCell[]) => void>();
  #ids = 0;
  #over = false;

  /** Without a file, cells are remembered in memory. `log` is told once when the file can't be used; then it is so too. */
  constructor(file: string | undefined, log: (line: string) => void) {
    this.#file = file;
    this.#log = log;
  }

  /** Starts the thread after `ms`, so that whoever asks first later does not wait for SQLite. The file stays closed until then. */
  warm(ms: number): void {
    if (this.#file !== undefined) this.#warming ??= setTimeout(() => void this.#start(), ms).unref();
  }

  /** Keeps a cell under the number that a person sees; blank ones are not kept. Never throws, never waits. */
  add(line: number, input: string): void {
    if (input.trim() !== '') this.#order({ type: 'add', line, input });
  }

  /** Keeps the plain text of a cell's value beside the cell. */
  addOutput(line: number, output: string): void {
    this.#order({ type: 'output', line, output: output.slice(0, LONGEST_OUTPUT) });
  }

  /** Cells in the order they ran. Never rejects. */
  read(query: HistoryQuery): Promise<readonly KeptCell[]> {
    return this.#ask((id) => ({ type: 'read', id, query }));
  }

  /** Settles when all is in the file and the thread has ended. */
  async close(): Promise<void> {
    // What is only remembered ends here.
    if (!this.#thread && (this.#waiting.length === 0 || this.#file === undefined)) return;
    await this.#ask((id) => ({ type: 'close', id }));
    await (await this.#thread)?.terminate();
  }

  #ask(order: (id: number) => HistoryOrder): Promise<readonly KeptCell[]> {
    return new Promise((resolve) => {
      const id = ++this.#ids;
      this.#asked.set(id, resolve);
      this.#order(order(id));
      void this.#start();
    });
  }

  #order(order: HistoryOrder): void {
    if (this.#over) return this.#answerAll();
    this.#waiting.push(order);
    if (this.#thread) return void this.#start();
    // What is only remembered needs no thread until it is asked for.
    if (this.#file !== undefined) this.#timer ??= setTimeout(() => void this.#start(), LATER).unref();
  }

  /** Starts the thread unless it runs, and hands it what waits. */
  async #start(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#warming);
    this.#thread ??= this.#run();
    const thread = await this.#thread;
    for (const order of this.#waiting.splice(0)) thread.postMessage(order);
  }

  async #run(): Promise<Worker> {
    const [{ Worker }, { setFlagsFromString }] = await Promise.all([import('node:worker_threads'), import('node:v8')]);
    // SQLite is WebAssembly, and this process's only: compiled once and as it is needed it takes 28 MB instead of 58, and no slower.
    for (const flag of ['--wasm-lazy-compilation', '--liftoff-only']) setFlagsFromString(flag);
    const thread = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: { file: this.#file, warm: this.#waiting.length === 0 },
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    thread.unref();
    thread.on('message', (news: HistoryNews) => this.#take(news));
    thread.on('error', (error) => this.#log(`history: ${error.message}`));
    thread.on('exit', () => {
      this.#over = true;
      this.#answerAll();
    });
    return thread;
  }

  #take(news: HistoryNews): void {
    if (news.type === 'disabled')
      return this.#log(`history: ${this.#file} can't be used: ${news.why}; cells are remembered until the end`);
    this.#asked.get(news.id)?.(news.cells);
    this.#asked.delete(news.id);
  }

  /** There is no thread any more: nobody waits for it. */
  #answerAll(): void {
    for (const answer of this.#asked.values()) answer([]);
    this.#asked.clear();
  }
}
