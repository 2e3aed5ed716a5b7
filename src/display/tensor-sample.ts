// Which values of a tensor its drawing needs, so that a large one is never read whole, and how its axes lie in the picture.

/** The part each axis plays in a picture: names of axes, most as they lie on the page. */
export interface Layout {
  /** Down and across one map of values; a vector has only `columns`. */
  readonly rows?: number;
  readonly columns?: number;
  /** One small map for each index of these; at most two. */
  readonly facets: readonly number[];
  /** 1, 3 or 4 colour values of an image, if the values turn out to be in an image's range. */
  readonly channels?: number;
}

/** Pixels of a picture: as indexed colours and as RGB about 35 kB at worst, 47 kB as base64. */
const pixelLimit = 30_000;
const rgbPixelLimit = 10_500;

/** How the axes of a shape are laid out; `undefined` for what has no picture (scalars, empty tensors). */
export function layoutOf(shape: readonly number[]): Layout | undefined {
  const rank = shape.length;
  if (rank === 0 || shape.includes(0)) return undefined;
  if (rank === 1) return { columns: 0, facets: [] };
  if (rank === 2) return { rows: 0, columns: 1, facets: [] };
  const last = shape[rank - 1]!;
  const colours = last === 1 || last === 3 || last === 4;
  if (rank === 3)
    return colours && shape[0]! >= 8 && shape[1]! >= 8
      ? { rows: 0, columns: 1, facets: [], channels: 2 }
      : { rows: 1, columns: 2, facets: [0] };
  // A convolution's kernel is [height, width, in, out], everything else [n, height, width, channels].
  if (rank === 4 && shape[0] === shape[1] && shape[0]! <= 7) return { rows: 0, columns: 1, facets: [2, 3] };
  if (rank === 4)
    return colours ? { rows: 1, columns: 2, facets: [0], channels: 3 } : { rows: 1, columns: 2, facets: [0, 3] };
  return { rows: rank - 2, columns: rank - 1, facets: [rank - 4, rank - 3] };
}

/** The indices along `axis` that a picture shows: all, the two ends of a long axis, or of a small map every so many. */
export function pictureIndices(shape: readonly number[], layout: Layout, axis: number): number[] {
  const length = shape[axis]!;
  if (axis === layout.channels) return range(length);
  if (axis === layout.facets[0]) return layout.facets.length === 1 ? ends(length, 12, 6) : ends(length, 6, 3);
  if (axis === layout.facets[1]) return ends(length, 16, 6);
  if (axis !== layout.rows && axis !== layout.columns) return [0];
  if (layout.rows === undefined) return ends(length, 480, 200);
  if (layout.facets.length === 0 && layout.channels === undefined)
    return axis === layout.rows ? ends(length, 128, 48) : ends(length, 160, 64);
  const maps = layout.facets.reduce((n, facet) => n * pictureIndices(shape, layout, facet).length, 1);
  const rgb = layout.channels !== undefined && shape[layout.channels]! > 1;
  const side = Math.max(6, Math.floor(Math.sqrt((rgb ? rgbPixelLimit : pixelLimit) / maps)));
  const longest = Math.max(shape[layout.rows]!, shape[layout.columns!]!);
  const step = Math.ceil(longest / side);
  return range(Math.ceil(length / step)).map((at) => at * step);
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
 * values need. All of them for a small tensor; never more than about 200,000 values.
 */
export function sampleAxes(shape: readonly number[]): number[][] {
  const layout = layoutOf(shape);
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
  const offsets = offsetsAt(shape, axes, width);
  return width === 1
    ? offsets.map((offset) => values[offset]!)
    : offsets.flatMap((offset) => range(width).map((part) => values[offset + part]!));
}

/** Row-major offsets of the product of `axes` in a tensor of `shape`. */
function offsetsAt(shape: readonly number[], axes: readonly (readonly number[])[], width: number): number[] {
  const strides = stridesOf(shape);
  return axes.reduce<number[]>(
    (found, indices, axis) =>
      found.flatMap((offset) => indices.map((index) => offset + index * strides[axis]! * width)),
    [0],
  );
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
