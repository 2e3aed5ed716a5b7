// What follows a product in tfjs's fused kernels: a bias, then an activation.
import type { Ops, Value } from '../ops.ts';

/** The part of a fused kernel's inputs and attributes that comes after the product. */
export interface Finish {
  /** Added along the last axes, as tfjs broadcasts. */
  readonly bias: Value | undefined;
  readonly activation: string | null;
  /** The slopes of `prelu` below zero. */
  readonly prelu: Value | undefined;
  /** The slope of `leakyrelu` below zero; 0.2 where tfjs leaves it out. */
  readonly leakyreluAlpha?: number;
}

const plain: Record<string, string> = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid' };

/** x with the bias added and the activation applied. */
export function finished(ops: Ops, x: Value, { bias, activation, prelu, leakyreluAlpha }: Finish): Value {
  return activated(ops, bias ? biased(ops, x, bias) : x, activation ?? 'linear', prelu, leakyreluAlpha);
}

function biased(ops: Ops, x: Value, bias: Value): Value {
  // BiasAdd takes one value for each channel, and is faster than a broadcast.
  const channels = x.shape.length >= 2 && bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1);
  return ops.one(channels ? 'BiasAdd' : 'AddV2', [x, bias]);
}

function activated(ops: Ops, x: Value, name: string, prelu: Value | undefined, alpha = 0.2): Value {
  if (name === 'linear') return x;
  if (name === 'leakyrelu') return ops.one('LeakyRelu', [x], { alpha });
  if (name === 'prelu' && prelu) {
    const below = ops.one('Mul', [prelu, ops.one('Minimum', [x, ops.constant(0, x.dtype)])]);
    return ops.one('AddV2', [ops.one('Relu', [x]), below]);
  }
  const op = plain[name];
  if (!op)
    throw new RangeError(
      `activation: must be linear, relu, relu6, elu, sigmoid, leakyrelu, or prelu with its weights, got ${name}`,
    );
  return ops.one(op, [x]);
}
