// Modules for cells, from the notebook's folder: installs the hooks, in this thread or beside it, when a cell first loads something.
import Module, { createRequire, register } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type ModuleSource, sources } from '../errors/sources.ts';
import { ensurePackage } from '../packages/npm-cache.ts';
import { isCached, isNpmSpecifier, parseNpmSpecifier } from '../packages/npm-specifier.ts';
import { useSyntax } from '../rewrite/transform.ts';
import { requiredPath } from './deep.ts';
import type { HooksData } from './hooks.ts';
import { Reloads } from './reloads.ts';
import { hookRequire, type RequireCache } from './require.ts';
import { isJson, type LoadedModule, ModuleRules, type RulesOptions } from './rules.ts';
import { readTsconfig } from './tsconfig.ts';

/** Hooks of Node 22.15 and later, which the declarations of Node 20 lack. */
interface SyncHooks {
  resolve(specifier: string, context: SyncContext, next: SyncResolve): Resolved;
  load(url: string, context: SyncContext, next: (url: string, context?: SyncContext) => Loaded): Loaded;
}

type SyncResolve = (specifier: string, context?: SyncContext) => Resolved;

interface SyncContext {
  readonly conditions: readonly string[];
  readonly parentURL?: string;
  readonly importAttributes?: Record<string, string>;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
  readonly importAttributes?: Record<string, string>;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string | null | undefined;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

const registerHooks = (Module as unknown as { registerHooks?: (hooks: SyncHooks) => unknown }).registerHooks;
const cache = (Module as unknown as { _cache: RequireCache })._cache;

type LoadingOptions = Omit<HooksData, 'port'>;

/** Hooks belong to the process: a second set for the same folder would answer after the first. */
let installed: ModuleLoading | undefined;

export class Modules {
  readonly #options: LoadingOptions;
  readonly #base: string;
  #require: NodeJS.Require | undefined;

  constructor({ folder, redirects }: Pick<RulesOptions, 'folder' | 'redirects'>) {
    const { aliases, syntax } = readTsconfig(folder);
    useSyntax(syntax);
    this.#options = { folder, redirects, aliases, syntax };
    this.#base = join(folder, 'cell.ts');
  }

  /** Called before a cell that may import; makes changed CommonJS modules load anew. */
  hookImports(): void {
    installed ??= new ModuleLoading(this.#options);
    installed.hookImports();
    installed.refresh();
  }

  /** Called before a cell that may `require`. */
  hookRequire(): void {
    installed ??= new ModuleLoading(this.#options);
    installed.refresh();
  }

  /** Installs the `npm:` packages that a module needs and that are not there yet: itself, or those that a local one imports. */
  ready(specifier: string): Promise<void> | undefined {
    const wanted = isNpmSpecifier(specifier) ? [specifier] : (installed?.packagesOf(this.#path(specifier)) ?? []);
    const missing = wanted.filter((one) => !installed?.isOwn(one) && !isCached(parseNpmSpecifier(one)));
    if (missing.length === 0) return undefined;
    return Promise.all(missing.map((one) => ensurePackage(parseNpmSpecifier(one)))).then(() => undefined);
  }

  /** Says when a local module was loaded anew, for itself or what it imports has changed. */
  loaded(specifier: string): void {
    const path = this.#path(specifier);
    const note = path === undefined ? undefined : installed?.reloadNote(path);
    if (note !== undefined) console.log(note);
  }

  /** Makes the next try of a local module that failed a fresh one. */
  failed(specifier: string): void {
    const path = this.#path(specifier);
    if (path !== undefined) installed?.failed(path);
  }

  #path(specifier: string): string | undefined {
    if (/^\.{0,2}\//.test(specifier)) return resolve(dirname(this.#base), specifier);
    return installed?.aliasPath(specifier);
  }

  /** Names of Node's CommonJS that a cell may use, and what they are. */
  globals(): ReadonlyMap<string, () => unknown> {
    return new Map<string, () => unknown>([
      ['require', () => (this.#require ??= createRequire(this.#base))],
      ['__filename', () => this.#base],
      ['__dirname', () => dirname(this.#base)],
    ]);
  }
}

class ModuleLoading {
  readonly #options: LoadingOptions;
  readonly #rules: ModuleRules;
  /** To the thread of the hooks, where there is one. */
  #port: MessagePort | undefined;
  /** Local CommonJS modules and the versions that were loaded. */
  readonly #required = new Map<string, string>();
  readonly #reloads: Reloads;

  constructor(options: LoadingOptions) {
    this.#options = options;
    this.#rules = new ModuleRules(options);
    this.#reloads = new Reloads((path) => this.#rules.label(path));
    const required = (url: string) => this.#requires(url);
    if (registerHooks) registerHooks(syncHooks(this.#rules, required));
    else hookRequire(this.#rules, required);
  }

  /** Below Node 22.15 imports have a thread of their own for hooks, which takes 50 ms to start: only when one is needed. */
  hookImports(): void {
    if (registerHooks || this.#port) return;
    const port = startHooksThread(this.#options);
    this.#port = port;
    sources.pull(() => drain(port));
  }

  failed(path: string): void {
    const file = this.#file(path);
    this.#rules.failed(file);
    this.#reloads.failed(file);
    this.#port?.postMessage(file);
  }

  /** The path of the local file that the project's tsconfig.json means by a specifier. */
  aliasPath(specifier: string): string | undefined {
    const url = this.#rules.alias(specifier, undefined);
    return url === undefined ? undefined : fileURLToPath(url);
  }

  /** Whether the session answers a specifier with a package of its own. */
  isOwn(specifier: string): boolean {
    return this.#rules.redirect(specifier, undefined) !== undefined;
  }

  /** The `npm:` specifiers of a local module and of those that it imports. */
  packagesOf(path: string | undefined): readonly string[] {
    return path === undefined ? [] : this.#rules.packagesOf(this.#file(path));
  }

  reloadNote(path: string): string | undefined {
    const file = this.#file(path);
    return this.#reloads.note(file, this.#rules.stamps(file));
  }

  #file(path: string): string {
    const guess = this.#rules.guess(path, undefined);
    return guess === undefined ? path : fileURLToPath(guess);
  }

  /** Lets go of local CommonJS modules that have changed, or whose imports have. */
  refresh(): void {
    for (const [path, version] of this.#required) {
      if (this.#rules.version(pathToFileURL(path).href) === version) continue;
      this.#required.delete(path);
      delete cache[path];
    }
  }

  #requires(url: string): void {
    const path = fileURLToPath(url);
    if (!this.#required.has(path)) this.#required.set(path, this.#rules.version(url));
  }
}

function syncHooks(rules: ModuleRules, required: (url: string) => void): SyncHooks {
  return {
    resolve(specifier, context, next) {
      const isRequire = context.conditions.includes('require');
      const redirect = rules.redirect(specifier, context.parentURL);
      if (redirect) {
        const url = isRequire ? pathToFileURL(requiredPath(redirect)).href : redirect.url;
        return { url, shortCircuit: true };
      }
      const packaged = rules.packaged(specifier);
      if (packaged)
        return { ...next(packaged.specifier, { ...context, parentURL: packaged.parentURL }), shortCircuit: true };
      const alias = rules.alias(specifier, context.parentURL);
      if (alias) {
        required(alias);
        const importAttributes = isJson(alias) ? { type: 'json' } : (context.importAttributes ?? {});
        return isRequire
          ? { url: alias, shortCircuit: true }
          : { url: rules.version(alias), importAttributes, shortCircuit: true };
      }
      const absent = rules.absent(specifier, context.parentURL, isRequire);
      if (absent) rules.notFound(absent, context.parentURL);
      let found: Resolved;
      try {
        found = next(specifier, context);
      } catch (error) {
        found = { url: rules.guess(specifier, context.parentURL) ?? rules.notFound(error, context.parentURL) };
      }
      if (!rules.isLocal(found.url)) return { ...found, shortCircuit: true };
      // Also when imported: Node keeps CommonJS modules by their paths, whatever the URL says.
      required(found.url);
      if (isRequire) return { ...found, shortCircuit: true };
      const importAttributes = isJson(found.url) ? { type: 'json' } : (context.importAttributes ?? {});
      return { ...found, url: rules.version(found.url), importAttributes, shortCircuit: true };
    },
    load(url, context, next) {
      const module = rules.load(url);
      if (module === undefined) return next(url, context);
      if (module.loaded) sources.addModule(module.loaded.url, module.loaded);
      return { format: module.format, source: module.source, shortCircuit: true };
    },
  };
}

function startHooksThread(options: LoadingOptions): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const data: HooksData = { ...options, port: port2 };
  register(new URL('./hooks.js', import.meta.url), { data, transferList: [port2] });
  port1.unref();
  return port1;
}

function* drain(port: MessagePort): Iterable<[url: string, source: ModuleSource]> {
  for (let sent = receiveMessageOnPort(port); sent !== undefined; sent = receiveMessageOnPort(port)) {
    const module = sent.message as LoadedModule;
    yield [module.url, module];
  }
}
