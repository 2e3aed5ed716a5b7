// What a cell's text tells of its names without being run: which it declares for later cells, and which words it mentions. Pure.
import { codeBesideMagics } from '../session/rewrite/magic-lines.ts';
import { type Node, parse } from '../session/rewrite/parser.ts';

/**
 * How later cells see a name: a variable that they may assign to, a type that has no value, a value that is no type, or what may be
 * both (a class, an import).
 */
export type DeclaredKind = 'variable' | 'type' | 'value' | 'both';

export interface CellNames {
  /** The cell with its magics blanked out, but for the code of `%time` and its kin: same length, same lines. */
  readonly plain: string;
  readonly lang: 'ts' | 'tsx';
  readonly declares: ReadonlyMap<string, DeclaredKind>;
  /** Words that may be names which the cell takes from elsewhere. More than are: those of comments and strings too. */
  readonly mentions: ReadonlySet<string>;
  /** Names that the cell's own text exports. */
  readonly exports: ReadonlySet<string>;
  /** Properties that the cell gives the global object, which later cells may use as names. */
  readonly globals: ReadonlySet<string>;
  /** `declare global` or `declare module '…'`: counts for every later cell. */
  readonly augments: boolean;
  /** Whether the text parses; what does not has no `declares`. */
  readonly valid: boolean;
}

export function cellNames(code: string): CellNames {
  const plain = codeBesideMagics(code);
  return namesOf(plain, parseEither(plain));
}

/** As `cellNames`, for a cell that is being typed: it parses with a name in place of the cursor, or its declarations are guessed. */
export function cellNamesAt(code: string, cursor: number): CellNames {
  const plain = codeBesideMagics(code);
  const parsed = parseEither(plain);
  if (parsed.valid) return namesOf(plain, parsed);
  const mended = parseEither(`${plain.slice(0, cursor)}x${plain.slice(cursor)}`);
  if (mended.valid) return namesOf(plain, mended);
  return { ...namesOf(plain, parsed), declares: new Map(guessDeclared(plain).map((name) => [name, 'value'])) };
}

const DECLARATION =
  /\b(?:const|let|var|function\*?|class|enum|interface|type|namespace|using)\s+(?:([\p{ID_Start}$_][\p{ID_Continue}$]*)|([[{][^=]*))/gu;

function guessDeclared(code: string): string[] {
  return [...code.matchAll(DECLARATION)].flatMap(([, name, pattern]) => name ?? pattern!.match(WORD) ?? []);
}

function namesOf(plain: string, { body, lang, valid }: ReturnType<typeof parseEither>): CellNames {
  const reader = new Reader();
  for (const node of body) reader.statement(node);
  return {
    plain,
    lang,
    declares: reader.declares,
    mentions: mentionsOf(plain),
    exports: reader.exports,
    globals: globalsOf(plain),
    augments: reader.augments,
    valid,
  };
}

/** A cell of literals and operators alone, such as `1 + 1`: nothing that types could say is worth a wait. */
export function isPlain(code: string): boolean {
  return /^(?:\s|\d[\d_.]*n?|'[^'\\\n]*'|"[^"\\\n]*"|\b(?:true|false|null|undefined)\b|[-+*/%()<>=!&|^~?:,;.[\]])*$/.test(
    code,
  );
}

/** As the rewrite does: TypeScript, and JSX where that does not parse. */
function parseEither(code: string): { body: readonly Node[]; lang: 'ts' | 'tsx'; valid: boolean } {
  for (const lang of ['ts', 'tsx'] as const) {
    const { errors, program } = parse(code, lang);
    if (errors.length === 0) return { body: program().body, lang, valid: true };
    if (!code.includes('<')) break;
  }
  return { body: [], lang: /<\/|\/>/.test(code) ? 'tsx' : 'ts', valid: false };
}

const WORD = /(?<![\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

function mentionsOf(code: string): Set<string> {
  const found = new Set<string>();
  for (const { 0: word, index } of code.matchAll(WORD)) {
    // A member's name, not the name after a spread.
    if (code[index - 1] === '.' && code[index - 2] !== '.') continue;
    found.add(word);
  }
  return found;
}

function globalsOf(code: string): Set<string> {
  const found = new Set<string>();
  if (!code.includes('global')) return found;
  for (const [, name] of code.matchAll(
    /\bglobal(?:This)?(?:\s+as\s+\w+\))?\s*\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\??\??=(?!=)/gu,
  ))
    found.add(name!);
  return found;
}

/** Reads the statements of a cell, and those in its blocks for `var`. */
class Reader {
  readonly declares = new Map<string, DeclaredKind>();
  readonly exports = new Set<string>();
  augments = false;

  statement(node: Node): void {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) this.#add(local.name, 'both');
        return;
      case 'TSImportEqualsDeclaration':
        this.#add(node.id.name, 'both');
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#exported(node.declaration as Node);
        for (const { exported } of node.specifiers) if (exported.type === 'Identifier') this.exports.add(exported.name);
        return;
      case 'ExportDefaultDeclaration':
        if (node.declaration.type !== 'Identifier') this.statement(node.declaration as Node);
        return;
      case 'VariableDeclaration':
        for (const { id } of node.declarations)
          this.#pattern(id as Node, node.kind === 'let' || node.kind === 'var' ? 'variable' : 'value');
        return;
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        if (node.id) this.#add(node.id.name, 'value');
        return;
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
        if (node.id) this.#add(node.id.name, 'both');
        return;
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        this.#add(node.id.name, 'type');
        return;
      case 'TSModuleDeclaration':
        if (node.id.type === 'Identifier' && node.id.name !== 'global') this.#add(node.id.name, 'both');
        else if (node.id.type === 'Literal' || node.id.type === 'Identifier') this.augments = true;
        return;
      default:
        this.#vars(node);
    }
  }

  #exported(node: Node): void {
    const before = new Set(this.declares.keys());
    this.statement(node);
    for (const name of this.declares.keys()) if (!before.has(name)) this.exports.add(name);
  }

  /** `var` in blocks, loops and the like reaches the top; what stands in a function does not. */
  #vars(node: Node): void {
    if (node.type === 'VariableDeclaration') {
      if (node.kind === 'var') for (const { id } of node.declarations) this.#pattern(id as Node, 'variable');
      return;
    }
    if (!/Statement$|^(?:SwitchCase|CatchClause)$/.test(node.type) || node.type === 'ExpressionStatement') return;
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) this.#vars(child);
    }
  }

  #pattern(node: Node, kind: DeclaredKind): void {
    switch (node.type) {
      case 'Identifier':
        this.#add(node.name, kind);
        return;
      case 'AssignmentPattern':
        this.#pattern(node.left as Node, kind);
        return;
      case 'RestElement':
        this.#pattern(node.argument as Node, kind);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element as Node, kind);
        return;
      case 'ObjectPattern':
        for (const one of node.properties) this.#pattern((one.type === 'Property' ? one.value : one) as Node, kind);
        return;
      default:
    }
  }

  #add(name: string, kind: DeclaredKind): void {
    this.declares.set(name, mergeKinds(this.declares.get(name), kind));
  }
}

/** What a name is once something more is declared of it: a type and a value of one name are both. */
export function mergeKinds(had: DeclaredKind | undefined, kind: DeclaredKind): DeclaredKind {
  return had !== undefined && had !== kind && (had === 'type' || kind === 'type') ? 'both' : kind;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
