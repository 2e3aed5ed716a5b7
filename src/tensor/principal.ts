// The two directions in which vectors differ most: principal components by power iteration. Numbers in, points out.

/** Rounds of iteration: enough for a picture. */
const rounds = 40;

/** Coordinates of `n` vectors of `d` values (row-major) on their two principal components, and the share of the variance they hold. */
export function principal(
  values: ArrayLike<number>,
  n: number,
  d: number,
): { readonly points: readonly [number, number][]; readonly share: number } {
  const centred = Float64Array.from(values, (value) => (Number.isFinite(value) ? value : 0));
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += centred[i * d + j]! / n;
    for (let i = 0; i < n; i++) centred[i * d + j]! -= mean;
  }
  const total = squares(centred);
  if (d === 2) return { points: Array.from({ length: n }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]), share: 1 };
  const first = component(centred, n, d);
  const second = component(centred, n, d);
  const share = total > 0 ? (squares(first) + squares(second)) / total : 1;
  return { points: Array.from({ length: n }, (_, i) => [first[i]!, second[i]!]), share };
}

/** Coordinates on the first component, which is taken out of the vectors. */
function component(rows: Float64Array, n: number, d: number): Float64Array {
  let direction = Float64Array.from({ length: d }, (_, j) => Math.sin(j + 1));
  const coordinates = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    project(rows, direction, coordinates);
    const next = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) next[j]! += coordinates[i]! * rows[i * d + j]!;
    const length = Math.sqrt(squares(next));
    if (length === 0) break;
    direction = next.map((value) => value / length);
  }
  project(rows, direction, coordinates);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) rows[i * d + j]! -= coordinates[i]! * direction[j]!;
  return coordinates;
}

function project(rows: Float64Array, direction: Float64Array, coordinates: Float64Array): void {
  const d = direction.length;
  for (let i = 0; i < coordinates.length; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += rows[i * d + j]! * direction[j]!;
    coordinates[i] = sum;
  }
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
