// Dropout from the session's random numbers. tfjs's repeats its mask at every call once its layer has a seed; here a layer's mask goes by
// the layer's seed and the number of the call.
import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { onReset } from '../scopes.ts';
import { random } from './kernel.ts';
import type { Seed } from './philox.ts';
import { foldSeed, layerSteps, nextSeed } from './seeds.ts';

type Call = (this: DropoutLayer, ...values: unknown[]) => unknown;

interface DropoutLayer {
  readonly seed?: number;
}

/** The layer whose call is under way. */
let current: DropoutLayer | undefined;
const calls = new WeakMap<object, number>();

/** How often a layer with a seed of its own has drawn. */
export const callsOf = (layer: object): number => calls.get(layer) ?? 0;

export function setCalls(layer: object, count: number): void {
  calls.set(layer, count);
}

// An interrupt within a layer's call runs no `finally`.
onReset(() => {
  current = undefined;
});

/**
 * tfjs's `dropout`: a part of `rate` of the values set to 0, the others scaled by 1 / (1 − rate). A seed that a user's own call gives
 * repeats the mask.
 * @throws for a rate outside [0, 1) or whole numbers.
 */
export function dropout(x: Tensor | TensorLike, rate: number, noiseShape?: number[], seed?: number | string): Tensor {
  const input = x instanceof core.Tensor ? x : core.tensor(x);
  core.util.assert(
    input.dtype === 'float32',
    () => `dropout: x must be a float32 tensor, since it is scaled, got ${input.dtype}`,
  );
  core.util.assert(rate >= 0 && rate < 1, () => `dropout: rate must be in [0, 1), got ${rate}`);
  if (rate === 0) return input.clone();
  return core.tidy(() => {
    const shape = maskShape(input.shape, noiseShape);
    const own = seed != null && !current;
    const noise = own
      ? core.randomUniform(shape, 0, 1, 'float32', seed)
      : random({ shape, distribution: 'uniform' }, seedsOf(seed, current));
    const kept = core.cast(core.greaterEqual(noise, rate), 'float32');
    return core.mul(input, core.mul(kept, 1 / (1 - rate)));
  });
}

/** Of a layer with a seed: that seed and the number of its call, apart from the steps of the session. */
function seedsOf(seed: number | string | undefined, layer: DropoutLayer | undefined): () => Seed {
  if (seed == null || !layer) return nextSeed;
  return () => {
    const call = calls.get(layer) ?? 0;
    calls.set(layer, call + 1);
    return [foldSeed(Number(seed)), layerSteps + (call % layerSteps)];
  };
}

/** x's shape, with the lengths that a noise shape of the same rank sets; else the noise shape as it is, to be broadcast. */
function maskShape(shape: number[], noise: (number | null)[] | null | undefined): number[] {
  if (noise == null) return [...shape];
  return noise.map((length, axis) => length ?? shape[axis]!);
}

/** Tells `dropout` which layer calls it. */
export function seedLayers(): void {
  const { classNameMap } = core.serialization.SerializationMap.getMap();
  for (const name of ['Dropout', 'SpatialDropout1D']) {
    const { prototype } = classNameMap[name]![0] as unknown as { prototype: { call: Call } };
    if (!Object.hasOwn(prototype, 'call')) continue;
    const { call } = prototype;
    prototype.call = function (...values) {
      const outer = current;
      current = this;
      try {
        return call.apply(this, values);
      } finally {
        current = outer;
      }
    };
  }
}
