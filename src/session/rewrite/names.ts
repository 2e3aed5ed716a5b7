// The names of a cell's outermost scope, wherever they stand in it: which are the session's, and what each is called there.

import type { Edits } from './edits.ts';
import { MAGIC_MARK } from './magic-lines.ts';
import type { Reference } from './scope.ts';

/** The name of the cell function's one parameter, and the prefix that no name of a cell may have. */
export const RESERVED = '$$tensorcell';

/** What declared a name in a cell. */
export type NameKind = 'const' | 'let' | 'var' | 'function' | 'class' | 'import' | 'enum' | 'namespace';

/** What a cell's names mean in its session. */
export interface NameRules {
  /**
   * Names of built-ins. The session keeps a cell's variable of such a name under an alias: `const URL = …` must not take `URL`
   * from Node and every package, and undoing it is then no more than forgetting.
   */
  readonly builtins: ReadonlySet<string>;
  /** Built-ins whose name an earlier cell declared. */
  readonly shadowed: ReadonlySet<string>;
  /** Names that an earlier cell declared `const` or imported: assigning to one throws. */
  readonly constants: ReadonlySet<string>;
  /** Names that were declared once and are no longer: reading one throws. */
  readonly missing: ReadonlySet<string>;
}

export interface Names {
  readonly mentions: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** What the session calls a name that the cell declares. */
  target(name: string): string;
}

/** A declaration of a name that cannot be one; `start` is an offset into the JavaScript. */
export class ReservedName extends Error {
  readonly start: number;
  readonly text: string;

  constructor({ name, start }: Reference) {
    super(
      name.startsWith(RESERVED)
        ? `'${name}' is the session's own name: choose another`
        : `'${name}' cannot be declared: it is a fixed value of the language`,
    );
    this.start = start;
    this.text = name;
  }
}

/** The alias under which the session keeps a name of a built-in. */
export function aliasOf(name: string): string {
  return `${RESERVED}_${name}`;
}

/**
 * Whether the transform made a name: it and esbuild choose names with `_` in front that the text does not have.
 * `code` is the cell's text.
 */
export function isGenerated(name: string, code: string): boolean {
  if (name === 'babelHelpers') return !code.includes(name);
  if (!name.startsWith('_')) return false;
  for (let at = code.indexOf(name); at !== -1; at = code.indexOf(name, at + 1)) {
    const around = code.charAt(at - 1) + code.charAt(at + name.length);
    if (!/[\w$]/.test(around)) return false;
  }
  return true;
}

/** Renames, guards or refuses each reference. Throws {@link ReservedName}. */
export function rewriteReferences(
  code: string,
  references: readonly Reference[],
  declares: ReadonlyMap<string, NameKind>,
  rules: NameRules,
  edits: Edits,
): Names {
  const mentions = new Set<string>();
  const writes = new Set<string>();
  const target = (name: string) =>
    rules.builtins.has(name) && (declares.has(name) || rules.shadowed.has(name)) ? aliasOf(name) : name;
  let magics = 0;
  const change = (reference: Reference, text: string) =>
    edits.replace(reference.start, reference.end, reference.shorthand ? `${reference.name}: ${text}` : text);

  for (const reference of [...references].sort((a, b) => a.start - b.start)) {
    const { name, use } = reference;
    if (name === MAGIC_MARK) {
      change(reference, `(await ${RESERVED}.await(${RESERVED}.magic(${magics++})))`);
      continue;
    }
    if (isFixed(name) && use === 'bind') throw new ReservedName(reference);
    if (name.startsWith(RESERVED)) throw new ReservedName(reference);
    const kind = declares.get(name);
    if (kind === undefined) {
      if (isGenerated(name, code)) {
        if (name === 'babelHelpers') change(reference, `${RESERVED}.helpers`);
        continue;
      }
      mentions.add(name);
      if (use === 'write') writes.add(name);
    }
    const isConstant = kind === undefined ? rules.constants.has(name) : kind === 'const' || kind === 'import';
    if (use === 'write' && isConstant) change(reference, `${RESERVED}.constant.${name}`);
    else if (kind === undefined && rules.missing.has(name))
      change(reference, use === 'type' ? 'void 0' : `${RESERVED}.missing.${name}`);
    else if (target(name) !== name) change(reference, target(name));
  }
  return { mentions, writes, target };
}

function isFixed(name: string): boolean {
  return name === 'undefined' || name === 'NaN' || name === 'Infinity';
}
