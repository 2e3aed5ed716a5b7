// Puts the session's random operations in the place of tfjs's, which are loops in JavaScript over Math.random. One that is given a seed
// of its own stays tfjs's and gives tfjs's numbers.
import type { DataType, Rank, ShapeMap, Tensor, TensorLike } from '@tensorflow/tfjs-core';
import { core, type Data, whenDataOpens } from '../packages.ts';
import { dropout, seedLayers } from './dropout.ts';
import { random, registerRandom } from './kernel.ts';
import { sequence } from './philox.ts';
import { nextFraction, nextSeed } from './seeds.ts';

type Shape = ShapeMap[Rank];
type Seeded = number | string | undefined;

/** Replaces them on tfjs-core, whose exports the other packages call. Before `tf` is put together. */
export function replaceRandom(): void {
  registerRandom();
  const { randomUniform, randomNormal, truncatedNormal, randomGamma, multinomial } = core;
  const normal =
    (own: 'normal' | 'truncatedNormal', tfjs: typeof randomNormal) =>
    (shape: Shape, mean = 0, deviation = 1, dtype?: 'float32' | 'int32', seed?: number): Tensor => {
      if (seed) return tfjs(shape, mean, deviation, dtype, seed);
      if (dtype && dtype !== 'float32' && dtype !== 'int32') throw new Error(`Unsupported data type ${dtype}`);
      return scaled(shape, own, deviation, mean, dtype, core.round);
    };
  const uniform = (shape: Shape, low = 0, high = 1, dtype?: DataType, seed?: Seeded): Tensor =>
    seed == null
      ? scaled(shape, 'uniform', high - low, low, dtype, (x) => core.cast(x, 'int32'))
      : randomUniform(shape, low, high, dtype as 'float32', seed);
  const normals = normal('normal', randomNormal);
  Object.assign(core, {
    randomUniform: uniform,
    randomUniformInt: (shape: Shape, low: number, high: number, seed?: Seeded) =>
      uniform(shape, low, high, 'int32', seed),
    randomNormal: normals,
    randomStandardNormal: (shape: Shape, dtype?: 'float32' | 'int32', seed?: number) =>
      normals(shape, 0, 1, dtype, seed),
    truncatedNormal: normal('truncatedNormal', truncatedNormal as typeof randomNormal),
    randomGamma: (shape: Shape, alpha: number, beta?: number, dtype?: 'float32' | 'int32', seed?: number) =>
      randomGamma(shape, alpha, beta, dtype, seed || nextFraction()),
    multinomial: (logits: Tensor | TensorLike, samples: number, seed?: number, normalized?: boolean) =>
      multinomial(logits as never, samples, seed || nextFraction(), normalized),
    dropout,
  });
  Object.assign(core.util, { shuffle: (list: unknown[]) => shuffle(list), shuffleCombo });
  seedLayers();
  whenDataOpens(seedDatasets);
}

/** Draws and brings the numbers to their range and dtype; `whole` makes them whole as tfjs does. */
function scaled(
  shape: Shape,
  distribution: 'uniform' | 'normal' | 'truncatedNormal',
  factor: number,
  offset: number,
  dtype: DataType | undefined,
  whole: (x: Tensor) => Tensor,
): Tensor {
  core.util.assertNonNegativeIntegerDimensions(shape);
  return core.tidy(() => {
    let x = random({ shape, distribution }, nextSeed);
    if (factor !== 1) x = core.mul(x, factor);
    if (offset !== 0) x = core.add(x, offset);
    return dtype && dtype !== 'float32' ? core.cast(whole(x), dtype) : x;
  });
}

/** Fisher and Yates's shuffle in place, of any number of lists alike. */
function shuffle(...lists: { [at: number]: unknown; readonly length: number }[]): void {
  const next = sequence(nextSeed());
  for (let left = lists[0]!.length; left > 1; left--) {
    const [to, from] = [left - 1, Math.floor(next() * left)];
    for (const list of lists) [list[to], list[from]] = [list[from], list[to]];
  }
}

function shuffleCombo(a: unknown[], b: unknown[]): void {
  if (a.length !== b.length)
    throw new Error(`util.shuffleCombo: lists must be of the same length, got ${a.length} and ${b.length}`);
  shuffle(a, b);
}

/** Makes `dataset.shuffle(…)` without a seed follow the session's. */
function seedDatasets({ Dataset }: Data): void {
  const { shuffle } = Dataset.prototype;
  Dataset.prototype.shuffle = function (bufferSize, seed, reshuffle) {
    return shuffle.call(this, bufferSize, seed ?? String(nextFraction()), reshuffle);
  };
}
