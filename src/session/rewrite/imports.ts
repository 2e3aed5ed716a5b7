// A cell's static imports → awaited dynamic imports at its head. What a module lacks is told when it has been loaded.
import type {
  ExportAllDeclaration,
  ExportNamedDeclaration,
  ImportAttribute,
  ImportDeclaration,
  ImportExpression,
} from 'oxc-parser';
import type { Edits } from './edits.ts';
import { isGenerated, type NameKind, RESERVED } from './names.ts';

/** A statement that names a module. */
export type ModuleStatement = ImportDeclaration | ExportNamedDeclaration | ExportAllDeclaration;

/** One import of a cell, as its run needs to know it. */
export interface CellImport {
  readonly specifier: string;
  /** The names asked of the module, `default` among them; none for `import * as x` and `import 'x'`. */
  readonly names: readonly string[];
  /** What the cell calls each of the names. */
  readonly locals: readonly string[];
  /** Where the statement stands, an offset into the JavaScript. */
  readonly start: number;
}

/** An `import(x)` of a cell. */
export interface LateImport {
  /** Where the text tells. */
  readonly specifier: string | undefined;
  /** Where it stands, an offset into the JavaScript. */
  readonly start: number;
}

/** A statement that loads a module and binds its names. */
export interface Loading {
  readonly text: string;
  readonly start: number;
  /** Whether the transform wrote it (JSX), which it does at the cell's head. */
  readonly generated: boolean;
}

export interface Imports {
  readonly list: readonly CellImport[];
  readonly declares: ReadonlyMap<string, NameKind>;
  /** The statements that load and bind, in order; `target` tells what the session calls a name. */
  prologue(target: (name: string) => string): Loading[];
}

interface Binding {
  readonly imported: string;
  readonly local: string;
}

interface Entry {
  readonly start: number;
  readonly call: string;
  readonly bindings: readonly Binding[];
  readonly namespace: string | undefined;
  /** Whether the transform wrote it (JSX): its names are the cell's alone. */
  readonly generated: boolean;
}

/** Takes the statements out of the text; `code` is the cell's own. */
export function writeImports(code: string, statements: readonly ModuleStatement[], edits: Edits): Imports {
  const list: CellImport[] = [];
  const entries: Entry[] = [];
  const declares = new Map<string, NameKind>();
  for (const node of statements) {
    edits.replace(node.start, node.end, '');
    const specifier = node.source!.value;
    const { bindings, namespace } = namesOf(node);
    // `import { type T } from 'x'` leaves `import 'x'`, which nobody wrote.
    if (node.type === 'ImportDeclaration' && node.specifiers.length === 0 && !importsForEffect(code, specifier))
      continue;
    const locals = [...bindings.map((one) => one.local), ...(namespace === undefined ? [] : [namespace])];
    const generated = locals.length > 0 && locals.every((name) => isGenerated(name, code));
    if (!generated && node.type === 'ImportDeclaration') for (const name of locals) declares.set(name, 'import');
    const load = `import(${JSON.stringify(specifier)}${attributes(node.attributes)})`;
    const call = `await ${RESERVED}.await(${RESERVED}.imported(() => ${load}, ${list.length}))`;
    list.push({
      specifier,
      names: bindings.map((one) => one.imported),
      locals: bindings.map((one) => one.local),
      start: node.start,
    });
    const binds = node.type === 'ImportDeclaration';
    entries.push({
      start: node.start,
      call,
      generated,
      bindings: binds ? bindings : [],
      namespace: binds ? namespace : undefined,
    });
  }
  return {
    list,
    declares,
    prologue: (target) =>
      entries.map((entry) => ({ text: bind(entry, target), start: entry.start, generated: entry.generated })),
  };
}

/**
 * `import(x)` → `$$tensorcell.late(n, (s, o) => import(s, o), x)`: what `x` names may have to be installed first, a failure is told
 * at its line and not remembered for ever.
 */
export function writeLateImports(nodes: readonly ImportExpression[], edits: Edits): LateImport[] {
  const list: LateImport[] = [];
  for (const { source, start } of nodes) {
    edits.replace(start, source.start, `${RESERVED}.late(${list.length}, (s, o) => import(s, o), `);
    const isKnown = source.type === 'Literal' && typeof source.value === 'string';
    list.push({ specifier: isKnown ? (source.value as string) : undefined, start });
  }
  return list;
}

function bind({ call, bindings, namespace, generated }: Entry, target: (name: string) => string): string {
  const pattern = `{ ${bindings.map((one) => `${key(one.imported)}: ${target(one.local)}`).join(', ')} }`;
  if (generated) return `const ${pattern} = ${call};`;
  if (namespace === undefined) return bindings.length === 0 ? `${call};` : `(${pattern} = ${call});`;
  const name = target(namespace);
  return bindings.length === 0 ? `${name} = ${call};` : `(${pattern} = ${name} = ${call});`;
}

function namesOf(node: ModuleStatement): { bindings: Binding[]; namespace: string | undefined } {
  const bindings: Binding[] = [];
  let namespace: string | undefined;
  if (node.type === 'ExportAllDeclaration') return { bindings, namespace };
  for (const one of node.specifiers) {
    if (one.type === 'ImportNamespaceSpecifier') namespace = one.local.name;
    else if (one.type === 'ImportDefaultSpecifier') bindings.push({ imported: 'default', local: one.local.name });
    else if (one.type === 'ImportSpecifier') bindings.push({ imported: nameOf(one.imported), local: one.local.name });
    else bindings.push({ imported: nameOf(one.local), local: nameOf(one.exported) });
  }
  return { bindings, namespace };
}

function nameOf(node: { type: string; name?: unknown; value?: unknown }): string {
  return String(node.type === 'Literal' ? node.value : node.name);
}

function key(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

function attributes(list: readonly ImportAttribute[]): string {
  if (list.length === 0) return '';
  const pairs = list.map((one) => `${key(nameOf(one.key))}: ${JSON.stringify(one.value.value)}`);
  return `, { with: { ${pairs.join(', ')} } }`;
}

function importsForEffect(code: string, specifier: string): boolean {
  return new RegExp(`import\\s*(['"])${specifier.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\1`).test(code);
}
