// The cells as modules: which cell each name stands for now, and the text of the module that a cell becomes. Pure.
//
// A cell's module is one generated line, the cell, and a list of exports. The line imports the names that the cell mentions from the
// modules of the cells that declared them last, so earlier cells keep the types they were written against, and a redeclaration is
// only another import.
import { type CellNames, type DeclaredKind, mergeKinds } from './cell-names.ts';

/** Number of a cell's module; counts up, also over cells that run twice. */
export type ModuleId = number;

/** A cell on its way: the text of its module without exports. The cell begins at line 1 of it, counted from 0; a line follows. */
export interface Draft {
  readonly names: CellNames;
  readonly text: string;
  readonly needs: ReadonlySet<ModuleId>;
}

interface Module {
  readonly text: string;
  readonly lang: 'ts' | 'tsx';
  readonly needs: ReadonlySet<ModuleId>;
  /** Whether it imports packages, whose types had better stay read. */
  readonly imports: boolean;
}

/** Modules are `./__tensorcell_7` beside the notebook, which no file of a person is called. */
export const MODULE_PREFIX = '__tensorcell_';

/** What is imported for a name that every cell has without an import. */
const AMBIENT: Readonly<Record<string, string>> = { tf: "import * as tf from '@tensorflow/tfjs';" };

export class CellIndex {
  readonly #names = new Map<string, { readonly module: ModuleId; readonly kind: DeclaredKind }>();
  readonly #modules = new Map<ModuleId, Module>();
  readonly #augmenting = new Set<ModuleId>();
  readonly #globals = new Set<string>();
  #usesTensors = false;
  #count = 0;

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
    const lines = ['export {};'];
    const add = (name: string, module: ModuleId) => {
      needs.add(module);
      const list = imports.get(module);
      if (list) list.push(name);
      else imports.set(module, [name]);
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
        // A variable that is declared empty and filled by a later cell is taken for filled.
        lines.push(
          `declare let ${name}: typeof import('./${MODULE_PREFIX}${known.module}').${name};${name} = 0 as any as NonNullable<typeof ${name}>;`,
        );
      } else if (known) add(name, known.module);
      else if (Object.hasOwn(AMBIENT, name)) lines.push(AMBIENT[name]!);
    }
    for (const [module, list] of imports) lines.push(`import {${list.join(',')}} from './${MODULE_PREFIX}${module}';`);
    for (const module of this.#augmenting) lines.push(`import './${MODULE_PREFIX}${module}';`);
    // A variable may be assigned by a later cell: without this, a function of this one would take its first value for its last.
    const assigned = [...names.declares].flatMap(([name, kind]) => (kind === 'variable' ? `${name} = 0 as any;` : []));
    return { names, text: `${lines.join('')}\n${names.plain}\n;${assigned.join('')}`, needs };
  }

  /** Makes the names of a cell known to later ones. `opaque`: as values of any type, where its types can't be had. */
  commit({ names, text, needs }: Draft, { opaque = false } = {}): void {
    const { declares, exports, lang } = names;
    for (const name of names.globals) this.#globals.add(name);
    this.#usesTensors ||= text.includes(AMBIENT.tf!);
    if (declares.size === 0 && !names.augments) return;
    const module = ++this.#count;
    const list = [...declares.keys()].filter((name) => !exports.has(name));
    this.#modules.set(
      module,
      opaque
        ? { text: opaqueModule(declares.keys()), lang: 'ts', needs: new Set(), imports: false }
        : {
            text: `${text}export {${list.join(',')}};`,
            lang,
            needs,
            imports: /\b(?:import|from|require)\b/.test(names.plain),
          },
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
   * A text that imports what cells have imported: while the server has it, it keeps the types of those packages, which it would
   * else read again whenever a cell uses them after one that does not (tfjs: 100 ms of the processor and more).
   */
  keeper(): Pick<Draft, 'text' | 'needs'> {
    const needs = new Set([...this.#modules].flatMap(([id, { imports }]) => (imports ? [id] : [])));
    const lines = [...needs].map((id) => `import './${MODULE_PREFIX}${id}';`);
    return { text: `export {};${this.#usesTensors ? AMBIENT.tf : ''}${lines.join('')}`, needs };
  }

  module(id: ModuleId): Module | undefined {
    return this.#modules.get(id);
  }

  /** Those modules and all that they import, each once. */
  closure(of: Iterable<ModuleId>): Set<ModuleId> {
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
    const live = this.closure([...roots, ...this.#augmenting]);
    for (const id of this.#modules.keys()) if (!live.has(id)) this.#modules.delete(id);
  }
}

function opaqueModule(names: Iterable<string>): string {
  return [...names].map((name) => `export declare const ${name}: any;export type ${name} = any;`).join('');
}
