// The statements of a cell's body: declarations become assignments, the last expression becomes the value.
import type {
  BindingPattern,
  CallExpression,
  Class,
  Expression,
  Function as FunctionNode,
  Node,
  Program,
  Statement,
  TryStatement,
  VariableDeclaration,
} from 'oxc-parser';
import type { Edits } from './edits.ts';
import type { ModuleStatement } from './imports.ts';
import { MAGIC_MARK } from './magic-lines.ts';
import { aliasOf, isGenerated, type NameKind } from './names.ts';
import type { BodyVar } from './walk.ts';

/** A function declaration of the body, lifted out of the text to be assigned before anything runs. */
export interface LiftedFunction {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Body {
  readonly declares: Map<string, NameKind>;
  readonly functions: LiftedFunction[];
  readonly modules: ModuleStatement[];
  /** Magics that stand before everything but imports, with an import below: they are lifted out, to run before it. */
  readonly heads: readonly { readonly start: number; readonly end: number }[];
}

type BodyStatement = Program['body'][number];

export interface BodyRequest {
  /** The cell's own text. */
  readonly code: string;
  readonly js: string;
  readonly program: Program;
  readonly vars: readonly BodyVar[];
  /** Whether a last expression is the person's own, and so the cell's value. */
  readonly endsInExpression: boolean;
  /** Names that the session keeps under an alias when a cell declares them. */
  readonly builtins: ReadonlySet<string>;
}

export function rewriteStatements(request: BodyRequest, edits: Edits): Body {
  const writer = new Writer(request, edits);
  writer.body(request.program.body);
  writer.liftHeads(request.program.body);
  writer.vars();
  return writer;
}

class Writer implements Body {
  readonly declares = new Map<string, NameKind>();
  readonly functions: LiftedFunction[] = [];
  readonly modules: ModuleStatement[] = [];
  readonly heads: { start: number; end: number }[] = [];
  readonly #request: BodyRequest;
  readonly #edits: Edits;
  readonly #direct = new Set<VariableDeclaration>();

  constructor(request: BodyRequest, edits: Edits) {
    this.#request = request;
    this.#edits = edits;
  }

  body(statements: readonly BodyStatement[]): void {
    const last = statements.findLast((node) => node.type !== 'EmptyStatement' && !isExportList(node));
    for (const [index, node] of statements.entries()) this.#statement(node, node === last, statements[index + 1]);
  }

  /** `%npm install x` above `import 'x'` must have run before the import, which otherwise comes before all. */
  liftHeads(statements: readonly BodyStatement[]): void {
    const lastImport = this.modules.at(-1);
    if (lastImport === undefined) return;
    for (const node of statements) {
      if (node.start > lastImport.start) return;
      if (isMagic(node)) {
        this.heads.push({ start: node.start, end: node.end });
        this.#edits.lift(node.start, node.end);
      } else if (node.type !== 'ImportDeclaration' && node.type !== 'EmptyStatement') return;
    }
  }

  /** `var` declarations inside of blocks and loop heads. */
  vars(): void {
    for (const { node, place } of this.#request.vars) {
      if (this.#direct.has(node) || this.#isGenerated(node)) continue;
      for (const { id } of node.declarations) this.#declare(id, 'var');
      const first = node.declarations[0]!.start;
      if (place === 'each') this.#edits.replace(node.start, first, '');
      else this.#assign(node, '');
    }
  }

  #statement(node: BodyStatement, isLast: boolean, next: BodyStatement | undefined): void {
    const edits = this.#edits;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        this.modules.push(node);
        return;
      case 'ExportNamedDeclaration':
        if (node.source) this.modules.push(node);
        else if (node.declaration) {
          edits.replace(node.start, node.declaration.start, '');
          this.#statement(node.declaration as Statement, isLast, next);
        } else edits.replace(node.start, node.end, ';');
        return;
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        edits.replace(node.start, declaration.start, '');
        if (isDeclaration(declaration)) this.#statement(declaration as Statement, isLast, next);
        else this.#expression(declaration as Expression, node.end, isLast ? ';return (' : ';(');
        return;
      }
      case 'VariableDeclaration':
        this.#variables(node, next);
        return;
      case 'FunctionDeclaration':
        this.#function(node as FunctionNode);
        return;
      case 'ClassDeclaration':
        this.#class(node as Class);
        return;
      case 'ExpressionStatement':
        if (isLast && this.#request.endsInExpression) this.#expression(node.expression, node.end, ';return (');
        return;
      case 'TryStatement':
        // `using` at the top: the transform puts the whole body into a `try` whose `finally` disposes.
        if (isLast && isDisposal(node, this.#request)) this.body(node.block.body);
        return;
      default:
    }
  }

  #expression(node: Expression, end: number, before: string): void {
    this.#edits.open(node.start, before);
    this.#edits.replace(node.end, end, ');');
  }

  /** Assigned before anything runs, as hoisting has it; without its own name, so that a recursion sees a redefinition. */
  #function(node: FunctionNode): void {
    const { name, start, end } = node.id!;
    this.#edits.replace(start, end, '');
    this.#edits.lift(node.start, node.end);
    this.declares.set(name, 'function');
    this.functions.push({ name, start: node.start, end: node.end });
  }

  #class(node: Class): void {
    const { name, start, end } = node.id!;
    this.declares.set(name, 'class');
    this.#edits.open(node.start, `;${this.#target(name)} = `);
    this.#edits.replace(start, end, name);
    this.#edits.close(node.end, ';');
  }

  #variables(node: VariableDeclaration, next: BodyStatement | undefined): void {
    this.#direct.add(node);
    if (this.#isGenerated(node)) return;
    const kind = node.kind === 'let' || node.kind === 'var' ? node.kind : 'const';
    for (const { id, init } of node.declarations) {
      if (id.type === 'Identifier' && init && isEnum(init, id.name)) {
        // Only declarations of one cell merge: what an earlier cell called so is not extended.
        const argument = (init as CallExpression).arguments[0]!;
        if (!this.declares.has(id.name)) this.#edits.replace(argument.start, argument.end, '{}');
        this.declares.set(id.name, 'enum');
      } else this.#declare(id, id.type === 'Identifier' && opensNamespace(next, id.name) ? 'namespace' : kind);
    }
    this.#assign(node, ';');
  }

  /** `let a = 1, { b } = c, d` → `a = 1, ({ b } = c), d = undefined`. */
  #assign(node: VariableDeclaration, before: string): void {
    const edits = this.#edits;
    edits.replace(node.start, node.declarations[0]!.start, before);
    for (const { id, init, start, end } of node.declarations) {
      if (!init) {
        // A `var` without a value leaves what the name has.
        if (node.kind === 'var') edits.replace(start, end, 'void 0');
        else edits.close(end, ' = void 0');
      } else if (id.type === 'ObjectPattern') {
        edits.open(start, '(');
        edits.close(end, ')');
      } else if (id.type === 'Identifier' && this.#target(id.name) !== id.name && isAnonymous(init)) {
        // A function takes its name from what it is assigned to: not from the alias.
        edits.open(init.start, `{ ${id.name}: `);
        edits.close(init.end, ` }.${id.name}`);
      }
    }
  }

  #declare(node: BindingPattern | Node, kind: NameKind): void {
    switch (node.type) {
      case 'Identifier':
        if (!this.declares.has(node.name) || kind !== 'var') this.declares.set(node.name, kind);
        return;
      case 'AssignmentPattern':
        this.#declare(node.left as Node, kind);
        return;
      case 'RestElement':
        this.#declare(node.argument as Node, kind);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#declare(element as Node, kind);
        return;
      case 'ObjectPattern':
        for (const one of node.properties)
          this.#declare(one.type === 'Property' ? (one.value as Node) : (one as Node), kind);
        return;
      default:
    }
  }

  #target(name: string): string {
    return this.#request.builtins.has(name) ? aliasOf(name) : name;
  }

  #isGenerated(node: VariableDeclaration): boolean {
    return node.declarations.every(({ id }) => id.type === 'Identifier' && isGenerated(id.name, this.#request.code));
  }
}

function isMagic(node: BodyStatement): boolean {
  return (
    node.type === 'ExpressionStatement' && node.expression.type === 'Identifier' && node.expression.name === MAGIC_MARK
  );
}

function isExportList(node: BodyStatement): boolean {
  return node.type === 'ExportNamedDeclaration' && !node.declaration;
}

function isDeclaration(node: Node): boolean {
  return (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null;
}

function isAnonymous(node: Expression): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  return (node.type === 'FunctionExpression' || node.type === 'ClassExpression') && node.id === null;
}

/** `function(E) { … }(E || {})`, which the transform makes of an enum; `({})` when it is exported. */
function isEnum(node: Expression, name: string): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'FunctionExpression') return false;
  const [argument, ...rest] = node.arguments;
  const [param] = node.callee.params;
  if (argument === undefined || rest.length > 0 || param?.type !== 'Identifier' || param.name !== name) return false;
  if (argument.type === 'ObjectExpression') return argument.properties.length === 0;
  return argument.type === 'LogicalExpression' && argument.left.type === 'Identifier' && argument.left.name === name;
}

/** Whether a statement is `(function(_N) { … })(N || (N = {}))`, which follows `let N` for a namespace. */
function opensNamespace(node: BodyStatement | undefined, name: string): boolean {
  if (node?.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') return false;
  const [argument] = node.expression.arguments;
  return argument?.type === 'LogicalExpression' && argument.left.type === 'Identifier' && argument.left.name === name;
}

/** Whether the transform put the whole body into a `try`, to dispose of what `using` declares at the top. */
function isDisposal(node: TryStatement, { code, js }: BodyRequest): boolean {
  if (!node.finalizer) return false;
  const text = js.slice(node.finalizer.start, node.finalizer.end);
  const call = /^\{\s*(?:var _promise\d* = |await )?(_\w+)(?:\.d)?\(/.exec(text);
  if (call === null || !isGenerated(call[1]!, code)) return false;
  // What stands in a block keeps its `const`; the top's declarations became `var`.
  return !node.block.body.some(
    (one) =>
      one.type === 'VariableDeclaration' &&
      one.kind === 'const' &&
      one.declarations.some(
        ({ init }) => init !== null && /^_(?:usingCtx\d*\.[ua]|_using)\(/.test(js.slice(init.start)),
      ),
  );
}
