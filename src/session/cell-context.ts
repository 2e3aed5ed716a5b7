// What a cell's rewritten code calls: the one argument of its function, named `$$tensorcell` there.
import { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sources } from './errors/sources.ts';
import { blame } from './errors/stack.ts';
import type { AwaitFailed } from './interrupt/await-guard.ts';
import { bindImport, type ImportHooks, lateImport, loadModule } from './modules/cell-imports.ts';
import { helpers } from './modules/helpers.ts';
import type { Magic } from './rewrite/magic-lines.ts';
import type { Rewritten } from './rewrite/rewrite.ts';

/** Gives what an `await` waits for; `failed` is told the error that comes of it, and `at`. */
export type Guard = (value: unknown, failed?: AwaitFailed, at?: number) => unknown;

/** What the evaluator lends to its cells. */
export interface CellHooks {
  readonly guard?: Guard;
  readonly pause?: (value: unknown) => unknown;
  /** Runs a magic; `code` is the cell's text. */
  readonly magic?: (magic: Magic, code: string) => unknown;
  readonly modules: ImportHooks;
}

export class CellContext {
  /** Guards what an `await` waits for that stands at an offset into the JavaScript. */
  readonly await: (value: unknown, at?: number) => unknown;
  /** What an `await` waits for that settles by itself. */
  readonly pause: (value: unknown) => unknown;
  readonly helpers = helpers;
  readonly constant = constant;
  readonly missing = missing;
  readonly #hooks: CellHooks;
  readonly #file: string;
  readonly #code: string;
  readonly #rewritten: Pick<Rewritten, 'imports' | 'late' | 'magics'>;
  #meta: ImportMeta | undefined;

  constructor(hooks: CellHooks, file: string, code: string, { imports, late, magics }: Rewritten) {
    const guard: Guard = hooks.guard ?? plainGuard;
    const failed: AwaitFailed = (error, offset) => blame(error, () => sources.origin(file, offset));
    this.await = (value, at) => (at === undefined ? guard(value) : guard(value, failed, at));
    this.pause = hooks.pause ?? ((value) => value);
    this.#hooks = hooks;
    this.#file = file;
    this.#code = code;
    // Not the whole: its code would live as long as any function of the cell.
    this.#rewritten = { imports, late, magics };
  }

  /** `import.meta` of the cell. */
  get meta(): ImportMeta {
    if (this.#meta !== undefined) return this.#meta;
    const file = this.#file;
    const url = pathToFileURL(file).href;
    const resolve = (specifier: string): string => {
      if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
      if (/^(?:\.{0,2}\/|[a-z][a-z+.-]+:)/i.test(specifier)) return new URL(specifier, url).href;
      return pathToFileURL(createRequire(file).resolve(specifier)).href;
    };
    this.#meta = { url, filename: file, dirname: dirname(file), resolve } as ImportMeta;
    return this.#meta;
  }

  /** The module of the cell's import number `index`, once it is there and has the names. */
  imported(load: () => Promise<object>, index: number): Promise<object> {
    const wanted = this.#rewritten.imports[index]!;
    const module = loadModule(wanted.specifier, load, this.#hooks.modules);
    return bindImport(module, wanted, { file: this.#file, code: this.#code }, this.#hooks.modules);
  }

  /** The module of the cell's `import()` number `index`. */
  late(
    index: number,
    load: (specifier: unknown, options: unknown) => Promise<object>,
    specifier: unknown,
    options?: unknown,
  ): Promise<object> {
    const module = loadModule(specifier, () => load(specifier, options), this.#hooks.modules);
    return lateImport(module, specifier, this.#rewritten.late[index]!.start, this.#file, this.#hooks.modules);
  }

  /** What `for await` goes through, each step guarded. */
  each(iterable: AsyncIterable<unknown> | Iterable<unknown>, at: number): AsyncIterable<unknown> {
    return guardedIterable(iterable, (value) => this.await(value, at));
  }

  magic(index: number): unknown {
    const magic = this.#rewritten.magics[index]!;
    if (this.#hooks.magic === undefined) throw new SyntaxError(`no magics here: ${magic.name || '!'}${magic.args}`);
    return this.#hooks.magic(magic, this.#code);
  }
}

function plainGuard(value: unknown, failed?: AwaitFailed, at = 0): unknown {
  if (failed === undefined || !(value instanceof Promise)) return value;
  return value.then(undefined, (error: unknown) => {
    failed(error, at);
    throw error;
  });
}

/** Assigning to any of its properties throws, as assigning to a constant does. */
const constant = new Proxy(Object.freeze({}), {
  set() {
    throw new TypeError('Assignment to constant variable.');
  },
});

/** Reading or assigning any of its properties throws, as for a name that does not exist. */
const missing = new Proxy(Object.freeze({}), {
  get(_target, name): never {
    throw new ReferenceError(`${String(name)} is not defined`);
  },
  set(_target, name): never {
    throw new ReferenceError(`${String(name)} is not defined`);
  },
});

function guardedIterable(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
  guard: (value: unknown) => unknown,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const inner = asyncIterator(iterable);
      const next = inner.next.bind(inner);
      const close = inner.return?.bind(inner);
      return {
        next: () => guard(next()) as Promise<IteratorResult<unknown>>,
        // A loop that is left early closes what it goes through; an iterator without `return` must still look like one.
        ...(close && { return: () => guard(close()) as Promise<IteratorResult<unknown>> }),
      };
    },
  };
}

/** As `for await` has it: the async iterator, else the plain one with its values awaited. */
function asyncIterator(iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  const many = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const make = many[Symbol.asyncIterator];
  if (make !== undefined && make !== null) return make.call(iterable);
  if (typeof many[Symbol.iterator] !== 'function') throw new TypeError(`${describe(iterable)} is not async iterable`);
  const plain = many[Symbol.iterator]!();
  const settle = async (result: IteratorResult<unknown>) => ({ done: result.done ?? false, value: await result.value });
  const close = plain.return?.bind(plain);
  return {
    next: () => settle(plain.next()) as Promise<IteratorResult<unknown>>,
    ...(close && { return: () => settle(close()) as Promise<IteratorResult<unknown>> }),
  };
}

function describe(value: unknown): string {
  return value === null || typeof value !== 'object' ? String(value) : 'object';
}
