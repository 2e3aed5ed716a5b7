// One step of Adam for one variable (Kingma & Ba, 2015, algorithm 1), in one pass: tfjs composes it of twelve kernels, which is a
// third of a small network's step. A kernel of our own, called by adam.ts beside this folder.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from './call.ts';

/** Attributes; the corrections are 1 − βᵗ of the two moments. */
export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly epsilon: number;
}

export const adamKernels: Record<string, Kernel> = { AdamUpdate: update };

/** value, first, second, gradient: float32 of one shape → new value, first and second moment. */
function update({ inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const { value, first, second, gradient } = inputs as Record<'value' | 'first' | 'second' | 'gradient', TensorInfo>;
  const out = [0, 1, 2].map(() => backend.makeOutput(value.shape, 'float32'));
  const [w, m, v, g, w2, m2, v2] = [value, first, second, gradient, ...out].map((info) =>
    backend.typedArrayFromHeap(info),
  ) as Views;
  const { rate, beta1, beta2, correction1, correction2, epsilon } = attrs as AdamStep;
  const [step, scale, rest1, rest2] = [rate / correction1, 1 / correction2, 1 - beta1, 1 - beta2];
  for (let i = 0; i < w.length; i++) {
    const slope = g[i]!;
    const mean = m[i]! * beta1 + slope * rest1;
    const square = v[i]! * beta2 + slope * slope * rest2;
    m2[i] = mean;
    v2[i] = square;
    w2[i] = w[i]! - (step * mean) / (Math.sqrt(square * scale) + epsilon);
  }
  return out;
}

type View = Float32Array;
type Views = [View, View, View, View, View, View, View];
