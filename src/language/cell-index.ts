// The cells as modules: which cell each name stands for now, and the text of the module that a cell becomes. Pure.
//
// A cell's module is one generated line, the cell, and a list of exports. The line imports the names that the cell mentions from the
// modules of the cells that declared them last, so earlier cells keep the types they were written against, and a redeclaration is
// only another import.
import { type CellNames, type DeclaredKind, mergeKinds } from './cell-names.ts';

/** Number of a cell's module; counts up, also over cells that run twice. */
export type ModuleId = number;

/** A cell on its way. In both texts the cell begins at line 1, counted from 0; a line follows. */
export interface Draft {
  readonly names: CellNames;
  /** Its module, without exports: imports names from the modules of the cells that declared them. */
  readonly text: string;
  /** The same for questions: imports all names from one module, so that one text is like the other in what it imports. */
  readonly question: string;
  readonly needs: ReadonlySet<ModuleId>;
}

interface Module {
  readonly text: string;
  readonly lang: 'ts' | 'tsx';
  readonly needs: ReadonlySet<ModuleId>;
}

/** Modules are `./__tensorcell_7` beside the notebook, which no file of a person is called. */
export const MODULE_PREFIX = '__tensorcell_';

/** The module that gives every name of the cells. */
export const NAMES_MODULE = `${MODULE_PREFIX}names`;

/** What is imported for a name that every cell has without an import. */
const AMBIENT: Readonly<Record<string, string>> = { tf: "import * as tf from '@tensorflow/tfjs';" };
const AMBIENT_EXPORTS = "export * as tf from '@tensorflow/tfjs';";

export class CellIndex {
  readonly #names = new Map<string, { readonly module: ModuleId; readonly kind: DeclaredKind }>();
  readonly #modules = new Map<ModuleId, Module>();
  readonly #augmenting = new Set<ModuleId>();
  readonly #globals = new Set<string>();
  #usesTensors = false;
  #count = 0;
  /** Made when asked for; absent after a change. */
  #namesText: string | undefined;

  /** Names that later cells can use. */
  names(): ReadonlyMap<string, { readonly kind: DeclaredKind }> {
    return this.#names;
  }

  /** Whether a cell gave the global object this property. */
  hasGlobal(name: string): boolean {
    return this.#globals.has(name);
  }

  /** The module that a cell would be now. */
  draft(names: CellNames): Draft {
    const needs = new Set<ModuleId>(this.#augmenting);
    const imports = new Map<ModuleId, string[]>();
    const [direct, asked]: [string[], string[]] = [[], []];
    const imported: string[] = [];
    const add = (name: string, module: ModuleId) => {
      needs.add(module);
      const list = imports.get(module);
      if (list) list.push(name);
      else imports.set(module, [name]);
      imported.push(name);
    };
    for (const name of names.mentions) {
      const known = this.#names.get(name);
      const own = names.declares.get(name);
      if (own !== undefined) {
        // The other half of a name that is a type here and a value there.
        if ((own === 'type' && known?.kind === 'value') || (own !== 'type' && own !== 'both' && known?.kind === 'type'))
          add(name, known.module);
      } else if (known?.kind === 'variable') {
        needs.add(known.module);
        const alias = `${MODULE_PREFIX}${name}`;
        imported.push(`${name} as ${alias}`);
        direct.push(declaration(name, `import('./${MODULE_PREFIX}${known.module}').${name}`));
        asked.push(declaration(name, alias));
      } else if (known) add(name, known.module);
      else if (Object.hasOwn(AMBIENT, name)) {
        direct.push(AMBIENT[name]!);
        if (this.#usesTensors) imported.push(name);
        else asked.push(AMBIENT[name]!);
      }
    }
    for (const [module, list] of imports) direct.push(`import {${list.join(',')}} from './${MODULE_PREFIX}${module}';`);
    for (const module of this.#augmenting) direct.push(`import './${MODULE_PREFIX}${module}';`);
    asked.push(`import {${imported.join(',')}} from './${NAMES_MODULE}';`);
    // A variable may be assigned by a later cell: without this, a function of this one would take its first value for its last.
    const assigned = [...names.declares].flatMap(([name, kind]) => (kind === 'variable' ? `${name} = 0 as any;` : []));
    const [text, question] = [direct, asked].map(
      (lines) => `export {};${lines.join('')}\n${names.plain}\n;${assigned.join('')}`,
    ) as [string, string];
    return { names, text, question, needs };
  }

  /** Makes the names of a cell known to later ones. `opaque`: as values of any type, where its types can't be had. */
  commit({ names, text, needs }: Draft, { opaque = false } = {}): void {
    const { declares, exports, lang } = names;
    for (const name of names.globals) this.#globals.add(name);
    this.#namesText = undefined;
    this.#usesTensors ||= text.includes(AMBIENT.tf!);
    if (declares.size === 0 && !names.augments) return;
    const module = ++this.#count;
    const list = [...declares.keys()].filter((name) => !exports.has(name));
    this.#modules.set(
      module,
      opaque
        ? { text: opaqueModule(declares.keys()), lang: 'ts', needs: new Set() }
        : { text: `${text}export {${list.join(',')}};`, lang, needs },
    );
    if (names.augments && !opaque) this.#augmenting.add(module);
    for (const [name, kind] of declares) {
      const had = this.#names.get(name)?.kind;
      const carried = had === 'value' && kind === 'type' ? had : had === 'type' ? had : undefined;
      this.#names.set(name, { module, kind: opaque ? 'both' : mergeKinds(carried, kind) });
    }
    this.#sweep();
  }

  /** Makes names unknown; without any, all that cells have left. */
  forget(names?: readonly string[]): void {
    this.#namesText = undefined;
    if (names) for (const name of names) this.#names.delete(name);
    else {
      this.#names.clear();
      this.#globals.clear();
      this.#augmenting.clear();
      this.#usesTensors = false;
    }
    this.#sweep();
  }

  /**
   * The module that gives every name of the cells. Questions import it alone, and it changes only behind a cell: the server reads anew
   * what a text leads to (600 files for tfjs) whenever the modules it names are others. It keeps the types of packages read, too.
   */
  namesModule(): string {
    if (this.#namesText !== undefined) return this.#namesText;
    const lists = new Map<ModuleId, string[]>();
    for (const [name, { module }] of this.#names) {
      const list = lists.get(module);
      if (list) list.push(name);
      else lists.set(module, [name]);
    }
    const lines = [...lists].map(([module, list]) => `export {${list.join(',')}} from './${MODULE_PREFIX}${module}';`);
    for (const module of this.#augmenting) lines.push(`import './${MODULE_PREFIX}${module}';`);
    const ambient = this.#usesTensors && !this.#names.has('tf') ? AMBIENT_EXPORTS : '';
    this.#namesText = `export {};${ambient}${lines.join('')}`;
    return this.#namesText;
  }

  /** The modules that some name leads to. */
  modules(): ReadonlyMap<ModuleId, Module> {
    return this.#modules;
  }

  module(id: ModuleId): Module | undefined {
    return this.#modules.get(id);
  }

  /** Those modules and all that they import, each once. */
  #closure(of: Iterable<ModuleId>): Set<ModuleId> {
    const found = new Set<ModuleId>();
    const todo = [...of];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      todo.push(...(this.#modules.get(id)?.needs ?? []));
    }
    return found;
  }

  /** Drops the modules that no name leads to any more. */
  #sweep(): void {
    const roots = [...this.#names.values()].map(({ module }) => module);
    const live = this.#closure([...roots, ...this.#augmenting]);
    for (const id of this.#modules.keys()) if (!live.has(id)) this.#modules.delete(id);
  }
}

/** A variable that is declared empty and filled by a later cell is taken for filled. */
function declaration(name: string, type: string): string {
  return `declare let ${name}: typeof ${type};${name} = 0 as any as NonNullable<typeof ${name}>;`;
}

function opaqueModule(names: Iterable<string>): string {
  return [...names].map((name) => `export declare const ${name}: any;export type ${name} = any;`).join('');
}
