// Cells as one running program: names that live on, code that is compiled, values that come back. Knows no process and no pipe.
import { join } from 'node:path';
import vm from 'node:vm';
import { CellContext, type CellHooks, type Guard } from './cell-context.ts';
import { compileError } from './errors/compile-error.ts';
import { readOperands } from './errors/operands.ts';
import { sources } from './errors/sources.ts';
import { installStacks } from './errors/stack.ts';
import { CellSyntaxError } from './errors/syntax-error.ts';
import { Modules } from './modules/modules.ts';
import type { PackageRedirect } from './parts.ts';
import type { Magic } from './rewrite/magic-lines.ts';
import { aliasOf, type NameKind, type NameRules } from './rewrite/names.ts';
import { type Rewritten, rewrite } from './rewrite/rewrite.ts';

export interface EvaluatorOptions {
  /** The notebook's folder, absolute: imports and `require` start there. */
  readonly folder: string;
  readonly redirects: readonly PackageRedirect[];
  /** Called with what each `await` of a cell's code waits for; returns what it waits for instead. */
  readonly guard?: Guard;
  /** The same for what settles by itself: must return it as it is unless there is something to do first. */
  readonly pause?: (value: unknown) => unknown;
  /** Runs a magic of a cell's text; a promise is awaited, and the result is the line's value. Without it a magic throws. */
  readonly magic?: (magic: Magic, code: string) => unknown;
}

/** A cell that has been compiled, and has not run. */
export interface PreparedCell {
  /** Names that the cell uses and does not declare. */
  readonly mentions: ReadonlySet<string>;
  readonly declares: ReadonlyMap<string, NameKind>;
  readonly isAsync: boolean;
  /** Whether it imports or requires anything. */
  readonly loadsModules: boolean;
  /**
   * Runs the cell and returns the value of its last expression, `undefined` without one; a promise of it when `isAsync`.
   * Throws what the cell throws. Names that it declares exist from here on, also when it fails.
   */
  run(): unknown;
}

/** `ambient`: set by `declare`, not by a cell. */
export type KnownKind = NameKind | 'ambient';

const NONE: ReadonlySet<string> = new Set();

export class Evaluator {
  readonly #folder: string;
  readonly #hooks: CellHooks;
  readonly #modules: Modules;
  readonly #names = new Map<string, KnownKind>();
  /** Names for which a script-scope `let` exists: once there, it is there for ever. */
  readonly #scope = new Set<string>();
  #touched: readonly string[] = [];
  readonly #setters = new Map<string, (value: unknown) => void>();
  /** Cells so far whose name had come up before. */
  #repeats = 0;
  /** What `declare` last gave a name, which `forget` goes back to. */
  readonly #ambients = new Map<string, unknown>();
  readonly #rules = {
    builtins: new Set<string>(),
    shadowed: new Set<string>(),
    constants: new Set<string>(),
    missing: new Set<string>(),
  } satisfies NameRules;
  readonly #plainRules: NameRules = { builtins: this.#rules.builtins, shadowed: NONE, constants: NONE, missing: NONE };

  constructor(options: EvaluatorOptions) {
    const modules = new Modules(options);
    this.#folder = options.folder;
    this.#modules = modules;
    this.#hooks = { ...options, modules };
    installStacks();
    readOperands((name) => (this.#names.has(name) ? { value: this.read(name) } : undefined));
  }

  /**
   * Compiles a cell. `name` is what its errors call it, such as `In[3]`. Throws a {@link CellSyntaxError}; nothing of the cell
   * has run then, and no name is declared. Code that is a part of a cell comes with the rest blanked out, and the whole as `shown`.
   */
  prepare(code: string, name: string, shown = code): PreparedCell {
    try {
      return this.#prepare(code, name, shown);
    } catch (error) {
      // Such as a sum of 50,000 terms: each is a level of the tree.
      if (error instanceof RangeError)
        throw new SyntaxError('The cell nests too deep to be compiled', { cause: error });
      if (!(error instanceof CellSyntaxError)) throw error;
      const told = shown === code ? error : error.within(shown);
      told.label ??= name;
      throw told;
    }
  }

  #prepare(code: string, name: string, shown: string): PreparedCell {
    this.#seeBuiltins();
    const rewritten = rewrite(code, this.#rules);
    const file = this.#fileFor(name);
    sources.addCell(file, { label: name, code, shown, rules: this.#rulesFor(rewritten) });
    if (rewritten.loadsModules) this.#modules.hookImports();
    const requires = rewritten.mentions.has('require');
    if (requires) this.#modules.hookRequire();
    const script = this.#compile(rewritten, code, file);
    const { mentions, declares, isAsync } = rewritten;
    const run = () => {
      this.#touched = [...declares.keys(), ...mentions];
      this.#provide(mentions);
      this.#declareAll(declares);
      const body = script.runInThisContext() as (context: CellContext) => unknown;
      return body(new CellContext(this.#hooks, file, code, rewritten));
    };
    return { mentions, declares, isAsync, loadsModules: requires || rewritten.loadsModules, run };
  }

  /** Names that the cell which ran last declares or mentions. */
  touched(): readonly string[] {
    return this.#touched;
  }

  /** Every name that a cell can use now without importing it, built-ins apart. */
  names(): ReadonlyMap<string, KnownKind> {
    return this.#names;
  }

  /** The value of a known name; `undefined` for others. Runs no code of the user. */
  read(name: string): unknown {
    if (!this.#names.has(name)) return undefined;
    return vm.runInThisContext(this.#slotFor(name));
  }

  /**
   * Declares a name from outside, or sets it anew. A cell may take the name for itself: then its value stays, and `forget`
   * brings back the last one given here.
   */
  declare(name: string, value: unknown): void {
    this.#seeBuiltins();
    this.#ambients.set(name, value);
    const kind = this.#names.get(name);
    if (kind !== undefined && kind !== 'ambient') return;
    this.#set(name, 'ambient');
    this.#assign(name, value);
  }

  /**
   * Makes a name as if no cell had declared it: a built-in that it hid is back, so is what `declare` gave; any other throws a
   * ReferenceError in cells prepared from now on. Its value is let go.
   */
  forget(name: string): void {
    const kind = this.#names.get(name);
    if (kind === undefined || kind === 'ambient') return;
    this.#names.delete(name);
    this.#rules.constants.delete(name);
    this.#assign(name, undefined);
    if (this.#rules.shadowed.delete(name)) return;
    if (this.#ambients.has(name)) this.declare(name, this.#ambients.get(name));
    // A global that a cell made after its first: it stands behind the script-scope name, which is there to stay.
    else if (Object.hasOwn(globalThis, name)) this.#assign(name, (globalThis as Record<string, unknown>)[name]);
    else this.#rules.missing.add(name);
  }

  /** Takes the names that are there before the first cell, those that the session adds included. */
  #seeBuiltins(): void {
    if (this.#rules.builtins.size > 0) return;
    for (const name of Object.getOwnPropertyNames(globalThis)) this.#rules.builtins.add(name);
  }

  #compile(rewritten: Rewritten, code: string, file: string): vm.Script {
    try {
      return new vm.Script(rewritten.code, {
        filename: file,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
    } catch (error) {
      throw compileError(error, file, code);
    }
  }

  /** A file in the notebook's folder, so that `import()` starts there. A name used again gets a number: old code keeps its text. */
  #fileFor(name: string): string {
    const base = join(this.#folder, name.replace(/[/\\]/g, '_'));
    return sources.hasCell(`${base}.ts`) ? `${base}~${++this.#repeats}.ts` : `${base}.ts`;
  }

  /** The part of the rules that this cell's code depends on, as they are now. */
  #rulesFor({ mentions, writes }: Rewritten): NameRules {
    const among = (set: ReadonlySet<string>, names: ReadonlySet<string>) => {
      const found = set.size === 0 ? [] : [...names].filter((name) => set.has(name));
      return found.length === 0 ? NONE : new Set(found);
    };
    const shadowed = among(this.#rules.shadowed, mentions);
    const constants = among(this.#rules.constants, writes);
    const missing = among(this.#rules.missing, mentions);
    // Nearly every cell: then all share one.
    if (shadowed === NONE && constants === NONE && missing === NONE) return this.#plainRules;
    return { builtins: this.#rules.builtins, shadowed, constants, missing };
  }

  /** `require`, `__filename` and `__dirname` exist from the first cell that uses them: packages ask for them to tell Node apart. */
  #provide(mentions: ReadonlySet<string>): void {
    for (const [name, value] of this.#modules.globals())
      if (mentions.has(name) && !this.#names.has(name)) this.declare(name, value());
  }

  #declareAll(declares: ReadonlyMap<string, NameKind>): void {
    const fresh = [...declares.keys()].map((name) => this.#slotFor(name)).filter((name) => !this.#scope.has(name));
    if (fresh.length > 0) this.#open(fresh);
    for (const [name, kind] of declares) this.#set(name, kind);
  }

  #set(name: string, kind: KnownKind): void {
    this.#names.set(name, kind);
    this.#rules.missing.delete(name);
    if (kind === 'const' || kind === 'import') this.#rules.constants.add(name);
    else this.#rules.constants.delete(name);
    if (this.#rules.builtins.has(name)) this.#rules.shadowed.add(name);
  }

  /** Declares script-scope names, once for ever. */
  #open(names: readonly string[]): void {
    try {
      vm.runInThisContext(`let ${names.join(', ')};`);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // A script of the user's own, or an interrupt at a bad moment, has made one of them: it is there, which is all we want.
      if (names.length > 1) for (const name of names) this.#open([name]);
    }
    for (const name of names) this.#scope.add(name);
  }

  #assign(name: string, value: unknown): void {
    const slot = this.#slotFor(name);
    if (!this.#scope.has(slot)) this.#open([slot]);
    let setter = this.#setters.get(slot);
    if (setter === undefined) {
      setter = vm.runInThisContext(`(value) => { "use strict"; ${slot} = value; }`) as (value: unknown) => void;
      this.#setters.set(slot, setter);
    }
    setter(value);
  }

  #slotFor(name: string): string {
    return this.#rules.builtins.has(name) ? aliasOf(name) : name;
  }
}
