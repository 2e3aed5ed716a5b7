// `tensor.show(…)`: a tensor drawn as what it means — an image, attention, filters, points — and `tensor.stats()`, exact at any size.
import type { Tensor } from '@tensorflow/tfjs-core';
import { asDisplay, type Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { type DisplayHandle, display } from '../display/display.ts';
import { histogramSvg, histogramText } from '../display/histogram.ts';
import { count, shortNumber } from '../display/numbers.ts';
import { drawTensor } from '../display/tensor.ts';
import { tensorLine } from '../display/tensor-line.ts';
import type { Layout } from '../display/tensor-sample.ts';
import { sampleAxes } from '../display/tensor-sample.ts';
import type { Statistics } from '../display/tensor-types.ts';
import { images } from '../plot/images.ts';
import { pictures } from '../plot/picture.ts';
import { plot } from '../plot/plot.ts';
import { describedNow } from './describe.ts';
import { exactStatistics, lookNow } from './look.ts';
import { principal } from './principal.ts';

/** How a tensor is drawn. */
export type ShowOptions =
  | {
      /** A map of colours, whatever the range; axes of it that lie down and across may be named. */
      readonly as?: 'heatmap';
      readonly rows?: number;
      readonly columns?: number;
    }
  | {
      /** Pixels `[h, w]`, `[h, w, 1 | 3 | 4]`, `[n, h, w]` or `[n, h, w, 1 | 3 | 4]`: 0…1 or 0…255, other ranges are stretched. */
      readonly as: 'image';
      /** A caption for each image. */
      readonly labels?: readonly (string | number)[];
      /** px of a value. */
      readonly scale?: number;
      /** Images at most; default 100. */
      readonly limit?: number;
    }
  | { readonly as: 'histogram' }
  | {
      /** Weights `[queries, keys]`, `[heads, queries, keys]` or `[n, heads, queries, keys]`. */
      readonly as: 'attention';
      /** Names of the keys, and of the queries unless they have their own. */
      readonly tokens?: readonly string[];
      readonly queries?: readonly string[];
    }
  | {
      /** A convolution's kernel `[h, w, in, out]`: a picture for each filter, in colour where `in` is 3. */
      readonly as: 'filters';
    }
  | {
      /** Vectors `[n, d]` as points on the plane of their two principal components. */
      readonly as: 'embedding';
      /** A name, or a class, of each: its colour. */
      readonly labels?: readonly (string | number)[];
    };

/** Figures over all finite values of a tensor. */
export class TensorStatistics implements Drawable {
  readonly min!: number;
  readonly max!: number;
  readonly mean!: number;
  /** Population standard deviation. */
  readonly std!: number;
  readonly nan!: number;
  /** Both signs together. */
  readonly infinite!: number;
  /** All values, these too. */
  readonly size: number;
  readonly #histogram: Statistics['histogram'];

  constructor({ histogram, sampled: _, ...figures }: Statistics, size: number) {
    Object.assign(this, figures);
    this.size = size;
    this.#histogram = histogram;
  }

  [drawSymbol](): Display {
    const { min, max, mean, std, nan, infinite, size } = this;
    const rows = Object.entries({ min, max, mean, std }).map(
      ([name, value]) => `${name.padEnd(9)}${shortNumber(value, 7)}`,
    );
    const counts = Object.entries({ nan, infinite, size }).map(([name, value]) => `${name.padEnd(9)}${count(value)}`);
    const bars = this.#histogram
      ? [`${shortNumber(min)} ${histogramText(this.#histogram, 40)} ${shortNumber(max)}`]
      : [];
    return asDisplay([...rows, ...counts, ...bars].join('\n'));
  }
}

/** The figures of all values of a tensor of numbers or bools, exact at any size. @throws TypeError for strings. */
export function stats(tensor: Tensor): TensorStatistics {
  return new TensorStatistics(exactStatistics(tensor), tensor.size);
}

/** Shows a tensor now, in the running cell; it may be disposed right after. @throws RangeError for a shape that has no such drawing. */
export function show(tensor: Tensor, options: ShowOptions = {}): DisplayHandle {
  const drawn = drawing(tensor, options);
  return display({ [drawSymbol]: () => drawn } satisfies Drawable);
}

/** A tensor as `show` draws it. */
export function drawing(tensor: Tensor, options: ShowOptions = {}): Display | Promise<Display> {
  switch (options.as) {
    case undefined:
    case 'heatmap':
      return drawMap(tensor, options);
    case 'image':
      return drawImage(tensor, options);
    case 'histogram':
      return drawHistogram(tensor);
    case 'attention':
      return drawAttention(tensor, options);
    case 'filters':
      return drawFilters(tensor);
    case 'embedding':
      return drawEmbedding(tensor, options);
    default: {
      const { as } = options satisfies never as { as: unknown };
      const known = 'heatmap, image, histogram, attention, filters, embedding';
      throw new RangeError(`show: as must be one of ${known}, got ${String(as)}`);
    }
  }
}

type Of<As> = Extract<ShowOptions, { readonly as: As }>;

function drawMap(tensor: Tensor, { as, rows, columns }: { as?: 'heatmap'; rows?: number; columns?: number }): Display {
  const layout = rows === undefined && columns === undefined ? undefined : layoutBy(tensor.shape, rows, columns);
  return drawn(tensor, layout, { ...(as && { as: 'colours' }) });
}

function drawn(tensor: Tensor, layout: Layout | undefined, more: Parameters<typeof drawTensor>[2] = {}): Display {
  const { facts, sample } = describedNow(tensor, sampleAxes(tensor.shape, layout));
  return drawTensor(facts, sample, { ...more, ...(layout && { layout }) });
}

/** The named axes down and across; all others are maps beside each other. */
function layoutBy(shape: readonly number[], rows = shape.length - 2, columns = shape.length - 1): Layout {
  const [down, across] = [rows, columns].map((axis) => (axis < 0 ? axis + shape.length : axis)) as [number, number];
  for (const axis of [down, across])
    if (!Number.isInteger(axis) || !(axis in shape) || down === across)
      throw new RangeError(
        `show: rows and columns must be two different axes of [${shape.join(', ')}], got ${rows} and ${columns}`,
      );
  const rest = shape.map((_, axis) => axis).filter((axis) => axis !== down && axis !== across);
  const half = Math.floor(rest.length / 2);
  return { rows: down, columns: across, down: rest.slice(0, half), across: rest.slice(half) };
}

/** Longest side of an image, px; of a larger one every so many are drawn. */
const longestSide = 1024;

function drawImage(tensor: Tensor, { labels, scale, limit = 100 }: Of<'image'>): Display {
  const [n, h, w, c] = imageShape(tensor.shape);
  const step = Math.ceil(Math.max(h, w) / longestSide);
  const every = (length: number, by = 1) => Array.from({ length: Math.ceil(length / by) }, (_, i) => i * by);
  const many = Math.min(n, limit);
  const lengths = [every(many), every(h, step), every(w, step), every(c)];
  const own =
    tensor.rank === 4
      ? lengths
      : tensor.rank === 2
        ? lengths.slice(1, 3)
        : n === 1 && isColour(tensor.shape)
          ? lengths.slice(1)
          : lengths.slice(0, 3);
  const { sample } = lookNow(tensor, own);
  const shape = [many, lengths[1]!.length, lengths[2]!.length, c];
  return images(
    { shape, dataSync: () => sample.values as number[] },
    {
      limit,
      ...(labels && { labels: labels as string[] }),
      ...(scale && { scale }),
      ...(step > 1 && { title: `every ${step}th of ${h} × ${w} px` }),
    },
  )[drawSymbol]();
}

const isColour = (shape: readonly number[]): boolean => [1, 3, 4].includes(shape.at(-1)!) && shape.length >= 3;

function imageShape(shape: readonly number[]): [n: number, h: number, w: number, c: number] {
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  if (shape.length === 2) return [1, a, b, 1];
  if (shape.length === 3) return isColour(shape) && b > 4 ? [1, a, b, c] : [a, b, c, 1];
  if (shape.length === 4 && isColour(shape)) return [a, b, c, d];
  throw new RangeError(
    `show: an image must be [h, w], [h, w, 1 | 3 | 4], [n, h, w] or [n, h, w, 1 | 3 | 4], got [${shape.join(', ')}]`,
  );
}

function drawHistogram(tensor: Tensor): Display {
  const { facts } = describedNow(tensor);
  const line = tensorLine(facts, { color: true });
  const histogram = facts.statistics?.histogram;
  if (!histogram) return asDisplay(line);
  const svg = histogramSvg(histogram, {
    width: 480,
    height: 180,
    ink: '#767676',
    sampled: facts.statistics?.sampled !== undefined,
  });
  const { data, metadata } = pictures(svg);
  const bars = `${shortNumber(histogram.low)} ${histogramText(histogram, 48)} ${shortNumber(histogram.high)}`;
  return asDisplay(`${line}\n${bars}`, data, metadata);
}

function drawAttention(tensor: Tensor, { tokens, queries = tokens }: Of<'attention'>): Display {
  const { rank, shape } = tensor;
  if (rank < 2 || rank > 4)
    throw new RangeError(
      `show: attention must be [queries, keys], [heads, queries, keys] or [n, heads, queries, keys], got [${shape.join(', ')}]`,
    );
  for (const [names, length, what] of [
    [queries, shape[rank - 2], 'queries'],
    [tokens, shape[rank - 1], 'keys'],
  ] as const)
    if (names && names.length !== length)
      throw new RangeError(`show: there must be a token for each of the ${length} ${what}, got ${names.length}`);
  const layout: Layout = {
    rows: rank - 2,
    columns: rank - 1,
    down: rank === 4 ? [0] : [],
    across: rank === 2 ? [] : [rank - 3],
  };
  const names = { ...(queries && { rows: queries }), ...(tokens && { columns: tokens }) };
  return drawn(tensor, layout, { as: 'colours', names });
}

function drawFilters(tensor: Tensor): Display {
  const [h, w, from, to] = tensor.shape;
  if (tensor.rank !== 4)
    throw new RangeError(`show: filters must be a kernel [h, w, in, out], got [${tensor.shape.join(', ')}]`);
  if (from !== 3 && from !== 1)
    return drawn(tensor, { rows: 0, columns: 1, down: [2], across: [3] }, { as: 'colours' });
  const many = Math.min(to!, 64);
  const axes = [h!, w!, from, many].map((length) => Array.from({ length }, (_, i) => i));
  const values = lookNow(tensor, axes).sample.values as number[];
  const pixels = new Float32Array(many * h! * w! * from);
  const size = h! * w! * from;
  for (let filter = 0; filter < many; filter++) {
    const own = Array.from({ length: size }, (_, i) => values[i * many + filter]!);
    const far = Math.max(...own.map(Math.abs)) || 1;
    // Zero is grey in each.
    for (let i = 0; i < size; i++) pixels[filter * size + i] = 0.5 + own[i]! / far / 2;
  }
  const title = `filters of ${tensor.shape.join(' × ')}, each by its greatest weight${many < to! ? `, ${many} of ${to}` : ''}`;
  const labels = Array.from({ length: many }, (_, i) => i);
  const scale = Math.max(4, Math.round(48 / w!));
  return images({ shape: [many, h!, w!, from], dataSync: () => pixels }, { labels, scale, title })[drawSymbol]();
}

/** Points of an embedding at most. */
const mostPoints = 2000;

function drawEmbedding(tensor: Tensor, { labels }: Of<'embedding'>): Display | Promise<Display> {
  const [n, d] = tensor.shape as [number, number];
  if (tensor.rank !== 2 || d < 2)
    throw new RangeError(`show: an embedding must be [n, d ≥ 2], got [${tensor.shape.join(', ')}]`);
  if (labels && labels.length !== n)
    throw new RangeError(`show: there must be a label for each of the ${n} vectors, got ${labels.length}`);
  const step = Math.ceil(n / mostPoints);
  const at = Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
  const values = lookNow(tensor, [at, Array.from({ length: d }, (_, i) => i)]).sample.values as number[];
  const { points, share } = principal(values, at.length, d);
  const rows = points.map(([x, y], i) => ({ x, y, ...(labels && { label: String(labels[at[i]!]) }) }));
  const title =
    d === 2 ? `${n} points` : `${n} × ${d}: two components with ${shortNumber(share * 100, 3)} % of the variance`;
  return plot(rows)
    .point({ x: 'x', y: 'y', title, ...(labels && { color: 'label' }) })
    [drawSymbol]();
}
