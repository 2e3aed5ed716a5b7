// What the composition root (src/host.ts) hands to the session: the session itself knows no tensors, plots or data sets.
import type { Drawable } from '../display/custom.ts';
import type { Formatter } from '../display/render.ts';
import type { MemoryReport } from '../tensor/holdings.ts';
import type { Profile } from '../tensor/profile.ts';
import type { BackendState } from '../tensor/states.ts';
import type { CellResult } from './types.ts';

/** A name that is there without an import and loads at its first mention in a cell. */
export interface Ambient {
  readonly name: string;
  load(): Promise<unknown>;
}

/** Sends an import to the session's own copy of a package, from any folder, ESM and CommonJS. */
export interface PackageRedirect {
  /** Source of a RegExp over the whole specifier, such as `^@tensorflow/tfjs-core(/.*)?$`. */
  readonly pattern: string;
  /** `file:` URL of the module that answers an `import`. */
  readonly url: string;
  /** Absolute path of the CommonJS module that answers a `require`; without it, the path of `url`. */
  readonly require?: string;
  /** The session's own copy of the package, where its deep modules may be asked for (`name/dist/…`). */
  readonly deep?: DeepRedirect;
}

/** Answers a deep path by a module of its own: its names are read from the copy, its values come from the session. */
export interface DeepRedirect {
  /** Absolute path of the copy's `dist` folder, which holds ES modules. */
  readonly folder: string;
  /** Key of the symbol on the global object whose `deep(file)` gives a module's exports. */
  readonly answers: string;
}

/** What magics ask of the tensors; each call loads TensorFlow.js where it is not there yet. */
export interface TensorTools {
  /** Every backend as it stands, best first. */
  backends(): Promise<readonly BackendState[]>;
  /** Computes on a backend from here on: one of the table, or `cuda`, `cuda:1`. Throws where it can't run, and says why. */
  use(backend: string): Promise<void>;
  /** The tensors that values lead to, by the names given, after lost ones have been freed. */
  memory(values: Iterable<readonly [name: string, value: unknown]>): Promise<MemoryReport>;
  /** Runs code, awaited, and measures what it computes; the picture draws itself. */
  profile(
    run: () => unknown,
  ): Promise<{ readonly value: unknown; readonly profile: Profile; readonly picture: Drawable }>;
}

/** Code of a cell, ready to run. */
export interface Compiled {
  /** Whether the code awaits: then the result is a promise, also of `repeat`. */
  readonly isAsync: boolean;
  /** The value of the last expression. With `repeat`: runs the code `times` times. */
  run(times?: number): unknown;
}

/** What a magic may do to the session that runs it. */
export interface MagicContext {
  /** The notebook's folder, absolute. */
  readonly folder: string;
  readonly magics: readonly Magic[];
  readonly tensors: TensorTools;
  /**
   * Compiles the code of a magic that takes some, with what it mentions loaded: a call runs it as a part of the cell. Throws a
   * SyntaxError at its place in the cell. `repeat` makes the call run it that many times.
   */
  compile(call: MagicCall, form?: 'once' | 'repeat'): Promise<Compiled>;
  /** Texts of the cells so far, by their numbers. */
  readonly history: readonly string[];
  /** Puts a text into the cell that ran, in front ends that can; into the next one otherwise. */
  suggest(text: string): void;
  /** Top-level names of the cells and their kinds. */
  names(): ReadonlyMap<string, string>;
  /** The value of one of those names. */
  read(name: string): unknown;
  /** Makes the names as if they had never been declared; a shadowed built-in is back. */
  forget(names: readonly string[]): void;
  /** Asks the front for a fresh session once the cell has ended. */
  restart(): void;
  /** Makes the front show, and first set where one is given, what an error of types does to a cell. */
  check(mode?: 'off' | 'warn' | 'error'): void;
  /** Makes the front show the end of its log in the cell. */
  showLog(): void;
}

/** A magic as it was written: `%name args`, `%%name args` with the rest of the cell as `body`, or `!args`. */
export interface MagicCall {
  readonly kind: 'line' | 'cell' | 'shell';
  readonly name: string;
  readonly args: string;
  readonly body?: string | undefined;
  /** The cell's whole text. */
  readonly cell: string;
  /** Where the code of a magic that takes some begins in it, and where the line ends. */
  readonly codeStart?: number | undefined;
  readonly end: number;
}

/** A row of the table of magics. */
export interface Magic {
  readonly name: string;
  /** How it is written, such as `%reset [name…]`. */
  readonly usage: string;
  /** One line for `%help`. */
  readonly summary: string;
  /** What its arguments may be, for completion: names of cells, files of the notebook's folder, magics, or these words. */
  readonly completes?: 'names' | 'files' | 'magics' | readonly string[];
  /** The result is the line's value, as of an expression; a throw is the cell's error. */
  run(call: MagicCall, context: MagicContext): unknown;
}

export interface SessionParts {
  /** The table of formatters, first match first; the last row matches every value. */
  readonly formatters: readonly Formatter[];
  readonly ambients: readonly Ambient[];
  readonly redirects: readonly PackageRedirect[];
  readonly magics: readonly Magic[];
  readonly tensors: TensorTools;
  /** Names that every cell has without an import, such as `display`. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Awaited before a cell that loads modules: what answers a CommonJS `require` of a redirected package must be there by then. */
  beforeModules(): Promise<void> | undefined;
  /** A cell begins, such as `In[3]`; its text has not been compiled yet. */
  cellBegins(label: string): void;
  /** The cell has ended, or is about to: what it has left open is closed. */
  cellEnds(result: CellResult): void;
  /** Called after an interrupt has ended a cell, to close what its code left open. */
  afterInterrupt(): void;
  /** Displays that the cell has begun and that are still being drawn; the cell ends after them. */
  stillDrawing(): Promise<unknown> | undefined;
  /** Asked at each `await` of a cell, so it must be cheap: work to be done first, such as giving memory back. */
  beforeAwait(): Promise<void> | undefined;
}
