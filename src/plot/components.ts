// The directions in which rows of numbers spread most (PCA), by power iteration: few of them are wanted, of rows that may be long.

export interface Components {
  /** Places along the first and the second direction, `[n, 2]`, row by row. */
  readonly points: Float64Array;
  /** Share of the whole variance that each direction has. */
  readonly shares: readonly [number, number];
}

/** Turns of the iteration at most, and the change of a direction that ends it. */
const mostTurns = 500;
const still = 1e-12;

/** The two main components of `values` `[n, columns]`, their signs such that the greatest weight is positive. */
export function mainComponents(values: ArrayLike<number>, n: number, columns: number): Components {
  const data = centred(values, n, columns);
  let total = 0;
  for (let i = 0; i < data.length; i++) total += data[i]! ** 2;
  const points = new Float64Array(n * 2);
  const shares: [number, number] = [0, 0];
  const found: Float64Array[] = [];
  for (let k = 0; k < Math.min(2, columns); k++) {
    const direction = mainDirection(data, n, columns, found);
    found.push(direction);
    const along = times(data, n, columns, direction);
    let squares = 0;
    for (let row = 0; row < n; row++) {
      points[row * 2 + k] = along[row]!;
      squares += along[row]! ** 2;
    }
    shares[k] = total > 0 ? squares / total : 0;
  }
  return { points, shares };
}

function centred(values: ArrayLike<number>, n: number, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < n * columns; i++) means[i % columns]! += values[i]! / n;
  return Float64Array.from({ length: n * columns }, (_, i) => values[i]! - means[i % columns]!);
}

/** The direction of most variance that is orthogonal to those found. */
function mainDirection(data: Float64Array, n: number, columns: number, found: readonly Float64Array[]): Float64Array {
  // Any start that is not orthogonal to the answer will do.
  let direction: Float64Array = Float64Array.from({ length: columns }, (_, i) =>
    Math.sin(i * 12.9898 + found.length + 1),
  );
  normalise(direction, found);
  for (let turn = 0; turn < mostTurns; turn++) {
    const next = transposedTimes(data, n, columns, times(data, n, columns, direction));
    if (!normalise(next, found)) break;
    let same = 0;
    for (let i = 0; i < columns; i++) same += next[i]! * direction[i]!;
    direction = next;
    if (1 - Math.abs(same) < still) break;
  }
  let greatest = 0;
  for (let i = 1; i < columns; i++) if (Math.abs(direction[i]!) > Math.abs(direction[greatest]!)) greatest = i;
  return direction[greatest]! < 0 ? direction.map((value) => -value) : direction;
}

/** Makes a vector orthogonal to others and of length 1; false when nothing is left of it. */
function normalise(vector: Float64Array, others: readonly Float64Array[]): boolean {
  for (const other of others) {
    let along = 0;
    for (let i = 0; i < vector.length; i++) along += vector[i]! * other[i]!;
    for (let i = 0; i < vector.length; i++) vector[i]! -= along * other[i]!;
  }
  let length = 0;
  for (let i = 0; i < vector.length; i++) length += vector[i]! ** 2;
  length = Math.sqrt(length);
  if (!(length > 1e-200)) return false;
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return true;
}

function times(data: Float64Array, n: number, columns: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(n);
  for (let row = 0, at = 0; row < n; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += data[at++]! * vector[column]!;
    product[row] = sum;
  }
  return product;
}

function transposedTimes(data: Float64Array, n: number, columns: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(columns);
  for (let row = 0, at = 0; row < n; row++) {
    const factor = vector[row]!;
    for (let column = 0; column < columns; column++) product[column]! += data[at++]! * factor;
  }
  return product;
}
