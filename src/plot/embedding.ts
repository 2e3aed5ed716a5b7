// Rows of numbers (embeddings, activations, pixels) as points in a plane, coloured by class.
import { count, shortNumber } from '../display/numbers.ts';
import { textChart } from './braille.ts';
import { mainComponents } from './components.ts';
import { Evaluation, namedColor } from './evaluation.ts';
import { neighbourPlaces } from './neighbours.ts';
import { type Column, valuesOf } from './rows.ts';
import { type Matrix, rowsOfNumbers } from './scores.ts';
import type { Spec } from './vega.ts';

export interface EmbeddingOptions {
  /** What each row is: a class number or a name; a colour for each of up to 30. */
  readonly labels?: Column;
  /** Names of the classes that labels number. */
  readonly names?: readonly string[];
  /** `pca`: the two directions of most variance (default). `tsne`: neighbours stay neighbours, distances mean little; takes seconds. */
  readonly method?: 'pca' | 'tsne';
  /** Rows used at most, taken evenly. Default 2,000 for `pca`, 1,000 for `tsne`. */
  readonly limit?: number;
  /** Of `tsne`: about how many neighbours count. Default 30, or a third of the rows. */
  readonly perplexity?: number;
  readonly title?: string;
}

/**
 * Places rows `[n, features]` in a plane.
 * @throws RangeError for rows that are not of finite numbers, and labels of another length.
 */
export function embedding(rows: Matrix, options: EmbeddingOptions = {}): EmbeddingChart {
  const { method = 'pca', labels } = options;
  if (method !== 'pca' && method !== 'tsne')
    throw new RangeError(`embedding: method must be 'pca' or 'tsne', got '${method}'`);
  const { rows: total, columns, values } = rowsOfNumbers(rows, 'embedding: rows');
  const named = labels === undefined ? undefined : valuesOf(labels, 'embedding: labels');
  if (named && named.length !== total)
    throw new RangeError(`embedding: there must be a label for each row, got ${named.length} for ${total}`);
  const limit = options.limit ?? (method === 'tsne' ? 1000 : 2000);
  if (!(limit >= 1)) throw new RangeError(`embedding: limit must be a number from 1 on, got ${limit}`);
  const n = Math.min(total, Math.floor(limit));
  const picked = Array.from({ length: n }, (_, i) => Math.floor((i * total) / n));
  const data = new Float64Array(n * columns);
  picked.forEach((row, i) => {
    for (let column = 0; column < columns; column++) {
      const value = Number(values[row * columns + column]);
      if (!Number.isFinite(value))
        throw new RangeError(`embedding: rows must be finite numbers, got ${value} in row ${row}`);
      data[i * columns + column] = value;
    }
  });
  const main = mainComponents(data, n, columns);
  const perplexity = Math.max(1, Math.min(options.perplexity ?? 30, (n - 1) / 3));
  const points = method === 'pca' || n < 4 ? main.points : neighbourPlaces(data, n, columns, main.points, perplexity);
  const label = (value: unknown) => (typeof value === 'number' ? options.names?.[value] : undefined) ?? String(value);
  // Classes in the order of their numbers, whatever they are called.
  const classes = named && [...new Set(picked.map((row) => named[row]))].sort(byValue).slice(0, mostClasses);
  return new EmbeddingChart({
    points,
    rows: picked,
    total,
    method,
    shares: main.shares,
    ...(named && { labels: picked.map((row) => label(named[row])), classes: classes!.map(label) }),
    ...(options.title !== undefined && { title: options.title }),
  });
}

interface Placed {
  readonly points: Float64Array;
  readonly rows: readonly number[];
  readonly total: number;
  readonly method: 'pca' | 'tsne';
  readonly shares: readonly [number, number];
  readonly labels?: readonly string[];
  readonly classes?: readonly string[];
  readonly title?: string;
}

/** Letters of classes in a terminal. */
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Classes that have a colour, in their order. */
const mostClasses = 30;

export class EmbeddingChart extends Evaluation {
  /** Places of the rows that are shown, `[n, 2]`, row by row, and which rows they are. */
  readonly points: Float64Array;
  readonly rows: readonly number[];
  /** Share of the variance along each axis; of `pca` only. */
  readonly shares: readonly [number, number] | undefined;
  readonly #placed: Placed;

  constructor(placed: Placed) {
    super();
    this.points = placed.points;
    this.rows = placed.rows;
    this.shares = placed.method === 'pca' ? placed.shares : undefined;
    this.#placed = placed;
  }

  get #classes(): readonly string[] {
    return this.#placed.classes ?? [];
  }

  get #axes(): [string, string] {
    if (!this.shares) return ['t-SNE 1', 't-SNE 2'];
    return this.shares.map((share, i) => `component ${i + 1} (${shortNumber(share * 100, 3)} % of variance)`) as [
      string,
      string,
    ];
  }

  get #head(): string {
    const { title, rows, total, method } = this.#placed;
    const amount = rows.length < total ? `${count(rows.length)} of ${count(total)} rows` : `${count(total)} rows`;
    return [title, method === 'pca' ? 'main components' : 't-SNE', amount].filter(Boolean).join(' · ');
  }

  get spec(): Spec {
    const { labels } = this.#placed;
    const [x, y] = this.#axes;
    const values = this.rows.map((row, i) => ({
      row,
      x: Number(this.points[2 * i]!.toPrecision(5)),
      y: Number(this.points[2 * i + 1]!.toPrecision(5)),
      ...(labels && { class: labels[i] }),
    }));
    const place = (field: string, title: string) => ({ field, title, type: 'quantitative', scale: { zero: false } });
    return {
      title: this.#head,
      width: 380,
      height: 320,
      data: { values },
      mark: { type: 'point', filled: true, size: 24, opacity: 0.7, tooltip: true },
      encoding: {
        x: place('x', x),
        y: place('y', y),
        ...(labels && { color: namedColor('class', this.#classes) }),
      },
    };
  }

  toString(): string {
    const { labels } = this.#placed;
    const classes = this.#classes;
    const mark = new Map(classes.map((name, i) => [name, /^[0-9]$/.test(name) ? name : (letters[i] ?? '·')]));
    const at = (axis: number) => this.rows.map((_, i) => this.points[2 * i + axis]!);
    const [x, y] = [at(0), at(1)];
    const lines = (labels ? classes : [undefined]).map((name) => {
      const own = this.rows.map((_, i) => i).filter((i) => name === undefined || labels![i] === name);
      return { x: own.map((i) => x[i]!), y: own.map((i) => y[i]!), mark: name === undefined ? '·' : mark.get(name)! };
    });
    const [title, xTitle] = [this.#axes[1], this.#axes[0]];
    const ends = x.reduce<[number, number]>(
      ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
      [Infinity, -Infinity],
    );
    const chart = textChart(lines, { title, width: 76, height: 20, xMin: ends[0], xMax: ends[1], xTitle });
    const key = classes
      .filter((name) => mark.get(name) !== name)
      .map((name) => `${mark.get(name)} ${name.slice(0, 20)}`);
    const keys: string[] = [];
    for (const one of key) {
      const joined = `${keys.at(-1)}  ${one}`;
      if (keys.length > 0 && joined.length <= 78) keys[keys.length - 1] = joined;
      else keys.push(one);
    }
    return [this.#head, ...chart, ...keys].map((line) => line.trimEnd()).join('\n');
  }
}

function byValue(a: unknown, b: unknown): number {
  return Number(a) - Number(b) || (String(a) < String(b) ? -1 : 1);
}
