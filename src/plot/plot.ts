// Charts in one line: `plot(rows).line({ x: 'epoch', y: 'loss', color: 'run' })`. For everything else, write Vega-Lite.
import { Chart, type ChartOptions } from './chart.ts';
import { fieldType, type Row, rowsOf, type Table } from './rows.ts';
import { textWidth } from './text-width.ts';

const defaultSize = { width: 360, height: 240 };

/** Names of the columns that a chart shows. */
export interface Encoding extends ChartOptions {
  readonly x: string;
  readonly y: string;
  /** One colour for each value of this column. */
  readonly color?: string;
}

/** Names of the columns that a histogram shows. */
export interface HistogramEncoding extends ChartOptions {
  readonly x: string;
  readonly color?: string;
  /** At most this many bars; default 30. */
  readonly bins?: number;
}

/**
 * Charts of a table: an array of records (of numbers: `value` by `index`), or an object of columns, tensors included.
 * @throws TypeError, RangeError if the data is no table.
 */
export function plot(data: Table): Plot {
  return new Plot(rowsOf(data, 'plot'));
}

/** A table that can be drawn. */
export class Plot {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  /** Values joined by a line, in the order of `x`. */
  line(encoding: Encoding): Chart {
    return this.#chart('line', encoding);
  }

  /** A bar for each `x`, in the order of the rows; several rows of one `x` are stacked. */
  bar(encoding: Encoding): Chart {
    const x = this.#field(encoding.x);
    const names = [...new Set(this.#rows.map((row) => String(row[encoding.x])))];
    // A bar for each number, unless there are too many to tell apart.
    const type = x.type === 'quantitative' && names.length <= 60 ? 'ordinal' : x.type;
    const level = textWidth(names.join('   '), 10) < (encoding.width ?? defaultSize.width);
    return this.#chart('bar', encoding, {
      ...x,
      type,
      ...(type !== 'quantitative' && { sort: null, axis: level ? { labelAngle: 0 } : {} }),
    });
  }

  /** A point for each row. */
  point(encoding: Encoding): Chart {
    return this.#chart({ type: 'point', filled: true, opacity: 0.7 }, encoding);
  }

  /** How many rows fall into each interval of `x`. */
  histogram({ x, color, bins = 30, ...options }: HistogramEncoding): Chart {
    return this.#drawn({ type: 'bar' }, options, {
      x: { ...this.#field(x), bin: { maxbins: bins } },
      y: { aggregate: 'count', type: 'quantitative' },
      ...(color && { color: this.#field(color) }),
    });
  }

  #chart(mark: unknown, { x, y, color, ...options }: Encoding, xField: object = this.#field(x)): Chart {
    return this.#drawn(mark, options, { x: xField, y: this.#field(y), ...(color && { color: this.#field(color) }) });
  }

  #drawn(
    mark: unknown,
    { title, width = defaultSize.width, height = defaultSize.height }: ChartOptions,
    encoding: object,
  ): Chart {
    const fields = typeof mark === 'string' ? { type: mark, tooltip: true } : { ...(mark as object), tooltip: true };
    return new Chart({ ...(title && { title }), width, height, data: { values: this.#rows }, mark: fields, encoding });
  }

  #field(name: string): { field: string; title: string; type: string } {
    const first = this.#rows[0];
    if (first && !(name in first))
      throw new RangeError(`plot: there is no column "${name}", the columns are ${Object.keys(first).join(', ')}`);
    // Dots and brackets are paths in Vega-Lite unless they are escaped.
    return { field: name.replace(/[.[\]\\]/g, '\\$&'), title: name, type: fieldType(this.#rows, name) };
  }
}
