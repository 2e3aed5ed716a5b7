// `table(data)` in a cell: any table of data, or the rows of it that are asked for.
import type { Display } from './bundle.ts';
import { type Drawable, drawSymbol } from './custom.ts';
import { type Cutout, drawFrame } from './frames/draw.ts';
import { type Frame, range } from './frames/frame.ts';
import { readFrame } from './frames/read.ts';
import { count } from './numbers.ts';

export interface TableOptions {
  /** The first row that is shown, from 0; default 0. */
  readonly from?: number;
  /** Where it ends, without that row; default the end. */
  readonly to?: number;
  /** Names of the columns that are shown; default all. */
  readonly columns?: readonly string[];
  readonly title?: string;
}

/** A table that draws itself when it is shown. */
export class DataTable implements Drawable {
  readonly #frame: Frame | Promise<Frame>;
  readonly #options: TableOptions;

  /** Use `table`. */
  constructor(frame: Frame | Promise<Frame>, options: TableOptions) {
    this.#frame = frame;
    this.#options = options;
    if (!(frame instanceof Promise)) cutout(frame, options);
  }

  [drawSymbol](): Display | Promise<Display> {
    const draw = (frame: Frame) => drawFrame(frame, cutout(frame, this.#options));
    return this.#frame instanceof Promise ? this.#frame.then(draw) : draw(this.#frame);
  }
}

/**
 * A table of data that draws itself: an array of records, an object of columns (arrays of one length), a table of Arrow, arquero, polars or
 * danfo, a result of DuckDB. At most 1,000 rows or 50 kB are shown: `from` and `to` say of which.
 * @throws TypeError if it is no table, RangeError for rows or columns that it has not.
 * @example table(rows, { from: 5_000, to: 5_100 })
 */
export function table(data: object, options: TableOptions = {}): DataTable {
  return new DataTable(readFrame(data), options);
}

/** The rows and the numbers of the columns that the options name. */
function cutout(frame: Frame, { from = 0, to = frame.rows, columns, title }: TableOptions): Cutout {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || from > frame.rows)
    throw new RangeError(
      `table: from and to must be whole numbers, 0 ≤ from ≤ to, from within the ${count(frame.rows)} rows, got ${from} and ${to}`,
    );
  return {
    from,
    to: Math.min(to, frame.rows),
    columns: columns?.map((name) => numberOf(frame, name)) ?? range(0, frame.columns.length),
    title,
  };
}

function numberOf({ columns }: Frame, name: string): number {
  const at = columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  const names = columns.slice(0, 50).map((column) => column.name);
  throw new RangeError(`table: there is no column "${name}", the columns are ${names.join(', ')}`);
}
