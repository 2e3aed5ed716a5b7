// Figures over the values of a tensor: least, greatest, mean, deviation, what is not finite, and a histogram. Numbers in, plain data out.
import type { Histogram, Statistics } from '../display/tensor-types.ts';

/** Bars of a histogram; whole numbers of a short range get one each. */
const bars = 48;

/** Values that a histogram is made from at most, spread over all. */
const histogramValues = 2 ** 17;

/** Values that are summed by one call: V8 compiles a function that is called often sooner than a loop that is long. */
const chunk = 2 ** 14;

/** Figures over the finite values, exact, in one pass (1–2 ns a value); with a histogram unless `bare`. */
export function statistics(values: ArrayLike<number>, { bare = false } = {}): Statistics {
  const figures = new Moments().add(values).result();
  if (bare || !(figures.max > figures.min)) return figures;
  return { ...figures, histogram: histogramOf(values, figures.min, figures.max) };
}

/** Moments of values that come part by part. */
export class Moments {
  #origin = Number.NaN;
  #min = Infinity;
  #max = -Infinity;
  #sum = 0;
  #squares = 0;
  #finite = 0;
  #nan = 0;
  #infinite = 0;

  /** Sums are taken from the first finite value, so that their squares don't drown the differences. */
  add(values: ArrayLike<number>): this {
    const { length } = values;
    let start = 0;
    if (Number.isNaN(this.#origin)) {
      while (start < length && !Number.isFinite(values[start])) start++;
      for (let i = 0; i < start; i++) this.#other(values[i]!);
      if (start === length) return this;
      this.#origin = values[start]!;
    }
    for (let i = start; i < length; i += chunk) this.#addPart(values, i, Math.min(length, i + chunk));
    return this;
  }

  #addPart(values: ArrayLike<number>, start: number, end: number): void {
    let sums = sumsOf(values, start, end, this.#origin);
    let finite = end - start;
    if (!Number.isFinite(sums.squares)) {
      const kept = new Float64Array(finite);
      finite = 0;
      for (let i = start; i < end; i++) {
        if (Number.isFinite(values[i])) kept[finite++] = values[i]!;
        else this.#other(values[i]!);
      }
      sums = sumsOf(kept, 0, finite, this.#origin);
    }
    this.#min = Math.min(this.#min, sums.min);
    this.#max = Math.max(this.#max, sums.max);
    this.#sum += sums.sum;
    this.#squares += sums.squares;
    this.#finite += finite;
  }

  #other(value: number): void {
    if (Number.isNaN(value)) this.#nan++;
    else this.#infinite++;
  }

  result(): Statistics {
    const counted = { nan: this.#nan, infinite: this.#infinite };
    const none = Number.NaN;
    if (this.#finite === 0) return { min: none, max: none, mean: none, std: none, ...counted };
    const mean = this.#sum / this.#finite;
    const std = Math.sqrt(Math.max(0, this.#squares / this.#finite - mean * mean));
    return { min: this.#min, max: this.#max, mean: this.#origin + mean, std, ...counted };
  }
}

/** Over all values in `start`…`end`, two at a time: an addition waits for the one before it. Not finite where a value is not. */
function sumsOf(values: ArrayLike<number>, start: number, end: number, origin: number) {
  let min = Infinity;
  let max = -Infinity;
  let [sum, squares, sum2, squares2] = [0, 0, 0, 0];
  let i = start;
  for (; i < end - 1; i += 2) {
    const a = values[i]!;
    const b = values[i + 1]!;
    if (a < min) min = a;
    if (a > max) max = a;
    if (b < min) min = b;
    if (b > max) max = b;
    const x = a - origin;
    const y = b - origin;
    sum += x;
    squares += x * x;
    sum2 += y;
    squares2 += y * y;
  }
  if (i < end) {
    const last = values[i]!;
    if (last < min) min = last;
    if (last > max) max = last;
    sum += last - origin;
    squares += (last - origin) ** 2;
  }
  return { min, max, sum: sum + sum2, squares: squares + squares2 };
}

/** How many of the values lie in each part of `min`…`max`, from at most 131,072 of them. */
export function histogramOf(values: ArrayLike<number>, min: number, max: number): Histogram {
  const stride = Math.ceil(values.length / histogramValues);
  const whole = Number.isInteger(min) && Number.isInteger(max) && max - min < bars && isWhole(values, stride);
  // Few values in many bars would be a comb.
  const parts = whole ? max - min + 1 : Math.min(bars, Math.max(6, Math.ceil(2 * Math.cbrt(values.length))));
  const counts = new Array<number>(parts).fill(0);
  const factor = whole ? 1 : parts / (max - min);
  const last = counts.length - 1;
  for (let i = 0; i < values.length; i += stride) {
    const at = Math.floor((values[i]! - min) * factor);
    // What is not finite has no place; the greatest belongs to the last.
    if (at >= 0 && at <= last + 1) counts[Math.min(at, last)]!++;
  }
  return { low: min, high: max, counts, ...(whole && { whole }) };
}

function isWhole(values: ArrayLike<number>, stride: number): boolean {
  if (!(values instanceof Float32Array) && !Array.isArray(values)) return true;
  for (let i = 0; i < values.length; i += stride)
    if (Number.isFinite(values[i]) && !Number.isInteger(values[i])) return false;
  return true;
}

/** Values that a sample of a large tensor holds, and how many lie side by side: as many as a line of a processor's cache. */
export const sampleSize = 2 ** 18;
const sideBySide = 16;

/** `count` ascending offsets into `size` values, in short runs spread evenly but not in step with any axis; the same at each call. */
export function sampleOffsets(size: number, count = sampleSize): Float64Array {
  const runs = Math.floor(count / sideBySide);
  const room = size / runs;
  const offsets = new Float64Array(runs * sideBySide);
  for (let run = 0; run < runs; run++) {
    // A golden step within each part looks random and needs no generator.
    const start = Math.floor(run * room + ((run * 0.6180339887498949) % 1) * (room - sideBySide));
    for (let i = 0; i < sideBySide; i++) offsets[run * sideBySide + i] = start + i;
  }
  return offsets;
}
