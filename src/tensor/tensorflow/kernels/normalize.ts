// Normalizing: over a batch, over neighbouring channels, and to probabilities.
import type { FusedBatchNormAttrs, LRNAttrs, LRNGradAttrs } from '@tensorflow/tfjs-core';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast } from './arrange.ts';

export const normalizeKernels: Record<string, Kernel> = {
  FusedBatchNorm: batchNorm,
  LRN: (ops, { x }, attrs: LRNAttrs) => ops.one('LRN', [x], neighbours(attrs)),
  LRNGrad: (ops, { x, y, dy }, attrs: LRNGradAttrs) => ops.one('LRNGrad', [dy, x, y], neighbours(attrs)),
  // tfjs refuses an axis other than the last before a kernel is called.
  Softmax: (ops, { logits }) => ops.one('Softmax', [cast(ops, logits, 'float32')]),
  LogSoftmax: (ops, { logits }) => ops.one('LogSoftmax', [cast(ops, logits, 'float32')]),
};

const neighbours = ({ depthRadius, bias, alpha, beta }: LRNAttrs) => ({ depth_radius: depthRadius, bias, alpha, beta });

/** (x − mean) / √(variance + ε) · scale + offset; each of them broadcasts against x. */
function batchNorm(...[ops, inputs, attrs]: Parameters<Kernel>): Value {
  const { mean, variance, scale, offset } = inputs;
  const epsilon = (attrs as FusedBatchNormAttrs).varianceEpsilon ?? 0.001;
  const x = cast(ops, inputs.x, 'float32');
  const deviation = ops.one('AddV2', [variance, ops.constant(epsilon, 'float32')]);
  const inverse = times(ops, ops.one('Rsqrt', [deviation]), scale);
  const out = ops.one('Mul', [ops.one('Sub', [x, mean]), inverse]);
  return offset ? ops.one('AddV2', [out, offset]) : out;
}

const times = (ops: Ops, a: Value, b: Value | undefined): Value => (b ? ops.one('Mul', [a, b]) : a);
