// Which values of a tensor a drawing needs, so that a large tensor is never read whole: the edges of long axes.

/** Longest axis that is drawn whole, and how many indices of a longer one are read at each end. */
interface Edge {
  readonly whole: number;
  readonly ends: number;
}

const columns: Edge = { whole: 160, ends: 64 };
const rows: Edge = { whole: 128, ends: 48 };
const strip: Edge = { whole: 512, ends: 200 };
const facets: Edge = { whole: 12, ends: 6 };

/** For each axis of `shape` the ascending indices whose product `TensorSample` must hold. At most about 100,000 values. */
export function sampleAxes(shape: readonly number[]): number[][] {
  const channels = shape.length >= 3 && shape.at(-1)! <= 4 ? 1 : 0;
  return shape.map((size, axis) => {
    const fromEnd = shape.length - axis;
    if (shape.length === 1) return edges(size, strip);
    if (channels && fromEnd === 1) return edges(size, columns);
    if (fromEnd === 1 + channels) return edges(size, columns);
    if (fromEnd === 2 + channels) return edges(size, rows);
    return edges(size, facets);
  });
}

function edges(size: number, { whole, ends }: Edge): number[] {
  if (size <= whole) return Array.from({ length: size }, (_, i) => i);
  return [...Array.from({ length: ends }, (_, i) => i), ...Array.from({ length: ends }, (_, i) => size - ends + i)];
}

/** Picks the values at the product of `axes` out of a whole row-major array; `width` numbers a value (2 for complex). */
export function sampleValues<T>(values: ArrayLike<T>, shape: readonly number[], axes: number[][], width = 1): T[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, width));
  let offsets = [0];
  axes.forEach((indices, axis) => {
    offsets = offsets.flatMap((offset) => indices.map((index) => offset + index * strides[axis]!));
  });
  return offsets.flatMap((offset) => Array.from({ length: width }, (_, part) => values[offset + part]!));
}
