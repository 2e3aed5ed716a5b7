// TensorFlow's stateless random numbers in JavaScript: Philox 4×32-10 (Salmon et al. 2011), keyed by a seed of two numbers, and the
// distributions of tensorflow/core/lib/random. Backends without TensorFlow draw the same numbers with it (the last bits of a
// logarithm or a sine apart).

export type Distribution = 'uniform' | 'normal' | 'truncatedNormal';

/** Two whole numbers of 31 bits, a seed and a step: XLA and TensorFlow's own kernels differ over negative ones. */
export type Seed = readonly [seed: number, step: number];

/** Where a sequence begins: the key, and the upper half of the counter. */
interface Start {
  readonly key: readonly [number, number];
  readonly high: readonly [number, number];
}

/** `size` numbers: uniform in [0, 1), or normal of mean 0 and deviation 1, beyond ±2 left out when truncated. */
export function draw(distribution: Distribution, seed: Seed, size: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(size);
  const start = startOf(seed);
  if (distribution === 'truncatedNormal') fillTruncated(out, start);
  else fill(out, start, distribution === 'normal' ? pairOfNormals : pairOfUniforms);
  return out;
}

/** An endless sequence of numbers in [0, 1), of 32 bits each. */
export function sequence(seed: Seed): () => number {
  const next = words(startOf(seed), 0);
  return () => next() / 2 ** 32;
}

/** The seed is scrambled by one round of the generator, so that seeds that are near give sequences that are not. */
function startOf([seed, step]: Seed): Start {
  const block = new Uint32Array(4);
  philox(block, 0x3ec8f720, 0x02461e29, seed, 0, step, 0);
  return { key: [block[0]!, block[1]!], high: [block[2]!, block[3]!] };
}

/** The words of the sequence one by one, from a block on. */
function words({ key, high }: Start, from: number): () => number {
  const block = new Uint32Array(4);
  let at = from;
  let used = 4;
  return () => {
    if (used === 4) {
      philox(block, key[0], key[1], at, Math.floor(at / 2 ** 32), high[0], high[1]);
      at++;
      used = 0;
    }
    return block[used++]!;
  };
}

type Pair = (out: Float32Array, at: number, x: number, y: number) => void;

function fill(out: Float32Array, start: Start, pair: Pair): void {
  const next = words(start, 0);
  for (let i = 0; i < out.length; i += 2) pair(out, i, next(), next());
}

const pairOfUniforms: Pair = (out, at, x, y) => {
  out[at] = toFloat(x);
  out[at + 1] = toFloat(y);
};

/** Box and Muller's two normal numbers of two uniform ones. */
const pairOfNormals: Pair = (out, at, x, y) => {
  const length = Math.sqrt(-2 * Math.log(Math.max(toFloat(x), 1e-7)));
  const angle = 2 * Math.PI * toFloat(y);
  out[at] = Math.sin(angle) * length;
  out[at + 1] = Math.cos(angle) * length;
};

/** Every four numbers have 256 blocks to draw from until four lie within ±2. */
function fillTruncated(out: Float32Array, start: Start): void {
  const pair = new Float32Array(2);
  for (let group = 0; group * 4 < out.length; group++) {
    const next = words(start, group * 256);
    const end = group * 4 + 4;
    for (let i = group * 4; i < end; ) {
      pairOfNormals(pair, 0, next(), next());
      for (const value of pair) if (Math.abs(value) < 2 && i < end) out[i++] = value;
    }
  }
}

/** The lower 23 bits as a fraction. */
const toFloat = (word: number): number => (word & 0x7fffff) / 2 ** 23;

/** One block: four words of a counter and a key, by ten rounds. */
function philox(out: Uint32Array, key0: number, key1: number, c0: number, c1: number, c2: number, c3: number): void {
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of a product of two 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const [aLow, aHigh] = [a & 0xffff, a >>> 16];
  const [bLow, bHigh] = [b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(other / 65536)) | 0;
}
