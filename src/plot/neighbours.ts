// Rows of numbers as points whose neighbours stay neighbours: exact t-SNE (van der Maaten and Hinton, 2008), from the main components.
// Time and memory grow with the square of the rows: about 3 s and 16 MB for 1,000.

/** Turns in all, and those in which attraction is exaggerated, so that clusters find together. */
const turns = 500;
const early = { turns: 120, factor: 12 };

/** Places `[n, 2]` from `start`, of rows `values` `[n, columns]`; `perplexity` is about how many neighbours count. */
export function neighbourPlaces(
  values: ArrayLike<number>,
  n: number,
  columns: number,
  start: Float64Array,
  perplexity: number,
): Float64Array {
  const close = closeness(values, n, columns, perplexity);
  const spread = deviation(start) || 1;
  const places = start.map((value) => (value / spread) * 1e-4);
  const speed = new Float64Array(2 * n);
  const gains = new Float64Array(2 * n).fill(1);
  const rate = Math.max(n / early.factor / 4, 50);
  const force = new Float64Array(2 * n);
  const weights = new Float64Array(n * n);
  for (let turn = 0; turn < turns; turn++) {
    const exaggerated = turn < early.turns ? early.factor : 1;
    let total = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const [dx, dy] = [places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!];
        const weight = 1 / (1 + dx * dx + dy * dy);
        weights[i * n + j] = weight;
        total += 2 * weight;
      }
    force.fill(0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const weight = weights[i * n + j]!;
        const pull = 4 * (exaggerated * close[i * n + j]! - weight / total) * weight;
        const dx = pull * (places[2 * i]! - places[2 * j]!);
        const dy = pull * (places[2 * i + 1]! - places[2 * j + 1]!);
        force[2 * i]! += dx;
        force[2 * i + 1]! += dy;
        force[2 * j]! -= dx;
        force[2 * j + 1]! -= dy;
      }
    const momentum = turn < early.turns ? 0.5 : 0.8;
    for (let k = 0; k < 2 * n; k++) {
      gains[k] = Math.max(0.01, force[k]! > 0 === speed[k]! > 0 ? gains[k]! * 0.8 : gains[k]! + 0.2);
      speed[k] = momentum * speed[k]! - rate * gains[k]! * force[k]!;
      places[k]! += speed[k]!;
    }
  }
  return places;
}

/** How probable it is that two rows are neighbours, `[n, n]`, symmetric, 1 in sum. */
function closeness(values: ArrayLike<number>, n: number, columns: number, perplexity: number): Float64Array {
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += (values[i * columns + c]! - values[j * columns + c]!) ** 2;
      distances[i * n + j] = distances[j * n + i] = sum;
    }
  const likely = new Float64Array(n * n);
  for (let i = 0; i < n; i++) spreadOver(distances.subarray(i * n, i * n + n), i, Math.log(perplexity), likely, i * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = Math.max((likely[i * n + j]! + likely[j * n + i]!) / (2 * n), 1e-12);
      likely[i * n + j] = likely[j * n + i] = mean;
    }
  return likely;
}

/** Writes the probabilities of one row's neighbours, as wide a bell curve as has the wanted entropy. */
function spreadOver(distances: Float64Array, own: number, entropy: number, into: Float64Array, at: number): void {
  let nearest = Infinity;
  for (let j = 0; j < distances.length; j++) if (j !== own) nearest = Math.min(nearest, distances[j]!);
  let [low, high, sharpness] = [0, Infinity, 1];
  for (let tries = 0; tries < 60; tries++) {
    let [sum, weighed] = [0, 0];
    for (let j = 0; j < distances.length; j++) {
      const weight = j === own ? 0 : Math.exp(-sharpness * (distances[j]! - nearest));
      into[at + j] = weight;
      sum += weight;
      weighed += weight * (distances[j]! - nearest);
    }
    for (let j = 0; j < distances.length; j++) into[at + j]! /= sum;
    const off = Math.log(sum) + (sharpness * weighed) / sum - entropy;
    if (Math.abs(off) < 1e-4) return;
    if (off > 0) low = sharpness;
    else high = sharpness;
    sharpness = high === Infinity ? sharpness * 2 : (low + high) / 2;
  }
}

function deviation(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
