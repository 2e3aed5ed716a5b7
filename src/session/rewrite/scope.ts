// The scopes of a cell while its tree is walked: which names end in an inner one, and which reach the outermost.

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

/** An identifier of the tree. */
export interface Name {
  readonly start: number;
  readonly name: string;
}

interface Scope {
  readonly names: Set<string>;
  readonly references: Reference[];
  /** Whether `var` ends here. */
  readonly isFunction: boolean;
  readonly parent: Scope | undefined;
}

export class Scopes {
  readonly #top: Scope = { names: new Set(), references: [], isFunction: true, parent: undefined };
  #scope = this.#top;

  /** References that reached the outermost scope, in no order. */
  get references(): readonly Reference[] {
    return this.#top.references;
  }

  /** Walks an inner scope. */
  within(isFunction: boolean, body: () => void): void {
    const parent = this.#scope;
    const scope: Scope = { names: new Set(), references: [], isFunction, parent };
    this.#scope = scope;
    body();
    this.#scope = parent;
    // Names are known only at the end of a scope (`var`, functions), so what it does not declare moves outwards then.
    for (const one of scope.references) if (!scope.names.has(one.name)) parent.references.push(one);
  }

  /** Declares a name in the scope that is walked; `var` in the function around it. */
  bind(node: Name, kind: 'let' | 'var', shorthand = false): void {
    let scope = this.#scope;
    while (kind === 'var' && !scope.isFunction && scope.parent) scope = scope.parent;
    scope.names.add(node.name);
    if (scope === this.#top) record(scope, node, 'bind', shorthand);
  }

  /** A name that is there without standing in the outermost scope's text: a function's own, `arguments`. */
  add(name: string): void {
    this.#scope.names.add(name);
  }

  refer(node: Name, use: Reference['use'], shorthand = false): void {
    record(this.#scope, node, use, shorthand);
  }
}

function record(scope: Scope, { start, name }: Name, use: Reference['use'], shorthand: boolean): void {
  scope.references.push({ start, end: start + name.length, name, shorthand, use });
}
