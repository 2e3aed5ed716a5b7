// One value as a cell of a table: a short line of text, where it stands, and whether it is missing at all.
import { types } from 'node:util';
import { findProperty } from '../peek.ts';
import { briefText, cut } from '../text.ts';
import { getter } from './records.ts';

/** Whether there is nothing there: null, undefined, NaN. */
export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

/** A value in at most `limit` characters of one line; `undefined` is blank. */
export function cellText(value: unknown, limit: number): string {
  if (value === undefined) return '';
  if (value === getter) return '[Getter]';
  if (typeof value === 'string')
    return cut(
      value.replace(/[\r\n\t]/g, (sign) => signs[sign]!),
      limit,
    );
  if (typeof value === 'bigint') return cut(String(value), limit);
  if (types.isDate(value)) return dateText(value);
  const own = ownText(value);
  return own === undefined ? briefText(value, limit) : cut(own, limit);
}

const signs: Record<string, string> = { '\r': '␍', '\n': '⏎', '\t': '⇥' };

/** A day, or a moment in UTC. */
function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  if (Number.isNaN(time)) return 'Invalid Date';
  return new Date(time)
    .toISOString()
    .replace(/T00:00:00\.000Z$/, '')
    .replace(/\.000Z$/, 'Z');
}

/** What an object of a class says of itself, such as a decimal number or an interval of DuckDB. */
function ownText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || Array.isArray(value)) return undefined;
  if (types.isTypedArray(value) || types.isMap(value) || types.isSet(value) || types.isNativeError(value))
    return undefined;
  const method = findProperty(value, 'toString')?.value;
  if (typeof method !== 'function' || method === Object.prototype.toString) return undefined;
  const text = method.call(value);
  return typeof text === 'string' ? text : undefined;
}

/** TypeScript's name of a value's type, such as `number` or `Date`. */
export function typeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === getter ? 'getter' : typeof value;
  if (Array.isArray(value)) return 'array';
  if (types.isProxy(value)) return 'object';
  const name = findProperty(value, 'constructor')?.value?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object';
}

/** Numbers stand right, and what says of itself a number, such as a decimal of DuckDB. */
export function standsRight(value: unknown, text: string): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && /^-?\d+(\.\d+)?$/.test(text);
}
