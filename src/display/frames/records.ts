// Arrays of plain objects, and objects of columns, as a frame. Getters are named, not run.
import { types } from 'node:util';
import type { Frame } from './frame.ts';
import { range } from './frame.ts';

/** Records looked at for the names of the columns: the first, and some of the others. */
const namesFrom = { first: 200, others: 50 };
/** Names of columns taken, whatever the records have. */
const nameLimit = 2_000;

/** Whether a value is an array of plain objects. Looks at its first 20 and its last items. */
export function isRecords(value: unknown): value is readonly object[] {
  if (!Array.isArray(value) || types.isProxy(value) || value.length === 0) return false;
  for (let i = 0; i < Math.min(value.length, 20); i++) if (!isPlainObject(item(value, i))) return false;
  return isPlainObject(item(value, value.length - 1));
}

/** A frame of records; one that lacks a name has nothing there. */
export function recordsFrame(records: readonly object[]): Frame {
  const stride = Math.max(1, Math.floor((records.length - namesFrom.first) / namesFrom.others));
  const looked = range(0, Math.min(records.length, namesFrom.first));
  for (let row = namesFrom.first; row < records.length; row += stride) looked.push(row);
  const names = columnNames(looked.map((row) => recordAt(records, row)));
  return {
    kind: '',
    rows: records.length,
    columns: names.map((name) => ({ name })),
    values: (column, rows) => rows.map((row) => memberOf(recordAt(records, row), names[column]!)),
  };
}

/** A frame of columns under names. Throws a RangeError for columns of several lengths. */
export function columnsFrame(columns: Readonly<Record<string, ArrayLike<unknown>>>): Frame {
  const entries = Object.entries(columns);
  const rows = entries[0]?.[1].length ?? 0;
  const other = entries.find(([, values]) => values.length !== rows);
  if (other)
    throw new RangeError(
      `table: columns must have one length, got ${rows} ("${entries[0]![0]}") and ${other[1].length} ("${other[0]}")`,
    );
  return {
    kind: '',
    rows,
    columns: entries.map(([name, values]) => ({ name, ...(types.isTypedArray(values) && typed(values)) })),
    values: (column, rows) => rows.map((row) => entries[column]![1][row]),
  };
}

function typed(values: NodeJS.TypedArray): { type: string } {
  return { type: values[Symbol.toStringTag].replace(/Array$/, '').toLowerCase() };
}

/** Stands for a getter in a cell: it is named, not run. */
export const getter: unique symbol = Symbol('[Getter]');

function memberOf(record: object, name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(record, name);
  return descriptor?.get ? getter : descriptor?.value;
}

/** The names in the order in which they come up. `for in`, since a record may have a million keys. */
function columnNames(records: readonly object[]): string[] {
  const names = new Set<string>();
  for (const record of records)
    for (const name in record) {
      if (names.size >= nameLimit) return [...names];
      if (Object.hasOwn(record, name)) names.add(name);
    }
  return [...names];
}

/** A record, or an empty one where an item further down is none. */
function recordAt(records: readonly unknown[], index: number): object {
  const found = item(records, index);
  return isPlainObject(found) ? found : {};
}

function item(array: readonly unknown[], index: number): unknown {
  return Object.getOwnPropertyDescriptor(array, index)?.value;
}

export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
