// Tables of data: `table(data)` in a cell, and what a frame looks like to clients. At most 1,000 rows and 50 kB of them are sent, the first
// and the last; of the others the columns' summaries know.
import { asDisplay, type Display } from './bundle.ts';
import { type Drawable, drawSymbol } from './custom.ts';
import { cellText, isMissing, standsRight } from './frames/cell.ts';
import { type Frame, range } from './frames/frame.ts';
import { type FramePart, frameHtml, type PartRow } from './frames/html.ts';
import { libraryFrames } from './frames/libraries.ts';
import { columnsFrame, isPlainObject, isRecords, recordsFrame } from './frames/records.ts';
import { summarize } from './frames/summary.ts';
import { frameText } from './frames/text.ts';
import { count } from './numbers.ts';
import { typeName } from './type-name.ts';

/** What is sent of one table. */
const rowLimit = 1_000;
const byteLimit = 50_000;
const columnLimit = 50;
/** Of what is left for rows, what those at the end may take. */
const endShare = 0.2;

export interface TableOptions {
  /** The first row that is shown, from 0; default 0. */
  readonly from?: number;
  /** Where it ends, without that row; default the end. */
  readonly to?: number;
  /** Names of the columns that are shown; default all. */
  readonly columns?: readonly string[];
  readonly title?: string;
}

/**
 * A table of data that draws itself: an array of records, an object of columns (arrays of one length), a table of Arrow, arquero, polars or
 * danfo, a result of DuckDB. At most 1,000 rows or 50 kB are shown: `from` and `to` say of which.
 * @throws TypeError if it is no table, RangeError for rows or columns that it has not.
 */
export function table(data: object, options: TableOptions = {}): DataTable {
  return new DataTable(frameOf(data), options);
}

/** A table that draws itself when it is shown. */
export class DataTable implements Drawable {
  readonly #frame: Frame | Promise<Frame>;
  readonly #options: TableOptions;

  constructor(frame: Frame | Promise<Frame>, options: TableOptions) {
    this.#frame = frame;
    this.#options = options;
    if (!(frame instanceof Promise)) checked(frame, options);
  }

  [drawSymbol](): Display | Promise<Display> {
    return this.#frame instanceof Promise
      ? this.#frame.then((frame) => drawFrame(frame, this.#options))
      : drawFrame(this.#frame, this.#options);
  }
}

/** What a value is as a frame. Throws a TypeError that says what came when it is none. */
export function frameOf(data: unknown): Frame | Promise<Frame> {
  const library = libraryFrames.find((one) => one.matches(data));
  if (library) return library.read(data);
  if (isRecords(data)) return recordsFrame(data);
  if (isPlainObject(data) && Object.values(data).every(isList)) return columnsFrame(data as never);
  throw new TypeError(
    `table: data must be an array of records, an object of columns, or a table of Arrow, arquero, polars, danfo or DuckDB, got ${typeName(data)}`,
  );
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The numbers of the rows and columns that the options name. */
function checked(frame: Frame, options: TableOptions): { from: number; to: number; columns: number[] } {
  const { from = 0, to = frame.rows } = options;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || from > frame.rows)
    throw new RangeError(`table: from and to must be whole numbers, 0 ≤ from ≤ to, got ${from} and ${to} of ${count(frame.rows)} rows`);
  const columns = options.columns?.map((name) => {
    const at = frame.columns.findIndex((column) => column.name === name);
    if (at >= 0) return at;
    throw new RangeError(`table: there is no column "${name}", the columns are ${frame.columns.slice(0, 50).map((column) => column.name).join(', ')}`);
  });
  return { from, to: Math.min(to, frame.rows), columns: columns ?? range(0, frame.columns.length) };
}

/** Draws the part of a frame that the options name. */
export function drawFrame(frame: Frame, options: TableOptions = {}): Display {
  const { from, to, columns } = checked(frame, options);
  const shown = columns.slice(0, columnLimit);
  const summaries = summarize(frame, shown);
  const size = sizeText(frame);
  const empty: FramePart = { columns: summaries, columnsLeft: columns.length - shown.length, rows: [], head: 0, between: 0, caption: '' };
  const title = [options.title, size].filter(Boolean).join(' · ');
  const texts = rowTexts(frame, shown);
  // The text holds at most 16 rows of 80 columns, bytes apart from characters.
  const room = byteLimit - frameHtml(empty).length - 8_000;
  const { rows, head } = chosen(from, to, texts, room);
  const between = to - from - rows.length;
  const part = { ...empty, rows, head, between, caption: [title, partText(part0(from, to, frame), head, rows.length - head)].filter(Boolean).join(' · ') };
  return asDisplay(frameText(part, part.caption), { 'text/html': frameHtml(part) });
}
