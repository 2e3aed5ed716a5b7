// What layer, group and RMS normalisation have in common: values brought to mean 0 and deviation 1 over some axes, with its gradient
// written out (6 ops instead of the 20 that tfjs derives). tfjs's LayerNormalization computes by it.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

/**
 * `(x − mean) / √(variance + epsilon)` over axes; without `center`, `x / √(mean of squares + epsilon)` (Zhang & Sennrich 2019).
 * @param x float32, any shape
 */
export function standardize(x: Tensor, axes: number[], epsilon: number, center = true): Tensor {
  const mean = (values: Tensor) => core.mean(values, axes, true);
  const run = core.customGrad((...values: unknown[]) => {
    const [input, save] = values as [Tensor, (tensors: Tensor[]) => void];
    const centered = center ? core.sub(input, mean(input)) : input;
    const inverse = core.rsqrt(core.add(mean(core.square(centered)), epsilon));
    const value = core.mul(centered, inverse);
    save([value, inverse]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [y, factor] = saved as [Tensor, Tensor];
        const along = core.mul(y, mean(core.mul(dy, y)));
        const rest = center ? core.sub(dy, core.add(mean(dy), along)) : core.sub(dy, along);
        return core.mul(rest, factor);
      },
    };
  });
  return run(x);
}

/** A weight of the lengths that `axes` have, shaped so that it broadcasts against a tensor of rank `rank`. */
export function alongAxes(weight: Tensor, axes: readonly number[], rank: number): Tensor {
  const isTail = axes.every((axis, i) => axis === rank - axes.length + i);
  if (isTail) return weight;
  const shape = new Array<number>(rank).fill(1);
  axes.forEach((axis, i) => {
    shape[axis] = weight.shape[i]!;
  });
  return core.reshape(weight, shape);
}

/** tfjs's layer, with the members it types as private. */
interface LayerNormalization {
  readonly axis: number[];
  readonly epsilon: number;
  readonly gamma: { read(): Tensor } | null;
  readonly beta: { read(): Tensor } | null;
  call(inputs: Tensor | Tensor[]): Tensor;
}

/** Replaces what tfjs's layer computes, not what it is: its weights, its configuration and its name stay. */
export function replaceLayerNormalization(): void {
  const { classNameMap } = core.serialization.SerializationMap.getMap();
  const { prototype } = classNameMap.LayerNormalization![0] as unknown as { prototype: LayerNormalization };
  prototype.call = function (inputs) {
    const x = [inputs].flat()[0]!;
    return core.tidy(() => {
      let y = standardize(x, this.axis, this.epsilon);
      if (this.gamma) y = core.mul(y, alongAxes(this.gamma.read(), this.axis, x.rank));
      return this.beta ? core.add(y, alongAxes(this.beta.read(), this.axis, x.rank)) : y;
    });
  };
}
