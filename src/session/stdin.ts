// `process.stdin` of the session: each line is a question to the person. Nothing is asked before code of the running cell waits for a
// line: an interface of readline that is only open asks nothing. Descriptor 0 stays at its end.
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { InputAnswer } from './messages.ts';
import type { CellId } from './types.ts';

export interface StdinOptions {
  /** The cell whose code calls. */
  readonly cell: () => CellId;
  /** The cell that runs, if one does. */
  readonly running: () => CellId | undefined;
  /** Runs a function as code of the cell. */
  readonly within: (cell: CellId, run: () => void) => void;
  /** Sends the question; throws when the front end takes none. */
  readonly ask: (id: number, prompt: string) => void;
  /** Throws where the cell waits. */
  readonly fail: (cell: CellId, error: Error) => void;
}

/** What is used of readline's interfaces. */
interface Interface extends NodeJS.EventEmitter {
  readonly input?: unknown;
  readonly closed: boolean;
  readonly paused: boolean;
  resume(): void;
  getPrompt(): string;
  close(): void;
}

/** The streams of the cells. Each cell finds a fresh one, whatever an earlier cell has left of its own: paused, destroyed, in a pipe. */
export class Stdin {
  #options: StdinOptions;
  #stream: InputStream | undefined;
  #madeFor: CellId | undefined;
  /** Who waits for the answer to a question. */
  #asking = new Map<number, InputStream>();
  #questions = 0;
  /** What the code of the cell reads: its own stream, or that of an interface of an earlier cell. */
  #read = new Set<InputStream>();
  #reading: CellId | undefined;

  constructor(options: StdinOptions) {
    this.#options = options;
    const get = () => {
      const cell = options.cell();
      if (!this.#stream || this.#stream.destroyed || this.#madeFor !== cell) {
        if (!this.#stream) hookReadline();
        this.#stream = this.#make(this.#stream?.readableEncoding);
        this.#madeFor = cell;
      }
      return this.#stream;
    };
    Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, get });
  }

  #make(encoding: BufferEncoding | null | undefined): InputStream {
    const stream: InputStream = new InputStream({
      ...this.#options,
      wanted: (cell) => {
        if (this.#reading !== cell) this.#read.clear();
        this.#reading = cell;
        this.#read.add(stream);
      },
      ask: (prompt) => {
        this.#options.ask(++this.#questions, prompt);
        this.#asking.set(this.#questions, stream);
      },
    });
    if (encoding) stream.setEncoding(encoding);
    return stream;
  }

  /** Takes an answer. One to a question that an interrupt ended is dropped. */
  answer(id: number, answer: InputAnswer): void {
    const stream = this.#asking.get(id);
    this.#asking.delete(id);
    stream?.answer(answer);
  }

  /** Gives up the questions that wait. */
  interrupt(): void {
    const streams = [...this.#asking.values()];
    this.#asking.clear();
    for (const stream of streams) stream.abandon();
  }

  /** Settles when a cell that has come to its end but still reads has got a line, or stopped reading. */
  stillReading(cell: CellId): Promise<void> | undefined {
    for (const stream of this.#read) {
      const reading = stream.stillReading(cell);
      if (reading) return reading;
    }
    return undefined;
  }
}

interface StreamOptions extends Omit<StdinOptions, 'ask'> {
  /** Told of each cell whose code reads the stream. */
  readonly wanted: (cell: CellId) => void;
  readonly ask: (prompt: string) => void;
}

class InputStream extends Readable {
  readonly fd = 0;
  readonly isTTY = false;
  #options: StreamOptions;
  #interfaces = new Set<Interface>();
  /** What readline asks, from its call until its line has come. */
  #prompt: string | undefined;
  /** A question waits for the person. */
  #asked = false;
  /** The stream has room for a line. */
  #hungry = false;
  #cell: CellId | undefined;
  #looking = false;
  #answered: (() => void)[] = [];

  constructor(options: StreamOptions) {
    super();
    this.#options = options;
  }

  /** Called by readline's interfaces as they begin to read the stream. */
  attach(reader: Interface): void {
    this.#interfaces.add(reader);
    reader.on('newListener', (event) => event === 'line' && this.#want());
    reader.on('close', () => this.#interfaces.delete(reader));
  }

  prompt(text: string): void {
    this.#prompt = text;
    this.#want();
  }

  answer(answer: InputAnswer): void {
    const cell = this.#cell!;
    if ('failed' in answer) {
      this.#options.fail(cell, new Error(`process.stdin: ${answer.failed}`));
      return this.abandon();
    }
    this.#asked = false;
    const wanted = this.#isRead();
    this.#prompt = undefined;
    // Who waited for the line may have given up.
    if (wanted) {
      this.#hungry = false;
      this.#options.within(cell, () => this.push(Buffer.from(`${answer.text}\n`)));
    }
    setImmediate(() => this.#settle());
  }

  /** Ends the stream and all that reads it: the line that it waits for will not come. */
  abandon(): void {
    this.#asked = false;
    this.#prompt = undefined;
    this.destroy();
    this.#settle();
    for (const reader of this.#interfaces) reader.close();
  }

  stillReading(cell: CellId): Promise<void> | undefined {
    if (this.destroyed || this.#cell !== cell || !this.#isRead()) return undefined;
    // Lines that are there and nobody takes are no reason to wait.
    if (this.readableLength > 0) return undefined;
    if (!this.#asked) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => this.#answered.push(resolve));
  }

  override resume(): this {
    this.#want();
    return super.resume();
  }

  override read(size?: number): unknown {
    this.#want();
    return super.read(size);
  }

  override _read(): void {
    this.#hungry = true;
    this.#want();
  }

  /** The code that runs wants a line, it seems; a turn later it is known whether it still does. */
  #want(): void {
    this.#cell = this.#options.cell();
    this.#options.wanted(this.#cell);
    if (this.#looking) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      this.#look();
    });
  }

  #look(): void {
    const cell = this.#cell;
    if (cell === undefined || cell !== this.#options.running() || this.destroyed) return;
    if (!this.#hungry || this.#asked || !this.#isRead()) return;
    try {
      this.#options.ask(this.#prompt ?? '');
      this.#asked = true;
    } catch (error) {
      this.#options.fail(cell, error as Error);
      this.abandon();
    }
  }

  /** Whether somebody waits for a line: an interface alone does not, its question or who listens to its lines does. */
  #isRead(): boolean {
    if (this.listenerCount('readable') > 0) return true;
    if (this.readableFlowing !== true) return false;
    if (this.listenerCount('data') > this.#interfaces.size) return true;
    return this.#prompt !== undefined || [...this.#interfaces].some((reader) => reader.listenerCount('line') > 0);
  }

  #settle(): void {
    for (const resolve of this.#answered.splice(0)) resolve();
  }
}

/**
 * Tells an `InputStream` of the interfaces that read it and of what they ask, which they else tell nobody. Both kinds, of
 * `node:readline` and of `node:readline/promises`, have one prototype; its constructor calls `once`, `question` calls `prompt`.
 */
function hookReadline(): void {
  const { Interface } = createRequire(import.meta.url)('node:readline') as typeof import('node:readline');
  const base = Object.getPrototypeOf(Interface.prototype) as Interface & { prompt(preserveCursor?: boolean): void };
  const { once, prompt } = base;
  Object.assign(base, {
    once(this: Interface, ...args: Parameters<typeof once>) {
      once.apply(this, args);
      if (args[0] === 'close' && this.input instanceof InputStream) this.input.attach(this);
      return this;
    },
    prompt(this: Interface, preserveCursor?: boolean) {
      if (!(this.input instanceof InputStream)) return prompt.call(this, preserveCursor);
      // Not written to the interface's output: the front end shows it with the field for the answer.
      if (this.paused) this.resume();
      this.input.prompt(this.getPrompt());
    },
  });
}
