// The values of a tensor as a small picture: an image where they look like one, else a map of colours, several side by side for
// more than two axes. Sampled values → pixels; no text.
import { gapIndex, keyIndices, type Scale, scaleOf } from './palette.ts';
import { encodePng, enlarge, type Pixels } from './png.ts';
import { type Layout, layoutOf, pictureIndices, stridesOf } from './tensor-sample.ts';
import type { TensorFacts, TensorSample } from './tensor-types.ts';

export interface TensorPicture {
  readonly png: Buffer;
  /** Size to show it at, px. */
  readonly width: number;
  readonly height: number;
  /** Whether the values were taken for the brightness of an image. */
  readonly image: boolean;
  /** The values of the first and the last colour, and the colours between. */
  readonly key?: { readonly low: number; readonly high: number; readonly png: Buffer };
}

/** Height of a vector's strip, px. */
const stripHeight = 20;
/** Width and height, in px, that a picture is enlarged to at most, and the largest square of one value. */
const target = { width: 480, height: 280, square: 14 };

/** The picture of a numeric tensor; `undefined` for scalars, empty tensors, strings and complex numbers. */
export function tensorPicture(facts: TensorFacts, sample: TensorSample): TensorPicture | undefined {
  const { shape, dtype } = facts;
  const layout = layoutOf(shape);
  if (!layout || dtype === 'string' || dtype === 'complex64') return undefined;
  const map = new SampleMap(shape, layout, sample);
  const { min, max } = facts.statistics ?? map.range();
  const brightness = imageRange(min, max, dtype);
  const colours = layout.channels === undefined ? 0 : shape[layout.channels]!;
  if (colours > 0 && brightness !== undefined) {
    const grey = colours === 1;
    const pixels = grey ? drawMaps(map, scaleOf(0, brightness, 'grey')) : drawImages(map, 255 / brightness);
    return { ...shown(pixels), image: true };
  }
  const scale = scaleOf(min, max);
  const key: Pixels = { width: keyIndices.length, height: 1, data: keyIndices, channels: 1, palette: scale.palette };
  return {
    ...shown(drawMaps(map, scale)),
    image: false,
    ...(min < max && { key: { low: scale.low, high: scale.high, png: encodePng(key) } }),
  };
}

/** The brightest value an image of this range has: 1 or 255; `undefined` if this is no image's range. */
function imageRange(min: number, max: number, dtype: string): number | undefined {
  if (!(min >= 0) || min === max) return undefined;
  if (max <= 1 && dtype === 'float32') return 1;
  return max > 1 && max <= 255 ? 255 : undefined;
}

function shown(pixels: Pixels): { png: Buffer; width: number; height: number } {
  const { width, height } = pixels;
  const fits = Math.min(target.width / width, target.height / height, target.square);
  const large = enlarge(pixels, Math.max(1, Math.floor(fits)));
  return { png: encodePng(large), width: large.width, height: height === 1 ? stripHeight : large.height };
}

/** Looks sampled values up by their place in the picture. */
class SampleMap {
  /** For each axis, positions in the sample of what the picture shows; -1 is a gap. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly facets: readonly (readonly number[])[];
  readonly channels: number;
  readonly #layout: Layout;
  readonly #strides: readonly number[];
  readonly #values: ArrayLike<number>;

  constructor(shape: readonly number[], layout: Layout, sample: TensorSample) {
    this.#layout = layout;
    this.#strides = stridesOf(sample.axes.map((indices) => indices.length));
    this.#values = sample.values as ArrayLike<number>;
    const positions = (axis: number | undefined, gap: number) =>
      axis === undefined ? [0] : withGap(pictureIndices(shape, layout, axis), sample.axes[axis]!, gap);
    const mapGap = layout.facets.length === 0 && layout.channels === undefined ? 2 : 0;
    this.rows = positions(layout.rows, mapGap);
    this.columns = positions(layout.columns, mapGap);
    // One axis of facets has its first and its last in a row each; two axes have an empty cell between.
    this.facets = layout.facets.map((axis) => positions(axis, layout.facets.length - 1));
    this.channels = layout.channels === undefined ? 1 : shape[layout.channels]!;
  }

  at(facets: readonly number[], row: number, column: number, channel: number): number {
    const { rows, columns, channels, facets: axes } = this.#layout;
    let offset = columns === undefined ? 0 : column * this.#strides[columns]!;
    if (rows !== undefined) offset += row * this.#strides[rows]!;
    if (channels !== undefined) offset += channel * this.#strides[channels]!;
    axes.forEach((axis, i) => {
      offset += facets[i]! * this.#strides[axis]!;
    });
    return Number(this.#values[offset]);
  }

  /** The range of the finite sampled values, where nobody knows that of all. */
  range(): { min: number; max: number } {
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < this.#values.length; i++) {
      const value = Number(this.#values[i]);
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return { min, max };
  }
}

/** Positions of `indices` in `sampled`, with `gap` times -1 where indices were left out between the two ends. */
function withGap(indices: readonly number[], sampled: readonly number[], gap: number): number[] {
  const positions = new Map(sampled.map((index, at) => [index, at]));
  const step = indices.length > 1 ? indices[1]! - indices[0]! : 1;
  return indices.flatMap((index, at) => [
    ...(at > 0 && index - indices[at - 1]! !== step ? Array<number>(gap).fill(-1) : []),
    positions.get(index)!,
  ]);
}

/** Maps of palette indices, laid out in a grid. */
function drawMaps(map: SampleMap, scale: Scale): Pixels {
  return drawGrid(map, 1, map.channels, scale.palette, (data, at, facets, row, column, channel) => {
    data[at] = scale.index(map.at(facets, row, column, channel));
  });
}

/** RGB or RGBA images, laid out in a grid. */
function drawImages(map: SampleMap, factor: number): Pixels {
  return drawGrid(map, 4, 1, undefined, (data, at, facets, row, column) => {
    for (let c = 0; c < 4; c++) data[at + c] = c < map.channels ? map.at(facets, row, column, c) * factor : 255;
  });
}

type Paint = (
  data: Uint8ClampedArray,
  at: number,
  facets: readonly number[],
  row: number,
  column: number,
  channel: number,
) => void;

/**
 * Places one map for each index of the facets (and, for `layers` > 1, of the channels) with a pixel between them: one facet
 * axis in up to 6 columns, or two rows; two axes as rows and columns.
 */
function drawGrid(
  map: SampleMap,
  channels: 1 | 4,
  layers: number,
  palette: Scale['palette'] | undefined,
  paint: Paint,
): Pixels {
  const [first = [0], second] = map.facets;
  const across = second ?? Array.from({ length: layers }, (_, layer) => layer);
  const cells = first.flatMap((a) => across.map((b) => ({ a, b })));
  const columns = across.length > 1 ? across.length : cells.length <= 6 ? cells.length : Math.ceil(cells.length / 2);
  const rows = Math.ceil(cells.length / columns);
  const pitch = { x: map.columns.length + 1, y: map.rows.length + 1 };
  const width = columns * pitch.x - 1;
  const height = rows * pitch.y - 1;
  const data = new Uint8ClampedArray(width * height * channels);
  if (channels === 1) data.fill(gapIndex);
  cells.forEach(({ a, b }, cell) => {
    const left = (cell % columns) * pitch.x;
    const top = Math.floor(cell / columns) * pitch.y;
    const facets = second ? [a, b] : [a];
    if (facets.includes(-1)) return;
    for (const [y, row] of map.rows.entries())
      for (const [x, column] of map.columns.entries())
        if (row >= 0 && column >= 0)
          paint(data, ((top + y) * width + left + x) * channels, facets, row, column, second ? 0 : b);
  });
  return { width, height, data, channels, ...(palette && { palette }) };
}
