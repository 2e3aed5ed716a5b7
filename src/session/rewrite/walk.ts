// What the rewrite has to know of a cell: names, awaits, imports, `var`s. Walks the tree once, changes nothing.
import type {
  ArrowFunctionExpression,
  AwaitExpression,
  BindingPattern,
  ForOfStatement,
  Function as FunctionNode,
  ImportExpression,
  MetaProperty,
  Node,
  Program,
  VariableDeclaration,
} from 'oxc-parser';
import { type Name, type Reference, Scopes } from './scope.ts';

/** A `var` of the cell's body, at any depth of blocks, and the loop head it stands in, if it does. */
export interface BodyVar {
  readonly node: VariableDeclaration;
  readonly place: 'statement' | 'for' | 'each';
}

export interface Analysis {
  /** References that reach the outermost scope, in no order. */
  readonly references: readonly Reference[];
  readonly awaits: readonly AwaitExpression[];
  readonly awaitedLoops: readonly ForOfStatement[];
  /** Whether the cell's body itself awaits, outside of any function. */
  readonly awaitsAtTop: boolean;
  readonly metas: readonly MetaProperty[];
  /** `import()` expressions. */
  readonly lateImports: readonly ImportExpression[];
  readonly vars: readonly BodyVar[];
  /** Names of the cell's own async functions: their awaits are guarded, so what they return is not. */
  readonly asyncFunctions: ReadonlySet<string>;
}

/** Walks a program parsed as a module, with parentheses kept. */
export function analyze(program: Program): Analysis {
  const walk = new Walk();
  for (const statement of program.body) walk.visit(statement);
  return walk.result();
}

class Walk {
  readonly #scopes = new Scopes();
  /** Functions around what is walked. */
  #depth = 0;
  readonly #found = {
    awaits: [] as AwaitExpression[],
    awaitedLoops: [] as ForOfStatement[],
    awaitsAtTop: false,
    metas: [] as MetaProperty[],
    lateImports: [] as ImportExpression[],
    vars: [] as BodyVar[],
    asyncFunctions: new Set<string>(),
  };

  result(): Analysis {
    return { ...this.#found, references: this.#scopes.references };
  }

  visit(node: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.#scopes.refer(node, 'read');
        return;
      case 'MemberExpression':
        this.visit(node.object);
        if (node.computed) this.visit(node.property);
        return;
      case 'Property':
        if (node.computed) this.visit(node.key);
        if (node.shorthand && node.value.type === 'Identifier') this.#scopes.refer(node.value, 'read', true);
        else this.visit(node.value);
        return;
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if (node.computed) this.visit(node.key);
        if (node.value) this.visit(node.value);
        return;
      case 'LabeledStatement':
        this.visit(node.body);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        if (node.type === 'ImportDeclaration') for (const one of node.specifiers) this.#scopes.bind(one.local, 'let');
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.visit(node.declaration);
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#found.metas.push(node);
        return;
      case 'ImportExpression':
        this.#found.lateImports.push(node);
        this.#children(node);
        return;
      case 'AwaitExpression':
        this.#found.awaits.push(node);
        if (this.#depth === 0) this.#found.awaitsAtTop = true;
        this.visit(node.argument);
        return;
      case 'AssignmentExpression':
        this.#assign(node.left as Node);
        this.visit(node.right);
        return;
      case 'UpdateExpression':
        this.#assign(node.argument as Node);
        return;
      case 'UnaryExpression':
        if (node.operator === 'typeof' && node.argument.type === 'Identifier')
          this.#scopes.refer(node.argument, 'type');
        else this.visit(node.argument);
        return;
      case 'VariableDeclaration':
        this.#declare(node, 'statement');
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node as FunctionNode | ArrowFunctionExpression);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.type === 'ClassDeclaration' && node.id) this.#scopes.bind(node.id, 'let');
        this.#scopes.within(false, () => {
          if (node.type === 'ClassExpression' && node.id) this.#scopes.add(node.id.name);
          if (node.superClass) this.visit(node.superClass);
          for (const decorator of node.decorators ?? []) this.visit(decorator);
          this.visit(node.body);
        });
        return;
      case 'StaticBlock':
        this.#depth++;
        this.#scopes.within(true, () => this.#children(node));
        this.#depth--;
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#scopes.within(false, () => this.#loop(node));
        return;
      case 'BlockStatement':
      case 'SwitchStatement':
        this.#scopes.within(false, () => this.#children(node));
        return;
      case 'CatchClause':
        this.#scopes.within(false, () => {
          if (node.param) this.#pattern(node.param, 'let');
          this.visit(node.body);
        });
        return;
      default:
        this.#children(node);
    }
  }

  /** Every node below `node`, whatever its kind: the tree is plain JSON, so its keys are walked as they come. */
  #children(node: Node): void {
    for (const value of Object.values(node) as unknown[]) {
      if (value === null || typeof value !== 'object') continue;
      if (Array.isArray(value)) {
        for (const one of value as unknown[]) if (isNode(one)) this.visit(one);
      } else if (isNode(value)) this.visit(value);
    }
  }

  #loop(node: Node & { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }): void {
    if (node.type === 'ForStatement') {
      if (node.init?.type === 'VariableDeclaration') this.#declare(node.init, 'for');
      else if (node.init) this.visit(node.init);
      if (node.test) this.visit(node.test);
      if (node.update) this.visit(node.update);
    } else {
      if (node.type === 'ForOfStatement' && node.await) {
        this.#found.awaitedLoops.push(node);
        if (this.#depth === 0) this.#found.awaitsAtTop = true;
      }
      if (node.left.type === 'VariableDeclaration') this.#declare(node.left, 'each');
      else this.#assign(node.left as Node);
      this.visit(node.right);
    }
    this.visit(node.body);
  }

  #function(node: FunctionNode | ArrowFunctionExpression): void {
    if (node.type === 'FunctionDeclaration' && node.id) {
      this.#scopes.bind(node.id, 'let');
      if (node.async && !node.generator) this.#found.asyncFunctions.add(node.id.name);
    }
    this.#depth++;
    this.#scopes.within(true, () => {
      if (node.type === 'FunctionExpression' && node.id) this.#scopes.add(node.id.name);
      if (node.type !== 'ArrowFunctionExpression') this.#scopes.add('arguments');
      for (const param of node.params) this.#pattern(param as BindingPattern, 'let');
      if (node.body?.type === 'BlockStatement') for (const statement of node.body.body) this.visit(statement);
      else if (node.body) this.visit(node.body);
    });
    this.#depth--;
  }

  #declare(node: VariableDeclaration, place: BodyVar['place']): void {
    if (node.kind === 'var' && this.#depth === 0) this.#found.vars.push({ node, place });
    for (const { id, init } of node.declarations) {
      this.#pattern(id, node.kind === 'var' ? 'var' : 'let');
      if (!init) continue;
      this.visit(init);
      const isFunction = init.type === 'ArrowFunctionExpression' || init.type === 'FunctionExpression';
      if (isFunction && init.async && !init.generator && id.type === 'Identifier')
        this.#found.asyncFunctions.add(id.name);
    }
  }

  #pattern(node: BindingPattern, kind: 'let' | 'var'): void {
    this.#names(node, false, (name, shorthand) => this.#scopes.bind(name, kind, shorthand));
  }

  #assign(node: Node): void {
    this.#names(node, false, (name, shorthand) => this.#scopes.refer(name, 'write', shorthand));
  }

  /** Gives the names that a pattern or the target of an assignment sets; visits what else is in it. */
  #names(node: Node, shorthand: boolean, set: (name: Name, shorthand: boolean) => void): void {
    switch (node.type) {
      case 'Identifier':
        set(node, shorthand);
        return;
      case 'ParenthesizedExpression':
        this.#names(node.expression, shorthand, set);
        return;
      case 'AssignmentPattern':
        this.#names(node.left as Node, shorthand, set);
        this.visit(node.right);
        return;
      case 'RestElement':
        this.#names(node.argument as Node, false, set);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#names(element as Node, false, set);
        return;
      case 'ObjectPattern':
        for (const one of node.properties) {
          if (one.type === 'Property' && one.computed) this.visit(one.key);
          if (one.type === 'Property') this.#names(one.value as Node, one.shorthand, set);
          else this.#names(one as Node, false, set);
        }
        return;
      default:
        this.visit(node);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
