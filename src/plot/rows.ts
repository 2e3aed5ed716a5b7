// What people plot, as rows of plain values: arrays of records, or columns (arrays, typed arrays, tensors) under names.

/** A value of a cell: what Vega-Lite reads from JSON. */
type Cell = number | string | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Records, or columns of one length: `[{ x: 1, y: 2 }, …]` or `{ x: [1, …], y: Float32Array | tensor }`. */
export type Table = readonly object[] | Readonly<Record<string, Column>>;

/** A column of values; tensors are read by their `dataSync`. */
export type Column = ArrayLike<unknown> | { dataSync(): ArrayLike<unknown> };

/** Rows of a table. Throws a TypeError that says what came when it is none, a RangeError for columns of several lengths. */
export function rowsOf(table: Table, caller: string): Row[] {
  if (Array.isArray(table)) return table.map((record, index) => rowOf(record, index, caller));
  if (typeof table !== 'object' || table === null)
    throw new TypeError(`${caller}: data must be an array of records or an object of columns, got ${typeof table}`);
  const columns = Object.entries(table as Record<string, Column>).map(
    ([name, column]) => [name, valuesOf(column, `${caller}: column "${name}"`)] as const,
  );
  const length = columns[0]?.[1].length ?? 0;
  const other = columns.find(([, values]) => values.length !== length);
  if (other)
    throw new RangeError(
      `${caller}: columns must have one length, got ${length} ("${columns[0]![0]}") and ${other[1].length} ("${other[0]}")`,
    );
  return Array.from({ length }, (_, at) =>
    Object.fromEntries(columns.map(([name, values]) => [name, cell(values[at])])),
  );
}

/** The values of an array, a typed array or a tensor. */
export function valuesOf(column: Column, what: string): ArrayLike<unknown> {
  if (typeof (column as { dataSync?: unknown }).dataSync === 'function')
    return (column as { dataSync(): ArrayLike<unknown> }).dataSync();
  if (typeof column === 'object' && column !== null && typeof (column as ArrayLike<unknown>).length === 'number')
    return column as ArrayLike<unknown>;
  throw new TypeError(
    `${what} must be an array, a typed array or a tensor, got ${column === null ? 'null' : typeof column}`,
  );
}

function rowOf(record: unknown, index: number, caller: string): Row {
  if (typeof record === 'number' || typeof record === 'string') return { index, value: cell(record) };
  if (typeof record !== 'object' || record === null)
    throw new TypeError(`${caller}: row ${index} must be an object, got ${record === null ? 'null' : typeof record}`);
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, cell(value)]));
}

/** NaN and infinities are gaps; dates become ISO text. */
function cell(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return value === null || value === undefined ? null : String(value);
}

/** Vega-Lite's type of a column, by its first values. */
export function fieldType(rows: readonly Row[], field: string): 'quantitative' | 'temporal' | 'nominal' {
  const values = rows
    .slice(0, 100)
    .map((row) => row[field])
    .filter((value) => value !== null && value !== undefined);
  if (values.length > 0 && values.every((value) => typeof value === 'number')) return 'quantitative';
  const isoDate = /^\d{4}-\d\d-\d\d(T|$)/;
  return values.length > 0 && values.every((value) => typeof value === 'string' && isoDate.test(value))
    ? 'temporal'
    : 'nominal';
}
