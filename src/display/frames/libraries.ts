// The tables of other libraries as frames: Arrow, DuckDB, polars, arquero, danfo. Each is known by its members, since a notebook may have
// several copies of a library, and is read by its public methods (danfo, which has none for a single value, by its fields).
import { inspect, types } from 'node:util';
import { dataProperty, findProperty } from '../peek.ts';
import type { Frame, FrameReader } from './frame.ts';

/** Top to bottom: the first that matches reads. */
export const libraryFrames: readonly FrameReader[] = [
  { name: 'Arrow', matches: isArrow, read: (value) => arrowFrame(value as ArrowTable) },
  { name: 'arquero', matches: isArquero, read: (value) => arqueroFrame(value as ArqueroTable) },
  { name: 'polars', matches: isPolars, read: (value) => polarsFrame(value as PolarsFrame) },
  { name: 'danfo', matches: isDanfo, read: (value) => danfoFrame(value as DanfoFrame) },
  { name: 'DuckDB', matches: isDuckReader, read: (value) => duckFrame(value as DuckReader) },
  { name: 'DuckDB', matches: isDuckResult, read: (value) => duckResultFrame(value as DuckResult) },
];

function hasMethods(value: unknown, ...names: string[]): boolean {
  return typeof value === 'object' && names.every((name) => typeof dataProperty(value, name) === 'function');
}

interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { name: string; type: { toString(): string; typeId: number } }[] };
  getChildAt(column: number): { readonly nullCount: number; get(row: number): unknown };
}

function isArrow(value: unknown): boolean {
  return (
    hasMethods(value, 'getChildAt', 'select') &&
    findProperty(value, 'numRows') !== undefined &&
    Array.isArray(dataProperty(value, 'batches'))
  );
}

/** Arrow's numbers of its types of days and of moments, whose values it gives as numbers of ms. */
const arrowTimes = [8, 10];

function arrowFrame(table: ArrowTable): Frame {
  const { fields } = table.schema;
  const children = fields.map((_, column) => table.getChildAt(column));
  return {
    kind: 'Arrow table',
    rows: table.numRows,
    columns: fields.map(({ name, type }, at) => ({ name, type: String(type), missing: children[at]!.nullCount })),
    values: (column, rows) => {
      const isTime = arrowTimes.includes(fields[column]!.type.typeId);
      return rows.map((row) => {
        const value = children[column]!.get(row);
        return isTime && typeof value === 'number' ? new Date(value) : value;
      });
    },
  };
}

interface ArqueroTable {
  numRows(): number;
  columnNames(): string[];
  column(name: string): { at(row: number): unknown };
  isFiltered(): boolean;
  isOrdered(): boolean;
  indices(): ArrayLike<number>;
}

function isArquero(value: unknown): boolean {
  return hasMethods(value, 'numRows', 'columnNames', 'column', 'isFiltered', 'isOrdered', 'indices');
}

function arqueroFrame(table: ArqueroTable): Frame {
  const names = table.columnNames();
  const columns = names.map((name) => table.column(name));
  // What is filtered or ordered is found by going through the table once, as arquero itself does.
  const order = table.isFiltered() || table.isOrdered() ? table.indices() : undefined;
  return {
    kind: 'arquero table',
    rows: table.numRows(),
    columns: names.map((name) => ({ name })),
    values: (column, rows) => rows.map((row) => columns[column]!.at(order ? order[row]! : row)),
  };
}

interface PolarsSeries {
  readonly name: string;
  readonly dtype: { toString(): string };
  nullCount(): number;
  getIndex(row: number): unknown;
}

interface PolarsFrame {
  readonly height: number;
  getColumns(): PolarsSeries[];
}

/** Its frames are proxies. What one hides is read from inspect's text of it, which runs none of its traps. */
function isPolars(value: unknown): boolean {
  if (typeof value !== 'object' || !types.isProxy(value)) return false;
  const bounds = { depth: 1, maxArrayLength: 0, maxStringLength: 0 };
  const text = inspect(value, { ...bounds, showProxy: true, customInspect: false });
  return text.slice(0, 60).includes('_df: JsDataFrame');
}

function polarsFrame(frame: PolarsFrame): Frame {
  const series = frame.getColumns();
  return {
    kind: 'polars DataFrame',
    rows: frame.height,
    columns: series.map((one) => ({
      name: one.name,
      type: String(one.dtype).replace(/^DataType\((.*)\)$/, '$1'),
      missing: one.nullCount(),
    })),
    values: (column, rows) => rows.map((row) => series[column]!.getIndex(row)),
  };
}

interface DanfoFrame {
  readonly $isSeries: boolean;
  readonly $data: readonly unknown[];
  readonly $columns: readonly string[];
  readonly $dtypes: readonly string[];
  readonly $index: readonly (string | number)[];
}

function isDanfo(value: unknown): boolean {
  return ['$data', '$columns', '$dtypes', '$index'].every((name) => Array.isArray(dataProperty(value, name)));
}

function danfoFrame({ $isSeries, $data, $columns, $dtypes, $index }: DanfoFrame): Frame {
  return {
    kind: $isSeries ? 'danfo Series' : 'danfo DataFrame',
    rows: $data.length,
    columns: $columns.map((name, at) => ({ name: String(name), type: $dtypes[at] ?? '' })),
    values: (column, rows) =>
      rows.map((row) => ($isSeries ? $data[row] : ($data[row] as readonly unknown[] | undefined)?.[column])),
    label: (row) => String($index[row] ?? row),
  };
}

interface DuckColumns {
  columnNames(): string[];
  columnTypes(): { toString(): string }[];
}

interface DuckReader extends DuckColumns {
  readonly currentRowCount: number;
  readonly done: boolean;
  value(column: number, row: number): unknown;
}

function isDuckReader(value: unknown): boolean {
  return (
    hasMethods(value, 'columnNames', 'columnTypes', 'value', 'readUntil') &&
    findProperty(value, 'currentRowCount') !== undefined
  );
}

function duckFrame(reader: DuckReader): Frame {
  return {
    kind: 'DuckDB result',
    rows: reader.currentRowCount,
    more: !reader.done,
    columns: duckColumns(reader),
    values: (column, rows) => rows.map((row) => reader.value(column, row)),
  };
}

function duckColumns(result: DuckColumns): { name: string; type: string }[] {
  const types = result.columnTypes();
  return result.columnNames().map((name, at) => ({ name, type: String(types[at]) }));
}

interface DuckChunk {
  readonly rowCount: number;
  getColumnVector(column: number): { getItem(row: number): unknown };
}

interface DuckResult extends DuckColumns {
  fetchChunk(): Promise<DuckChunk | null>;
}

function isDuckResult(value: unknown): boolean {
  return hasMethods(value, 'columnNames', 'columnTypes', 'fetchChunk', 'fetchAllChunks');
}

/** Chunks read of a result whose rows come once, 2,048 rows each: a look must not read all of a table. */
const chunkLimit = 10;

/** The rows of a result can be taken from it once only. Those that are looked at are handed out again by the next reads. */
async function duckResultFrame(result: DuckResult): Promise<Frame> {
  const fetch = result.fetchChunk.bind(result);
  const chunks: (DuckChunk | null)[] = [];
  const atEnd = () => chunks.length > 0 && !chunks.at(-1)?.rowCount;
  while (chunks.length < chunkLimit && !atEnd()) chunks.push(await fetch());
  const waiting = [...chunks];
  result.fetchChunk = async () => (waiting.length > 0 ? waiting.shift()! : atEnd() ? null : fetch());
  const read = chunks.filter((chunk) => chunk?.rowCount) as DuckChunk[];
  const starts = [0];
  for (const chunk of read) starts.push(starts.at(-1)! + chunk.rowCount);
  const chunkOf = (row: number) => starts.findIndex((start) => start > row) - 1;
  return {
    kind: 'DuckDB result',
    rows: starts.at(-1)!,
    more: !atEnd(),
    columns: duckColumns(result),
    values: (column, rows) =>
      rows.map((row) => {
        const at = chunkOf(row);
        return read[at]!.getColumnVector(column).getItem(row - starts[at]!);
      }),
  };
}
