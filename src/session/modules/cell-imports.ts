// What an import of a cell gives once its module is loaded, or why not. All the thinking is in the case that something lacks.
import { createRequire } from 'node:module';
import { sources } from '../errors/sources.ts';
import { blame } from '../errors/stack.ts';
import { CellSyntaxError, offsetOf } from '../errors/syntax-error.ts';
import type { CellImport } from '../rewrite/imports.ts';
import { findMagics } from '../rewrite/magic-lines.ts';
import { parse } from '../rewrite/parser.ts';
import { transform } from '../rewrite/transform.ts';
import { declaresType } from './type-exports.ts';

export interface CellText {
  readonly file: string;
  readonly code: string;
}

/** What the loading of modules does around an import of a cell. */
export interface ImportHooks {
  /** Settles when what a module needs has been installed; `undefined` when nothing is missing. */
  ready(specifier: string): Promise<void> | undefined;
  /** Told that a module is there, whether fresh or not. */
  loaded(specifier: string): void;
  /** Told that a module could not be loaded. */
  failed(specifier: string): void;
}

/** A module by a cell's own `import()`. Driven by callbacks: an interrupt that drops them leaves nothing half done. */
export function loadModule(specifier: unknown, load: () => Promise<object>, hooks: ImportHooks): Promise<object> {
  if (typeof specifier !== 'string') return load();
  let ready: Promise<void> | undefined;
  try {
    ready = hooks.ready(specifier);
  } catch (error) {
    return Promise.reject(error);
  }
  const module = ready === undefined ? load() : ready.then(load);
  return module.then((loaded) => {
    hooks.loaded(specifier);
    return loaded;
  });
}

/** An object that has the wanted names. */
export function bindImport(
  module: Promise<object>,
  wanted: CellImport,
  cell: CellText,
  hooks: ImportHooks,
): Promise<object> {
  return module.then(
    (loaded) => namesOf(loaded as Record<string, unknown>, wanted, cell),
    (error: unknown) => {
      hooks.failed(wanted.specifier);
      // A module that exists for its types alone is no module at run time: no harm, as long as only types are used.
      if (wanted.locals.length > 0 && wanted.locals.every((name) => isTypeHere(cell.code, name))) return {};
      blame(error, () => sources.origin(cell.file, wanted.start));
      throw error;
    },
  );
}

/** The module of an `import()` that stands at an offset into the JavaScript of a cell. */
export function lateImport(
  module: Promise<object>,
  specifier: unknown,
  start: number,
  file: string,
  hooks: ImportHooks,
): Promise<object> {
  return module.then(undefined, (error: unknown) => {
    if (typeof specifier === 'string') hooks.failed(specifier);
    blame(error, () => sources.origin(file, start));
    throw error;
  });
}

function namesOf(loaded: Record<string, unknown>, wanted: CellImport, cell: CellText): object {
  if (wanted.names.every((name) => name in loaded)) return loaded;
  const found: Record<string, unknown> = Object.create(null);
  for (const [index, name] of wanted.names.entries()) {
    if (name in loaded) found[name] = loaded[name];
    else if (isCommonJs(loaded, name, cell.file)) found[name] = (loaded.default as Record<string, unknown>)[name];
    else if (isTypeHere(cell.code, wanted.locals[index]!) || declaresType(wanted.specifier, name, cell.file))
      found[name] = undefined;
    else throw missingName(name, wanted, cell);
  }
  return found;
}

/** Node finds the names of a CommonJS module by reading its text; some are only there when it has run. */
function isCommonJs(loaded: Record<string, unknown>, name: string, file: string): boolean {
  const { default: exports } = loaded;
  if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function') || !(name in exports))
    return false;
  return Object.values(createRequire(file).cache).some((module) => module?.exports === exports);
}

function missingName(name: string, wanted: CellImport, { file, code }: CellText): Error {
  const message = `The requested module '${wanted.specifier}' does not provide an export named '${name}'`;
  const origin = sources.origin(file, wanted.start);
  if (origin === undefined) return new SyntaxError(message);
  const statement = offsetOf(code, origin);
  const found = new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).exec(code.slice(statement));
  const start = statement + (found?.index ?? 0);
  const error = new CellSyntaxError(message, code, start, start + (found === null ? 1 : name.length));
  error.label = origin.label;
  return error;
}

/** Whether the cell uses an imported name, and only as a type. */
function isTypeHere(code: string, name: string): boolean {
  // What a string says is no use of the name: `import x from 'x'`.
  const uses = code
    .replace(/(["'])(?:\\.|(?!\1)[^\n])*\1/g, '')
    .match(new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`, 'g'));
  if (uses === null || uses.length < 2) return false;
  const { code: plain } = findMagics(code);
  const { code: js } = transform({ code: plain, file: 'cell', map: false, keepsUnusedImports: false });
  const { staticImports } = parse(js, 'js').module;
  return !staticImports.some(({ entries }) => entries.some(({ localName }) => localName.value === name));
}
