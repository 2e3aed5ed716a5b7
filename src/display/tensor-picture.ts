// The values of a tensor as one small picture and where each value lies in it: an image where they look like one, else a map of
// colours, several side by side for more than two axes. Sampled values → pixels and places; no text.
import { gapIndex, type Range, type Scale, scaleOf } from './palette.ts';
import { encodePng, type Pixels } from './png.ts';
import { type Layout, layoutOf, pictureIndices, stridesOf } from './tensor-sample.ts';
import type { TensorFacts, TensorSample } from './tensor-types.ts';

/** One map of values in the picture. */
export interface MapPlace {
  /** px of its corner. */
  readonly left: number;
  readonly top: number;
  /** Index of each axis that has one index in this map. */
  readonly at: ReadonlyMap<number, number>;
  /** The values of a place, by positions in `rows` and `columns`: one, or the channels of an image. */
  values(row: number, column: number): number[];
}

/** Indices that lie side by side, from px `start` on. */
export interface Stretch {
  readonly start: number;
  readonly indices: readonly number[];
}

export interface TensorPicture {
  readonly png: Buffer;
  /** Size to show it at, px. */
  readonly width: number;
  readonly height: number;
  /** Whether the values were taken for the brightness of an image. */
  readonly image: boolean;
  /** What the colours mean; none for images and where all values are equal. */
  readonly scale?: Scale;
  readonly layout: Layout;
  /** px of one value. */
  readonly cell: { readonly width: number; readonly height: number };
  readonly maps: readonly MapPlace[];
  /** Of each map: one stretch, or the two ends of a long axis. */
  readonly rows: readonly Stretch[];
  readonly columns: readonly Stretch[];
  readonly names: NonNullable<PictureOptions['names']>;
  /** Maps in a line, and px from one to the next. */
  readonly mapsAcross: number;
  readonly pitch: { readonly x: number; readonly y: number };
}

export interface PictureOptions {
  /** Draws the values as an image, or as colours, whatever their range suggests. */
  readonly as?: 'image' | 'colours';
  /** How the axes lie; default what the shape suggests. */
  readonly layout?: Layout;
  /** Names of the indices of the axes down and across. */
  readonly names?: { readonly rows?: readonly string[]; readonly columns?: readonly string[] };
  /** px that the picture may fill, and the largest square of one value. */
  readonly target?: { readonly width: number; readonly height: number; readonly cell: number };
}

/** Height of a vector's strip, px. */
const stripHeight = 24;
const usual = { width: 560, height: 300, cell: 20 };
/** px between the two ends of an axis, between maps side by side, and over maps that are named by their index. */
const endGap = 8;
const mapGap = 4;
export const nameHeight = 13;

/** The picture of a numeric tensor; `undefined` for scalars, empty tensors, strings and complex numbers. */
export function tensorPicture(
  facts: TensorFacts,
  sample: TensorSample,
  options: PictureOptions = {},
): TensorPicture | undefined {
  const { shape, dtype } = facts;
  const layout = options.layout ?? layoutOf(shape);
  if (!layout || dtype === 'string' || dtype === 'complex64') return undefined;
  const values = new SampleMap(shape, layout, sample);
  const range: Range = facts.statistics ?? values.range();
  const colours = layout.channels === undefined ? 0 : shape[layout.channels]!;
  const brightness = colours === 0 || options.as === 'colours' ? undefined : imageRange(range, dtype, options.as);
  const geometry = placed(shape, layout, values, colours > 1 && brightness === undefined, options.target ?? usual);
  const { width, height } = geometry;
  const own = { ...geometry, layout, width, height, names: options.names ?? {} };
  if (brightness && colours > 1)
    return { ...own, png: encodePng(drawImages(geometry, brightness, colours)), image: true };
  const scale = brightness ? scaleOf(brightness, 'grey') : scaleOf(range, 'value', values.all);
  return {
    ...own,
    png: encodePng(drawMaps(geometry, scale)),
    image: brightness !== undefined,
    ...(!brightness && range.min < range.max && { scale }),
  };
}

/** Which values are black and which are white; `undefined` if this is no image's range. */
function imageRange({ min, max }: Range, dtype: string, as?: 'image'): Range | undefined {
  if (min >= 0 && max <= 1 && dtype === 'float32' && (min < max || as)) return { min: 0, max: 1 };
  if (min >= 0 && max > 1 && max <= 255 && (min < max || as)) return { min: 0, max: 255 };
  return as && { min, max };
}

/** Looks sampled values up by their indices. */
class SampleMap {
  readonly #strides: readonly number[];
  readonly all: ArrayLike<number>;
  readonly #positions: readonly ReadonlyMap<number, number>[];
  readonly indices: (axis: number | undefined) => number[];
  readonly shape: readonly number[];

  constructor(shape: readonly number[], layout: Layout, sample: TensorSample) {
    this.shape = shape;
    this.#strides = stridesOf(sample.axes.map((indices) => indices.length));
    this.all = sample.values as ArrayLike<number>;
    this.#positions = sample.axes.map((indices) => new Map(indices.map((index, at) => [index, at])));
    this.indices = (axis) => (axis === undefined ? [0] : pictureIndices(shape, layout, axis));
  }

  /** How far an index of an axis lies from the first value. */
  offset(axis: number | undefined, index: number): number {
    return axis === undefined ? 0 : this.#positions[axis]!.get(index)! * this.#strides[axis]!;
  }

  value(offset: number): number {
    return Number(this.all[offset]);
  }

  /** The range of the finite sampled values, where nobody knows that of all. */
  range(): { min: number; max: number } {
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < this.all.length; i++) {
      const value = Number(this.all[i]);
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return { min, max };
  }
}

type Geometry = Pick<TensorPicture, 'width' | 'height' | 'cell' | 'maps' | 'rows' | 'columns' | 'mapsAcross' | 'pitch'>;

/** Finds the place of each value. With `apart`, channels of what is no image are maps of their own. */
function placed(
  shape: readonly number[],
  layout: Layout,
  values: SampleMap,
  apart: boolean,
  target: NonNullable<PictureOptions['target']>,
): Geometry {
  const { rows, columns, channels } = layout;
  const acrossAxes = apart ? [...layout.across, channels!] : layout.across;
  const downSets = products(layout.down, values);
  const acrossSets = products(acrossAxes, values);
  const isGrid = layout.down.length > 0;
  const sets = downSets.flatMap((a) => acrossSets.map((b) => [...a, ...b]));
  const isNamed = sets.length > 1;
  // One axis of maps fills two lines where it is long; with channels apart, a line for each index of the other.
  const mapsAcross = isGrid
    ? acrossSets.length
    : apart && layout.across.length > 0
      ? shape[channels!]!
      : sets.length <= 6
        ? sets.length
        : Math.ceil(sets.length / 2);
  const mapsDown = Math.ceil(sets.length / mapsAcross);
  const top = isNamed && !isGrid ? nameHeight : 0;
  const [rowIndices, columnIndices] = [values.indices(rows), values.indices(columns)];
  const fits = Math.min(
    (target.width / mapsAcross - mapGap) / columnIndices.length,
    (target.height / mapsDown - mapGap - top) / rowIndices.length,
    target.cell,
  );
  const size = Math.max(1, Math.floor(fits));
  const cell = { width: size, height: rows === undefined ? stripHeight : size };
  const rowStretches = stretches(rowIndices, cell.height);
  const columnStretches = stretches(columnIndices, cell.width);
  const map = { width: extent(columnStretches, cell.width), height: extent(rowStretches, cell.height) };
  const pitch = { x: map.width + mapGap, y: map.height + mapGap + top };
  const count = apart || channels === undefined ? 1 : shape[channels]!;
  const maps = sets.map((set, i) => {
    const base = set.reduce((sum, [axis, index]) => sum + values.offset(axis, index), 0);
    const rowOffsets = rowIndices.map((index) => base + values.offset(rows, index));
    const columnOffsets = columnIndices.map((index) => values.offset(columns, index));
    const step = count === 1 ? 0 : values.offset(channels, 1);
    return {
      left: (i % mapsAcross) * pitch.x,
      top: Math.floor(i / mapsAcross) * pitch.y + top,
      at: new Map(set),
      values: (row: number, column: number) => {
        const offset = rowOffsets[row]! + columnOffsets[column]!;
        const found = [values.value(offset)];
        for (let channel = 1; channel < count; channel++) found.push(values.value(offset + channel * step));
        return found;
      },
    };
  });
  return {
    width: mapsAcross * pitch.x - mapGap,
    height: mapsDown * pitch.y - mapGap,
    cell,
    maps,
    rows: rowStretches,
    columns: columnStretches,
    mapsAcross,
    pitch,
  };
}

/** All combinations of the indices of some axes, in order. */
function products(axes: readonly number[], values: SampleMap): [axis: number, index: number][][] {
  return axes.reduce<[number, number][][]>(
    (sets, axis) => sets.flatMap((set) => values.indices(axis).map((index) => [...set, [axis, index]] as typeof set)),
    [[]],
  );
}

/** Indices as stretches of even steps. */
function stretches(indices: readonly number[], size: number): Stretch[] {
  const step = indices.length > 1 ? indices[1]! - indices[0]! : 1;
  const break_ = indices.findIndex((index, at) => at > 0 && index - indices[at - 1]! !== step);
  if (break_ < 0) return [{ start: 0, indices }];
  return [
    { start: 0, indices: indices.slice(0, break_) },
    { start: break_ * size + endGap, indices: indices.slice(break_) },
  ];
}

function extent(parts: readonly Stretch[], size: number): number {
  const last = parts.at(-1)!;
  return last.start + last.indices.length * size;
}

/** Maps of palette indices. */
function drawMaps(geometry: Geometry, scale: Scale): Pixels {
  return {
    ...paint(geometry, 1, gapIndex, (values, pixel) => {
      pixel[0] = scale.index(values[0]!);
    }),
    palette: scale.palette,
  };
}

/** RGB or RGBA images. */
function drawImages(geometry: Geometry, { min, max }: Range, colours: number): Pixels {
  const factor = 255 / (max - min || 1);
  return paint(geometry, 4, 0, (values, pixel) => {
    for (let c = 0; c < 4; c++) pixel[c] = c < colours ? (values[c]! - min) * factor : 255;
  });
}

/** Fills the square of each value with its pixel. */
function paint(
  { width, height, cell, maps, rows, columns }: Geometry,
  channels: 1 | 4,
  background: number,
  color: (values: number[], pixel: Uint8ClampedArray) => void,
): Pixels {
  const data = new Uint8ClampedArray(width * height * channels).fill(background);
  const pixel = new Uint8ClampedArray(channels);
  for (const map of maps) {
    let row = 0;
    for (const rowStretch of rows)
      for (let i = 0; i < rowStretch.indices.length; i++, row++) {
        const line = ((map.top + rowStretch.start + i * cell.height) * width + map.left) * channels;
        let column = 0;
        for (const columnStretch of columns)
          for (let j = 0; j < columnStretch.indices.length; j++, column++) {
            color(map.values(row, column), pixel);
            const at = line + (columnStretch.start + j * cell.width) * channels;
            for (let x = 0; x < cell.width; x++) data.set(pixel, at + x * channels);
          }
        const end = line + extent(columns, cell.width) * channels;
        for (let y = 1; y < cell.height; y++) data.copyWithin(line + y * width * channels, line, end);
      }
  }
  return { width, height, data, channels };
}
