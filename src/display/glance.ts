// Any value in a line of text, in microseconds whatever its size: its first items, each in a word or two. Runs no code of the value.
import { types } from 'node:util';
import { typeName } from './type-name.ts';

/** Items shown of an array or an object; below the top, fewer. */
const ITEMS = [10, 4] as const;
/** Characters of a text inside. */
const TEXT = 60;

/** `[{ city: "Rome" }, { city: "Oslo" }, … 8 more]`; deeper than two levels a word for each value. */
export function glance(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > TEXT ? `${value.slice(0, TEXT)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'function':
      return 'function';
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value === null) return 'null';
  const items = ITEMS[depth];
  if (items === undefined || types.isProxy(value)) return typeName(value);
  if (types.isDate(value)) return dateText(value);
  if (Array.isArray(value) || types.isTypedArray(value))
    return `[${joined(elements(value, items, depth), value.length)}]`;
  if (types.isMap(value)) return `Map of ${sizeOfMap.call(value)}`;
  if (types.isSet(value)) return `Set of ${sizeOfSet.call(value)}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return typeName(value) === 'Object' ? '{}' : typeName(value);
  const shown = keys.slice(0, items).map((key) => `${key}: ${member(value, key, depth)}`);
  return `{ ${joined(shown, keys.length)} }`;
}

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;
const numberOfDate = Date.prototype.getTime;
const isoOfDate = Date.prototype.toISOString;

function dateText(date: Date): string {
  return Number.isNaN(numberOfDate.call(date)) ? 'Invalid Date' : isoOfDate.call(date);
}

function elements(array: ArrayLike<unknown>, items: number, depth: number): string[] {
  return Array.from({ length: Math.min(items, array.length) }, (_, index) => member(array, index, depth));
}

function member(holder: object, key: PropertyKey, depth: number): string {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  if (!property) return 'empty';
  return 'value' in property ? glance(property.value, depth + 1) : '[Getter]';
}

function joined(shown: readonly string[], count: number): string {
  return [...shown, ...(count > shown.length ? [`… ${count - shown.length} more`] : [])].join(', ');
}
