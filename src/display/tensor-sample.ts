// Which values of a tensor its drawing needs, so that a large one is never read whole, and how its axes lie in the picture.

/** The part each axis plays in a picture. Axes that have none stay at their index 0. */
export interface Layout {
  /** Down and across one map of values; a vector has only `columns`. */
  readonly rows?: number;
  readonly columns?: number;
  /** One map for each index of these: below each other, and side by side. One axis alone fills lines like words. */
  readonly down: readonly number[];
  readonly across: readonly number[];
  /** 1, 3 or 4 colour values of an image, if the values turn out to be in an image's range. */
  readonly channels?: number;
}

/** Values of a picture: as indexed colours about 9 kB at worst, as RGB 27 kB. */
const cellLimit = 12_288;
const rgbCellLimit = 9_000;

/** Maps below each other and side by side; of one axis alone. */
const mapsDown = 6;
const mapsAcross = 8;
const mapsAlone = 12;

/** How the axes of a shape are laid out; `undefined` for what has no picture (scalars, empty tensors). */
export function layoutOf(shape: readonly number[]): Layout | undefined {
  const rank = shape.length;
  if (rank === 0 || shape.includes(0)) return undefined;
  if (rank === 1) return { columns: 0, down: [], across: [] };
  if (rank === 2) return { rows: 0, columns: 1, down: [], across: [] };
  const last = shape[rank - 1]!;
  const colours = last === 1 || last === 3 || last === 4;
  if (rank === 3)
    return colours && shape[0]! >= 8 && shape[1]! >= 8
      ? { rows: 0, columns: 1, down: [], across: [], channels: 2 }
      : { rows: 1, columns: 2, down: [], across: [0] };
  if (rank === 4) return layoutOfFour(shape as Four, colours);
  // Of more than six axes of maps the first stay at 0: more maps would be too small to see.
  const facets = range(rank - 2).slice(-6);
  const half = Math.floor(facets.length / 2);
  return { rows: rank - 2, columns: rank - 1, down: facets.slice(0, half), across: facets.slice(half) };
}

type Four = readonly [number, number, number, number];

function layoutOfFour([a, b, c, d]: Four, colours: boolean): Layout {
  // A convolution's kernel is [height, width, in, out].
  if (a === b && a <= 7) return { rows: 0, columns: 1, down: [2], across: [3] };
  if (colours && b >= 4 && c >= 4) return { rows: 1, columns: 2, down: [], across: [0], channels: 3 };
  // Attention is [n, heads, queries, keys], everything else [n, height, width, channels].
  if (c === d && b !== c) return { rows: 2, columns: 3, down: [0], across: [1] };
  return { rows: 1, columns: 2, down: [0], across: [3] };
}

/** The indices along `axis` that a picture shows: all, the two ends of a long axis, or of a small map every so many. */
export function pictureIndices(shape: readonly number[], layout: Layout, axis: number): number[] {
  const length = shape[axis]!;
  const { rows, columns, down, across, channels } = layout;
  if (axis === channels) return range(length);
  if (down.includes(axis)) return facetIndices(length, mapsDown, down.length);
  if (across.includes(axis)) return facetIndices(length, down.length > 0 ? mapsAcross : mapsAlone, across.length);
  if (axis !== rows && axis !== columns) return [0];
  if (rows === undefined) return ends(length, 480, 200);
  if (down.length + across.length === 0 && channels === undefined)
    return axis === rows ? ends(length, 96, 40) : ends(length, 128, 52);
  const maps = [...down, ...across].reduce((n, facet) => n * pictureIndices(shape, layout, facet).length, 1);
  const rgb = channels !== undefined && shape[channels]! > 1;
  const side = Math.max(6, Math.floor(Math.sqrt((rgb ? rgbCellLimit : cellLimit) / maps)));
  // Pixels of an image are square; of maps each axis is thinned out by itself.
  const longest = channels === undefined ? length : Math.max(shape[rows]!, shape[columns!]!);
  const step = Math.ceil(longest / side);
  return range(Math.ceil(length / step)).map((at) => at * step);
}

/** `maps` of one axis, fewer of each where several axes share them. */
function facetIndices(length: number, maps: number, axes: number): number[] {
  const each = axes === 1 ? maps : Math.max(2, Math.floor(maps ** (1 / axes)));
  return ends(length, each, Math.max(1, Math.floor(each / 2)));
}

/** Whether all values are printed: at most 400 of them, in at most 40 rows. */
export function isPrintedWhole(shape: readonly number[]): boolean {
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return rows <= 40 && rows * (shape.at(-1) ?? 1) <= 400;
}

/** How many values the text shows at each end of a long axis: 3, or fewer where that would take more than 60 lines. */
export function printedEdge(shape: readonly number[]): number {
  const lines = (edge: number) => shape.slice(0, -1).reduce((n, length) => n * Math.min(length, 2 * edge + 1), 1);
  return lines(3) <= 60 ? 3 : lines(2) <= 60 ? 2 : 1;
}

/**
 * For each axis of `shape` the ascending indices whose product `TensorSample` must hold: what the picture and the printed
 * values need, as it is laid out. All of them for a small tensor; never more than about 200,000 values.
 */
export function sampleAxes(shape: readonly number[], layout = layoutOf(shape)): number[][] {
  if (!layout || isPrintedWhole(shape)) return shape.map(range);
  const edge = printedEdge(shape);
  return shape.map((length, axis) => {
    const both = new Set([...ends(length, 2 * edge + 1, edge), ...pictureIndices(shape, layout, axis)]);
    return [...both].sort((a, b) => a - b);
  });
}

/** Picks the values at the product of `axes` out of a whole row-major array; `width` numbers a value (2 for complex). */
export function sampleValues<T>(
  values: ArrayLike<T>,
  shape: readonly number[],
  axes: readonly (readonly number[])[],
  width = 1,
): T[] {
  const offsets = sampleOffsetsAt(shape, axes, width);
  if (width === 1) return Array.from(offsets, (offset) => values[offset]!);
  return Array.from(offsets).flatMap((offset) => range(width).map((part) => values[offset + part]!));
}

/** Row-major offsets of the product of `axes` in a tensor of `shape`. */
export function sampleOffsetsAt(
  shape: readonly number[],
  axes: readonly (readonly number[])[],
  width = 1,
): Float64Array {
  const strides = stridesOf(shape);
  const count = axes.reduce((n, indices) => n * indices.length, 1);
  const offsets = new Float64Array(count);
  let period = count;
  for (const [axis, indices] of axes.entries()) {
    period /= indices.length;
    const stride = strides[axis]! * width;
    for (let i = 0; i < count; i++) offsets[i]! += indices[Math.floor(i / period) % indices.length]! * stride;
  }
  return offsets;
}

/** Row-major strides, in values. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
}

/** All indices of an axis no longer than `whole`, else `edge` of them at each end. */
function ends(length: number, whole: number, edge: number): number[] {
  return length <= whole ? range(length) : [...range(edge), ...range(edge).map((at) => length - edge + at)];
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}
