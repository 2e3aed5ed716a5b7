// What the session adds to Node's module loading: its own packages, local TypeScript, reload of what changed. Serves both kinds of
// hooks, in the main thread and in the thread of Node 20; holds what they must remember.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CellSyntaxError } from '../errors/syntax-error.ts';
import { cacheFolder, isCached, isNpmSpecifier, parseNpmSpecifier } from '../packages/npm-specifier.ts';
import type { PackageRedirect } from '../parts.ts';
import { type Language, parse } from '../rewrite/parser.ts';
import { transform } from '../rewrite/transform.ts';
import { deepRedirect } from './deep.ts';
import { guessFile, isFile } from './guess.ts';
import { type Alias, aliased } from './tsconfig.ts';
import { wasmSource } from './wasm.ts';

/** A module that was transformed, for the stacks that will name its lines. */
export interface LoadedModule {
  /** Its URL, as frames have it. */
  readonly url: string;
  /** Its path from the notebook's folder. */
  readonly label: string;
  readonly code: string;
  readonly mappings: string;
}

export interface RulesOptions {
  readonly folder: string;
  readonly redirects: readonly PackageRedirect[];
  /** The `paths` of the project's tsconfig.json. */
  readonly aliases: readonly Alias[];
}

interface LocalFile {
  readonly stamp: string;
  /** Paths of the local files that it imports. */
  readonly imports: readonly string[];
  /** The `npm:` specifiers that it imports. */
  readonly packages: readonly string[];
}

/** The session's own compiled code, which is neither redirected nor reloaded. */
const OWN = new URL('../../', import.meta.url).href;
const HELPERS = new URL('./helpers.js', import.meta.url).href;

export const TYPESCRIPT = /\.(?:[cm]?tsx?|jsx)$/;

export class ModuleRules {
  readonly #folder: string;
  readonly #aliases: readonly Alias[];
  readonly #redirects: readonly { readonly pattern: RegExp; readonly to: PackageRedirect }[];
  readonly #files = new Map<string, LocalFile>();
  readonly #versions = new Map<string, { key: string; number: number }>();
  readonly #failures = new Map<string, number>();

  constructor({ folder, redirects, aliases }: RulesOptions) {
    this.#folder = folder;
    this.#aliases = aliases;
    this.#redirects = redirects.map((to) => ({ pattern: new RegExp(to.pattern), to }));
  }

  /** The session's own copy of what `specifier` names, unless the session itself asks. */
  redirect(specifier: string, parentUrl: string | undefined): PackageRedirect | undefined {
    if (parentUrl?.startsWith(OWN)) return undefined;
    const plain = isNpmSpecifier(specifier) ? parseNpmSpecifier(specifier).inner : specifier;
    const found = this.#redirects.find(({ pattern }) => pattern.test(plain))?.to;
    return found?.deep ? (deepRedirect(plain, found.deep) ?? found) : found;
  }

  /** The file that the project's tsconfig.json means by a specifier of a module of the person's own, as a URL. */
  alias(specifier: string, parentUrl: string | undefined): string | undefined {
    if (this.#aliases.length === 0 || /^(?:\.{0,2}\/|\w+:)/.test(specifier)) return undefined;
    if (parentUrl !== undefined && !this.isLocal(parentUrl.replace(/\?v=\d+$/, ''))) return undefined;
    for (const path of aliased(specifier, this.#aliases)) {
      const found = this.guess(path, undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** For an `npm:` specifier: what to look for in the cache, and from where. Throws where it is not there. */
  packaged(specifier: string): { readonly specifier: string; readonly parentURL: string } | undefined {
    if (!isNpmSpecifier(specifier)) return undefined;
    const parsed = parseNpmSpecifier(specifier);
    // Cells install what they and their local modules name; this is one that a program made up.
    if (!isCached(parsed)) {
      const error = new Error(
        `${specifier} is not installed yet: an import of it in a cell or in a local module does so`,
      );
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
    }
    return { specifier: parsed.inner, parentURL: pathToFileURL(join(cacheFolder(parsed), 'import.js')).href };
  }

  /** Whether a module is the person's own: a file outside of node_modules and of the session. */
  isLocal(url: string): boolean {
    return url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(OWN) && !/[?#]/.test(url);
  }

  /** A local module's URL; it changes with the file, with what it imports, and after a failure. The first is plain. */
  version(url: string): string {
    const path = fileURLToPath(url);
    const files = this.#closure(path);
    const key = files.map((file) => `${this.#stamp(file)}/${this.#failures.get(file) ?? 0}`).join();
    const known = this.#versions.get(path);
    if (known === undefined) this.#versions.set(path, { key, number: 0 });
    else if (known.key !== key) this.#versions.set(path, { key, number: known.number + 1 });
    const { number } = this.#versions.get(path)!;
    return number === 0 ? url : `${url}?v=${number}`;
  }

  /** The local files that a module is made of, by path, and when each was written; itself first. */
  stamps(path: string): ReadonlyMap<string, string | undefined> {
    return new Map(this.#closure(path).map((file) => [file, this.#stamp(file)]));
  }

  /** The `npm:` specifiers of a local file and of all that it imports. */
  packagesOf(path: string): string[] {
    return [...new Set(this.#closure(path).flatMap((file) => this.#file(file)?.packages ?? []))];
  }

  /** Makes the next import of a path, and of what it imports, a fresh one: Node keeps a failed module for ever. */
  failed(path: string): void {
    for (const file of this.#closure(path)) this.#failures.set(file, (this.#failures.get(file) ?? 0) + 1);
  }

  /**
   * The error for a package that is not there; `undefined` when it may be. Node remembers for ever that it found no
   * package.json, so it must not be asked before there is a folder.
   */
  absent(specifier: string, parentUrl: string | undefined, isRequire = false): Error | undefined {
    const [, name] = /^((?:@[^/\\]+\/)?[^./\\#@:][^/\\:]*)(?:\/|$)/.exec(specifier) ?? [];
    if (name === undefined || isBuiltin(specifier) || !parentUrl?.startsWith('file:')) return undefined;
    const parent = fileURLToPath(parentUrl);
    for (let folder = dirname(parent); ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'node_modules', name))) return undefined;
      if (folder === dirname(folder)) break;
    }
    if (process.env.NODE_PATH || process.versions.pnp || this.#ownName(parent) === name) return undefined;
    if (!isRequire) {
      const error = new Error(`Cannot find package '${name}' imported from ${parent}`);
      return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
    }
    const error = new Error(`Cannot find module '${specifier}'\nRequire stack:\n- ${parent}`);
    return Object.assign(error, { code: 'MODULE_NOT_FOUND', requireStack: [parent] });
  }

  /** Rethrows; what a local module could not find makes it, too, load anew the next time. */
  notFound(error: unknown, parentUrl: string | undefined): never {
    const parent = parentUrl?.replace(/\?v=\d+$/, '');
    if (parent !== undefined && this.isLocal(parent)) this.failed(fileURLToPath(parent));
    throw error;
  }

  /** The file that TypeScript's and bundlers' users mean by a path, as a URL. */
  guess(specifier: string, parentUrl: string | undefined): string | undefined {
    return guessFile(specifier, parentUrl ?? pathToFileURL(`${this.#folder}/`).href);
  }

  /** JavaScript for a TypeScript file anywhere, for local JavaScript that is a module without saying so, and for WebAssembly. */
  load(url: string): { format: 'module' | 'commonjs'; source: string; loaded: LoadedModule | undefined } | undefined {
    if (!url.startsWith('file:') || url.startsWith(OWN)) return undefined;
    const path = fileURLToPath(url);
    if (path.endsWith('.wasm')) return { format: 'module', source: wasmSource(path), loaded: undefined };
    const isTypeScript = TYPESCRIPT.test(path);
    if (!isTypeScript && !(path.endsWith('.js') && !path.includes('/node_modules/'))) return undefined;
    const code = readFileSync(path, 'utf8');
    const { hasModuleSyntax } = parse(code, languageOf(path)).module;
    if (!isTypeScript && !hasModuleSyntax) return undefined;
    const isCommonJs = path.endsWith('.cts') || (!hasModuleSyntax && usesCommonJs.test(code) && !path.endsWith('.mts'));
    const label = this.label(path);
    const js = isTypeScript ? this.transform(path, code) : { code, mappings: '' };
    return {
      format: isCommonJs ? 'commonjs' : 'module',
      source: js.code,
      loaded: { url, label, code, mappings: js.mappings },
    };
  }

  /** Throws a SyntaxError that names file, line and column. */
  transform(path: string, code: string): { code: string; mappings: string } {
    try {
      const js = transform({
        code,
        file: path,
        map: true,
        keepsUnusedImports: false,
        ...(/\.(?:tsx|jsx)$/.test(path) && { lang: 'tsx' }),
      });
      // At the end, where an import counts as at the head and shifts no line.
      const helpers = js.code.includes('babelHelpers.')
        ? `\nimport { helpers as babelHelpers } from ${JSON.stringify(HELPERS)};`
        : '';
      return { code: js.code + helpers, mappings: js.mappings! };
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      const { message, line, column, frame } = error;
      throw new SyntaxError(`${message} (${this.label(path)}:${line}:${column})\n${frame}`);
    }
  }

  /** A path as a person reads it: from the notebook's folder, if it is in there. */
  label(path: string): string {
    const from = relative(this.#folder, path);
    return from.startsWith('..') ? path : from;
  }

  /** The name of the package that a file is in, by which its files may import it. */
  #ownName(path: string): string | undefined {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const manifest = join(folder, 'package.json');
      if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
      if (folder === dirname(folder)) return undefined;
    }
  }

  /** A file and all local files that it imports, itself first. */
  #closure(path: string, seen: string[] = []): string[] {
    seen.push(path);
    for (const next of this.#file(path)?.imports ?? []) if (!seen.includes(next)) this.#closure(next, seen);
    return seen;
  }

  #file(path: string): LocalFile | undefined {
    const stamp = this.#stamp(path);
    if (stamp === undefined) return undefined;
    const known = this.#files.get(path);
    if (known?.stamp === stamp) return known;
    const isCode = /\.(?:[cm]?[jt]sx?)$/.test(path);
    const file = { stamp, ...(isCode ? this.#imports(path) : { imports: [], packages: [] }) };
    this.#files.set(path, file);
    return file;
  }

  #imports(path: string): Omit<LocalFile, 'stamp'> {
    const code = readFileSync(path, 'utf8');
    const { staticImports, staticExports, dynamicImports } = parse(code, languageOf(path)).module;
    const specifiers = [
      ...staticImports.map((one) => one.moduleRequest.value),
      ...staticExports.flatMap(({ entries }) => entries.map((one) => one.moduleRequest?.value)),
      ...[...code.matchAll(/\brequire\(\s*['"](\.[^'"]*)['"]\s*\)/g)].map((match) => match[1]),
    ];
    const late = dynamicImports.map(({ moduleRequest: { start, end } }) => code.slice(start + 1, end - 1));
    const packages = [...specifiers, ...late].filter(
      (specifier) => specifier !== undefined && isNpmSpecifier(specifier),
    );
    const parent = pathToFileURL(path).href;
    const imports = specifiers.flatMap((specifier) => {
      if (specifier === undefined) return [];
      const alias = this.alias(specifier, parent);
      if (alias !== undefined) return [fileURLToPath(alias)];
      if (!specifier.startsWith('.')) return [];
      const plain = resolve(dirname(path), specifier);
      if (isFile(plain)) return [plain];
      const guessed = this.guess(specifier, parent);
      return guessed === undefined ? [] : [fileURLToPath(guessed)];
    });
    return { imports, packages: packages as string[] };
  }

  #stamp(path: string): string | undefined {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : `${stat.mtimeMs}:${stat.size}`;
  }
}

function languageOf(path: string): Language {
  if (/\.[cm]?ts$/.test(path)) return 'ts';
  return /\.(?:tsx|jsx)$/.test(path) ? 'tsx' : 'js';
}

export function isJson(url: string): boolean {
  return url.endsWith('.json');
}

const usesCommonJs = /\bmodule\.exports\b|\bexports\.\w|\brequire\s*\(/;
