// Any value as text that reads well in 80 columns: util.inspect held within bounds, whatever the value does. Runs no getter.
import { type InspectOptions, inspect, types } from 'node:util';
import { count } from './numbers.ts';

/** Characters of text that a value may take before it is shown less deep, and at last cut. */
const lengthLimit = 20_000;

/** Properties looked at before a value counts as wide: inspect prints every key of an object, however many. */
const propertyLimit = 2_000;

/** Keys shown of one object that has more than that. */
const keysShown = 100;

/**
 * Text of a value in the manner of Node's REPL, without colours. Never throws; at most about 20,000 characters. `quiet`: the value's own
 * way of being shown is not asked for (default false).
 */
export function valueText(value: unknown, { quiet = false } = {}): string {
  if (typeof value === 'number' || typeof value === 'boolean') return Object.is(value, -0) ? '-0' : `${value}`;
  const wide = properties(value, 3, propertyLimit) >= propertyLimit;
  const shown = wide ? narrowed(value) : value;
  let text = '';
  // What a proxy hides may be wide (inspect looks behind it without running its traps): one try.
  for (const depth of wide ? [0] : types.isProxy(value) ? [1] : [4, 2, 1, 0]) {
    text = inspected(shown, depth, undefined, quiet);
    if (text.length <= lengthLimit) return text;
  }
  return cut(text, lengthLimit);
}

/** A value in one short line, for a table's cell. */
export function briefText(value: unknown, limit = 80): string {
  if (typeof value === 'string') return cut(value, limit);
  const wide = properties(value, 1, propertyLimit) >= propertyLimit;
  return cut(inspected(wide ? narrowed(value) : value, 0, limit).replace(/\s*\n\s*/g, ' '), limit);
}

/** Text that ends with how much of it was left out. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\ud800-\udbff]/.test(text[limit - 1]!) ? limit - 1 : limit;
  return limit < 200
    ? `${text.slice(0, end - 1)}…`
    : `${text.slice(0, end)}\n… ${count(text.length - end)} more characters`;
}

function inspected(value: unknown, depth: number, stringLimit = 10_000, quiet = false): string {
  const options = {
    depth,
    breakLength: 80,
    compact: 3,
    maxArrayLength: 100,
    maxStringLength: stringLimit,
    colors: false,
    customInspect: !quiet,
  };
  try {
    return withoutAsyncIds(inspect(value, options));
  } catch {
    return inspectedPlainly(value, options);
  }
}

/** Promises carry numbers of Node's own while a session follows which cell they belong to. */
const asyncIds = /,\s+\[?Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]?: (?:\d+|undefined)/g;

function withoutAsyncIds(text: string): string {
  const bare = text.replace(asyncIds, '');
  return bare === text ? text : bare.replace(/Promise \{\n\s+(.*)\n\s*\}/g, 'Promise { $1 }');
}

/** Without the value's own inspect method, which threw. A hostile `Symbol.toStringTag` still can. */
function inspectedPlainly(value: unknown, options: InspectOptions): string {
  try {
    return inspect(value, { ...options, customInspect: false });
  } catch {
    return `[${typeof value} that can not be shown: it throws when it is looked at]`;
  }
}

/** Counts properties down to `depth`, no further than `limit`. A proxy counts as one: its traps are not ours to run. */
function properties(value: unknown, depth: number, limit: number): number {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || ArrayBuffer.isView(value)) return 1;
  let found = 0;
  // `for in` takes keys one by one, where Object.keys would make a list of millions; inherited ones are rare and count too.
  for (const key in value) {
    if (++found >= limit || (Array.isArray(value) && found > 100)) break;
    const inner = depth > 0 ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
    if (typeof inner === 'object') found += properties(inner, depth - 1, limit - found);
  }
  return found;
}

/** A wide object with its first keys only, its class kept; other values as they are. */
function narrowed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || types.isProxy(value)) return value;
  const copy = Object.create(Object.getPrototypeOf(value));
  let keys = 0;
  for (const key in value) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (!descriptor) continue;
    if (keys++ < keysShown) Object.defineProperty(copy, key, descriptor);
  }
  if (keys > keysShown) copy[`… ${count(keys - keysShown)} more keys`] = more;
  return copy;
}

/** Prints as an ellipsis, where a string would be quoted. */
const more = { [inspect.custom]: () => '…' };
