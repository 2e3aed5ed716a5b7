// The person's terminal: keys one by one instead of lines, its modes set at the start and given back whatever the end.
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream, WriteStream } from 'node:tty';
import { type InputEvent, KeyDecoder } from './keys.ts';

/** Pastes are bracketed. */
const [ON, OFF] = ['\u001b[?2004h', '\u001b[?2004l'];
/** Keys that have no sequence of old, such as Shift-Enter, are told where a terminal is known to understand that. */
const [KITTY_ON, KITTY_OFF] = ['\u001b[>1u', '\u001b[<u'];
/** An escape sequence that stops here is the Escape key, ms. */
const ESCAPE_PATIENCE = 50;

/** What a terminal tells of. */
export interface TerminalEvents {
  /** What came at once. */
  input(events: readonly InputEvent[]): void;
  resize(): void;
  /** There is nobody any more. */
  gone(): void;
}

export class Terminal {
  readonly #in: ReadStream;
  readonly #out: WriteStream;
  readonly #events: TerminalEvents;
  readonly #decoder = new KeyDecoder();
  /** Bytes that are no UTF-8 become U+FFFD. */
  readonly #bytes = new StringDecoder('utf8');
  readonly #kitty = knowsKitty(process.env);
  #timer: NodeJS.Timeout | undefined;

  constructor(events: TerminalEvents, input = process.stdin, output = process.stdout) {
    this.#in = input;
    this.#out = output;
    this.#events = events;
    input.on('data', this.#take);
    input.on('end', () => events.gone());
    input.on('error', () => events.gone());
    output.on('resize', () => events.resize());
    process.on('exit', this.#restore);
    process.on('SIGCONT', this.#start);
    this.#start();
  }

  /** Stops the program as Ctrl-Z does; it goes on here when the shell says so. */
  suspend(): void {
    this.#restore();
    process.kill(process.pid, 'SIGTSTP');
  }

  /** Another program has the terminal until `work` settles. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#in.pause();
    this.#restore();
    // A program that is stopped and goes on sets its own modes.
    process.removeListener('SIGCONT', this.#start);
    try {
      return await work();
    } finally {
      process.on('SIGCONT', this.#start);
      this.#start();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    process.removeListener('exit', this.#restore);
    process.removeListener('SIGCONT', this.#start);
    this.#in.removeListener('data', this.#take);
    this.#in.pause();
    this.#restore();
  }

  readonly #start = () => {
    this.#in.setRawMode(true);
    this.#in.resume();
    this.#out.write(this.#kitty ? ON + KITTY_ON : ON);
  };

  readonly #restore = () => {
    this.#out.write(this.#kitty ? OFF + KITTY_OFF : OFF);
    this.#in.setRawMode(false);
  };

  readonly #take = (chunk: Buffer) => {
    clearTimeout(this.#timer);
    this.#events.input(this.#decoder.push(this.#bytes.write(chunk)));
    if (this.#decoder.waiting)
      this.#timer = setTimeout(() => this.#events.input(this.#decoder.push('', true)), ESCAPE_PATIENCE);
  };
}

function knowsKitty({ TERM = '', TERM_PROGRAM = '' }: NodeJS.ProcessEnv): boolean {
  return /kitty|ghostty|foot/.test(TERM) || /^(?:WezTerm|ghostty|iTerm\.app|vscode)$/.test(TERM_PROGRAM);
}
