// Which names a cell reads and writes beyond its inner scopes, and what else the rewrite has to touch. Reads the tree, changes nothing.
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

/** A place where a name of the cell's outermost scope, declared there or not, stands in the text. */
export interface Reference {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** `{ name }`: a change of the name must become `{ name: … }`. */
  readonly shorthand: boolean;
  /** `bind`: a declaration of the outermost scope; `type`: the operand of `typeof`, which forgives a missing name. */
  readonly use: 'read' | 'write' | 'bind' | 'type';
}

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
  /** Names of the cell's own async functions: their awaits are guarded, so awaiting them needs no guard. */
  readonly asyncFunctions: ReadonlySet<string>;
}

interface Scope {
  readonly names: Set<string>;
  readonly references: Reference[];
  /** Whether `var` ends here. */
  readonly isFunction: boolean;
  readonly parent: Scope | undefined;
}

/** Walks a program parsed as a module, with parentheses kept. */
export function analyze(program: Program): Analysis {
  const walk = new Walk();
  for (const statement of program.body) walk.visit(statement);
  return walk.result();
}

class Walk {
  readonly #top: Scope = { names: new Set(), references: [], isFunction: true, parent: undefined };
  #scope = this.#top;
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
    return { ...this.#found, references: this.#top.references };
  }

  visit(node: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, 'read');
        return;
      case 'MemberExpression':
        this.visit(node.object);
        if (node.computed) this.visit(node.property);
        return;
      case 'Property':
        if (node.computed) this.visit(node.key);
        if (node.shorthand) this.#shorthand(node.value, 'read');
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
        if (node.type === 'ImportDeclaration') for (const one of node.specifiers) this.#bind(one.local, 'let');
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
        if (node.operator === 'typeof' && node.argument.type === 'Identifier') this.#refer(node.argument, 'type');
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
        if (node.type === 'ClassDeclaration' && node.id) this.#bind(node.id, 'let');
        this.#within(false, () => {
          if (node.type === 'ClassExpression' && node.id) this.#scope.names.add(node.id.name);
          if (node.superClass) this.visit(node.superClass);
          for (const decorator of node.decorators ?? []) this.visit(decorator);
          this.visit(node.body);
        });
        return;
      case 'StaticBlock':
        this.#depth++;
        this.#within(true, () => this.#children(node));
        this.#depth--;
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#within(false, () => this.#loop(node));
        return;
      case 'BlockStatement':
      case 'SwitchStatement':
        this.#within(false, () => this.#children(node));
        return;
      case 'CatchClause':
        this.#within(false, () => {
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
      this.#bind(node.id, 'let');
      if (node.async && !node.generator) this.#found.asyncFunctions.add(node.id.name);
    }
    this.#depth++;
    this.#within(true, () => {
      if (node.type === 'FunctionExpression' && node.id) this.#scope.names.add(node.id.name);
      if (node.type !== 'ArrowFunctionExpression') this.#scope.names.add('arguments');
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

  #pattern(node: BindingPattern | Node, kind: 'let' | 'var', shorthand = false): void {
    switch (node.type) {
      case 'Identifier':
        this.#bind(node, kind, shorthand);
        return;
      case 'AssignmentPattern':
        this.#pattern(node.left as Node, kind, shorthand);
        this.visit(node.right);
        return;
      case 'RestElement':
        this.#pattern(node.argument as Node, kind);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element as Node, kind);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'Property' && property.computed) this.visit(property.key);
          if (property.type === 'Property') this.#pattern(property.value as Node, kind, property.shorthand);
          else this.#pattern(property as Node, kind);
        }
        return;
      default:
        this.visit(node);
    }
  }

  #bind(node: { start: number; end: number; name: string }, kind: 'let' | 'var', shorthand = false): void {
    let scope = this.#scope;
    while (kind === 'var' && !scope.isFunction && scope.parent) scope = scope.parent;
    scope.names.add(node.name);
    if (scope === this.#top) this.#record(this.#top, node, 'bind', shorthand);
  }

  /** The target of an assignment: names in it are written, the rest is read. */
  #assign(node: Node, shorthand = false): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, 'write', shorthand);
        return;
      case 'ParenthesizedExpression':
        this.#assign(node.expression);
        return;
      case 'AssignmentPattern':
        this.#assign(node.left as Node, shorthand);
        this.visit(node.right);
        return;
      case 'RestElement':
        this.#assign(node.argument as Node);
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#assign(element as Node);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type !== 'Property') this.#assign(property as Node);
          else {
            if (property.computed) this.visit(property.key);
            this.#assign(property.value as Node, property.shorthand);
          }
        }
        return;
      default:
        this.visit(node);
    }
  }

  #shorthand(node: Node, use: 'read'): void {
    if (node.type === 'Identifier') this.#refer(node, use, true);
    else this.visit(node);
  }

  #refer(node: { start: number; end: number; name: string }, use: Reference['use'], shorthand = false): void {
    this.#record(this.#scope, node, use, shorthand);
  }

  #record(
    scope: Scope,
    node: { start: number; end: number; name: string },
    use: Reference['use'],
    shorthand: boolean,
  ): void {
    // A binding's own end may hold a type annotation in a tree of TypeScript; the name's length never does.
    scope.references.push({ start: node.start, end: node.start + node.name.length, name: node.name, shorthand, use });
  }

  #within(isFunction: boolean, body: () => void): void {
    const parent = this.#scope;
    const scope: Scope = { names: new Set(), references: [], isFunction, parent };
    this.#scope = scope;
    body();
    this.#scope = parent;
    // Names are known only at the end of a scope (`var`, functions), so what it does not declare moves outwards then.
    for (const one of scope.references) if (!scope.names.has(one.name)) parent.references.push(one);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
