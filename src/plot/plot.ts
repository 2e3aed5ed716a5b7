// Charts in one line: `plot(rows).line({ x: 'epoch', y: 'loss', color: 'run' })`. For everything else, write Vega-Lite.
import { Chart, type ChartOptions } from './chart.ts';
import { seriesColors } from './colors.ts';
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

/** Names of the columns that rectangles and words show. */
export interface CellEncoding extends ChartOptions {
  readonly x: string;
  readonly y: string;
  /** What the colour of a rectangle, or the word, tells. */
  readonly value: string;
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

  /** The space below each line filled; several of one `x` are stacked by `color`. */
  area(encoding: Encoding): Chart {
    return this.#chart({ type: 'area', opacity: 0.8 }, encoding);
  }

  /** For each `x` the median and quartiles of `y`, with whiskers to its least and greatest. */
  box({ x, ...encoding }: Encoding): Chart {
    return this.#drawn({ type: 'boxplot', size: 24, extent: 'min-max' }, encoding, {
      x: { ...this.#field(x), type: 'nominal', sort: null },
      y: { ...this.#field(encoding.y), scale: { zero: false } },
      ...(encoding.color && { color: this.#colors(encoding.color) }),
    });
  }

  /** A heat map: a rectangle for each pair of `x` and `y`, coloured by the mean of `value`. */
  heatmap({ x, y, value, ...options }: CellEncoding): Chart {
    const color = { ...this.#field(value), aggregate: 'mean', scale: { scheme: 'viridis' } };
    return this.#drawn('rect', options, { ...this.#names(x, y), color });
  }

  /** The words of `value` at each pair of `x` and `y`, which are numbers or names. */
  text({ x, y, value, ...options }: CellEncoding): Chart {
    const text = { ...this.#field(value), type: 'nominal' };
    return this.#drawn('text', options, { x: this.#field(x), y: this.#field(y), text });
  }

  /** A line across the chart at each value of the column `x` (upright) or `y` (level). */
  rule({ x, y, ...options }: ChartOptions & { readonly x?: string; readonly y?: string }): Chart {
    if ((x === undefined) === (y === undefined))
      throw new TypeError('plot: rule must be given x for upright lines or y for level ones, and not both');
    const at = x === undefined ? { y: this.#field(y!) } : { x: this.#field(x) };
    return this.#drawn({ type: 'rule', color: '#767676', strokeDash: [4, 3] }, options, at);
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
      ...(color && { color: this.#colors(color) }),
    });
  }

  #chart(mark: unknown, { x, y, color, ...options }: Encoding, xField: object = this.#field(x)): Chart {
    return this.#drawn(mark, options, { x: xField, y: this.#field(y), ...(color && { color: this.#colors(color) }) });
  }

  #drawn(
    mark: unknown,
    { title, width = defaultSize.width, height = defaultSize.height }: ChartOptions,
    encoding: object,
  ): Chart {
    const fields = typeof mark === 'string' ? { type: mark, tooltip: true } : { ...(mark as object), tooltip: true };
    return new Chart({ ...(title && { title }), width, height, data: { values: this.#rows }, mark: fields, encoding });
  }

  /** A colour for each name, those of all our charts; numbers and times keep Vega-Lite's gradient. */
  #colors(name: string): object {
    const field = this.#field(name);
    return field.type === 'nominal' ? { ...field, scale: { range: seriesColors } } : field;
  }

  /** Two columns as names in the order of the rows. */
  #names(x: string, y: string): object {
    const named = (name: string) => ({ ...this.#field(name), type: 'ordinal', sort: null });
    return { x: named(x), y: named(y) };
  }

  #field(name: string): { field: string; title: string; type: string } {
    const first = this.#rows[0];
    if (first && !(name in first))
      throw new RangeError(`plot: there is no column "${name}", the columns are ${Object.keys(first).join(', ')}`);
    // Dots and brackets are paths in Vega-Lite unless they are escaped.
    return { field: name.replace(/[.[\]\\]/g, '\\$&'), title: name, type: fieldType(this.#rows, name) };
  }
}
