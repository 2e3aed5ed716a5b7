// What the cells' names stand for, in a line each, told to the front behind each cell: what it can say of them while the next cell is in a
// loop. Runs no code of a value: no getter, no proxy, no way of its own of being shown.
import { types } from 'node:util';
import { glance } from '../display/glance.ts';
import type { Formatter } from '../display/render.ts';
import { cut } from '../display/text.ts';
import { typeName } from '../display/type-name.ts';

// Kept before a cell can replace it.
const now = performance.now.bind(performance);

/** What has changed: name → type and value, `null` for a name that is gone. */
export type Seen = Readonly<Record<string, string | null>>;

export interface SnapshotSource {
  names(): ReadonlyMap<string, unknown>;
  /** Names that the last cell declares or mentions. */
  touched(): Iterable<string>;
  read(name: string): unknown;
}

/** Time that one look may take, in ms, beyond the names that the cell has touched; the others are looked at in turn. */
const BUDGET = 0.5;
/** A value that takes longer than this, in ms, is not looked at again: its keys alone are many. */
const SLOW = 1;
/** Characters of a value. */
const WIDTH = 300;

export class Snapshot {
  readonly #source: SnapshotSource;
  readonly #formatters: readonly Formatter[];
  readonly #told = new Map<string, string>();
  readonly #slow = new WeakSet<object>();
  /** The names whose turn is next. */
  #turn: Iterator<string> | undefined;

  constructor(source: SnapshotSource, formatters: readonly Formatter[]) {
    this.#source = source;
    this.#formatters = formatters;
  }

  /** What is new since the last look; `undefined` when nothing is. */
  changes(): Seen | undefined {
    const names = this.#source.names();
    const found: Record<string, string | null> = {};
    const look = (name: string) => {
      const value = this.#source.read(name);
      if (isObject(value) && this.#slow.has(value)) return;
      const start = now();
      const text = this.#describe(value);
      if (isObject(value) && now() - start > SLOW) this.#slow.add(value);
      if (this.#told.get(name) === text) return;
      this.#told.set(name, text);
      found[name] = text;
    };
    for (const name of this.#source.touched()) if (names.has(name)) look(name);
    const end = now() + BUDGET;
    for (let left = names.size; left > 0 && now() < end; left--) {
      const next = this.#turn?.next();
      if (!next || next.done) this.#turn = [...names.keys()].values();
      else if (names.has(next.value)) look(next.value);
    }
    for (const name of this.#told.keys()) {
      if (names.has(name)) continue;
      this.#told.delete(name);
      found[name] = null;
    }
    return Object.keys(found).length > 0 ? found : undefined;
  }

  #describe(value: unknown): string {
    if (typeof value === 'function') return 'function';
    const type = typeName(value);
    try {
      const row = this.#formatters.find(({ brief, matches }) => brief && matches(value));
      return `${type}${sizeOf(value)}\n\n${row?.brief?.(value) ?? cut(glance(value), WIDTH)}`;
    } catch {
      // A value that fights being looked at is told by its type.
      return type;
    }
  }
}

function sizeOf(value: unknown): string {
  if (types.isProxy(value)) return '';
  return Array.isArray(value) || types.isTypedArray(value) ? `(${value.length})` : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
