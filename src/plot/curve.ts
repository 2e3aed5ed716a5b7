// A curve that grows without end in bounded memory: when it is full, neighbours are merged two by two.

/** Points kept at most; a chart is a few hundred px wide. */
const capacity = 512;

export class Curve {
  readonly x: number[] = [];
  readonly y: number[] = [];
  /** Values that make up one point now, and those collected for the next. */
  #stride = 1;
  #count = 0;
  #sumX = 0;
  #sumY = 0;

  add(x: number, y: number): void {
    this.#sumX += x;
    this.#sumY += y;
    if (++this.#count < this.#stride) return;
    this.x.push(this.#sumX / this.#count);
    this.y.push(this.#sumY / this.#count);
    this.#count = this.#sumX = this.#sumY = 0;
    if (this.x.length >= capacity) this.#halve();
  }

  /** Measures x in another unit: `factor` of the new make one of the old. */
  scaleX(factor: number): void {
    for (let i = 0; i < this.x.length; i++) this.x[i]! *= factor;
    this.#sumX *= factor;
  }

  #halve(): void {
    const half = this.x.length / 2;
    for (const values of [this.x, this.y]) {
      for (let i = 0; i < half; i++) values[i] = (values[2 * i]! + values[2 * i + 1]!) / 2;
      values.length = half;
    }
    this.#stride *= 2;
  }
}

/** Each value averaged with its neighbours, about a twentieth of the curve: single steps are noise. */
export function smoothed(values: readonly number[]): number[] {
  const reach = Math.round(values.length / 40);
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, i) => {
    // As far to both sides, so that the ends do not lag.
    const near = Math.min(reach, i, values.length - 1 - i);
    return (sums[i + near + 1]! - sums[i - near]!) / (2 * near + 1);
  });
}
