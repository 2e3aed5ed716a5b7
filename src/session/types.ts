// What the two front ends (kernel, REPL) and the session say to each other. Types only.
import type { Display } from '../display/bundle.ts';

/** Names a cell's run; unique within a front's life, also across restarts of the session. */
export type CellId = number;

/** A failure of the user's code, as data. `traceback` lines are ready to print and may hold ANSI colours. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

/** What a cell's run shows, in order. */
export type CellOutput =
  | { readonly type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  /** `changes`: it is about to be drawn anew, as a bar of progress is. */
  | ({ readonly type: 'display'; readonly displayId?: string; readonly changes?: true } & Display)
  | ({ readonly type: 'update_display'; readonly displayId: string } & Display)
  | { readonly type: 'clear_output'; readonly wait: boolean }
  /** The cell's value: at most once a run, never when it is `undefined`. */
  | ({ readonly type: 'result' } & Display)
  /** A throw in a timer or an unhandled rejection, which may come after the cell's end. */
  | { readonly type: 'error'; readonly error: CellError };

/** A value asked for by name or expression beside a cell: drawn, or its error. */
export type ExpressionResult =
  | ({ readonly status: 'ok' } & Display)
  | { readonly status: 'error'; readonly error: CellError };

/** How a cell's run ended. */
export type CellResult =
  | {
      readonly status: 'ok';
      readonly userExpressions: Readonly<Record<string, ExpressionResult>>;
      /** A text that `%load` puts into the cell; a front end that can't shows it. */
      readonly nextInput?: string;
    }
  | { readonly status: 'error'; readonly error: CellError };

/** A cell to run. */
export interface CellRequest {
  readonly cell: CellId;
  readonly code: string;
  /** The number a person sees, `In[count]`; for a silent cell the number of the last one. */
  readonly count: number;
  /** Shows no value and leaves no trace in `In`, `Out`, `_`. */
  readonly silent: boolean;
  /** Keeps code and value in `In[count]`, `Out[count]`. Never together with `silent`. */
  readonly storeHistory: boolean;
  /** Name → expression, evaluated after a cell that succeeded. */
  readonly userExpressions: Readonly<Record<string, string>>;
  /** Whether `prompt()` and `process.stdin` may ask. */
  readonly allowStdin: boolean;
}

/** A question of the running cell to the person. */
export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

/** One thing that can stand at the cursor. Positions are UTF-16 offsets into the code asked about. */
export interface CompletionItem {
  readonly text: string;
  /** `function`, `class`, `instance`, `module`, `keyword`, `property`, `magic`, … as Jupyter clients draw them. */
  readonly kind: string;
  /** The type, such as `function sum(values: number[]): number`. */
  readonly signature?: string;
  /** The beginning of its documentation, Markdown. */
  readonly documentation?: string;
}

export interface Completion {
  readonly items: readonly CompletionItem[];
  readonly start: number;
  readonly end: number;
}

/** The parser's verdict on a cell; `indent` is what the next line begins with. */
export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** A message of a comm, a named channel between cells and a client, in either direction. */
export interface CommMessage {
  readonly kind: 'open' | 'message' | 'close';
  /** Names the comm; whoever opens it makes it up. */
  readonly id: string;
  /** What the other side is asked for by; of an `open` only. */
  readonly target?: string;
  /** Values that JSON can carry, as those of `metadata`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** Calls that a session makes on its front; none may throw. */
export interface SessionEvents {
  output(cell: CellId, output: CellOutput): void;
  /** Answers a question of the cell; a rejection's message becomes the cell's error. */
  input(cell: CellId, request: InputRequest): Promise<string>;
  /** A cell or a comm's handler sends a comm message. A front without this has no clients that could take one. */
  comm?(cell: CellId, message: CommMessage): void;
  /** `%check`: shows in the cell what an error of types does, and sets it first where a mode is given. */
  check?(cell: CellId, mode: 'off' | 'warn' | 'error' | undefined): void;
  /** The top-level names of the cells are now these. */
  names?(names: readonly string[]): void;
  /** The session process has ended, and with it all that lived there. */
  gone?(): void;
  /** A promise while the front can take no more output: the session's pipes are not read until it settles. */
  ready?(): Promise<void> | undefined;
  /** A line for the front's log, not for a cell (native libraries' noise, restarts). */
  log(line: string): void;
}

/** A session as a front end sees it: cells in, outputs out. The session process may come and go behind it. */
export interface Session {
  /**
   * Runs a cell; calls may overlap and run in order. Never rejects: errors, interrupts and a died session are results. All
   * outputs of the run, those of file descriptors 1 and 2 included, have been given to `events.output` before it settles.
   */
  execute(request: CellRequest): Promise<CellResult>;
  /** Names and members at the cursor; `code` and `cursor` (UTF-16) are the whole cell. Answers also while a cell runs. */
  complete(code: string, cursor: number): Promise<Completion>;
  /** What stands at the cursor: `detail` 1 adds source text. `undefined` when nothing is known of it. */
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Display | undefined>;
  /**
   * Hands a client's comm message to its handler, also beside a cell that awaits. `cell` is a fresh id, what the handler shows goes to.
   * Settles once the handler has returned, or the session has died.
   */
  comm(cell: CellId, message: CommMessage): Promise<void>;
  /** Ends the running cell, or a comm's handler, with the error `KeyboardInterrupt`; with none running, does nothing. */
  interrupt(): void;
  /** Ends the session process and starts a fresh one; a running cell ends with an error that says so. */
  restart(): Promise<void>;
  /** Ends the session process. */
  close(): Promise<void>;
}
