// Where attention may look: the masks of a call, of its inputs and of causality as one.
import type { Tensor } from '@tensorflow/tfjs-core';
import { maskOf } from '../tensor/masks.ts';
import { tf } from './tensorflow.ts';

/** Masks of one call, bool or numbers, true where a step counts. Those of the inputs' own (an embedding's `maskZero`) join them. */
export interface MaskCall {
  /** `[t, s]`, `[n, t, s]` or `[n, heads, t, s]`: which of s steps each of t may look at. */
  readonly attentionMask?: Tensor;
  /** `[n, t]`. The output of a step that does not count is that of no attention at all. */
  readonly queryMask?: Tensor;
  /** `[n, s]` */
  readonly valueMask?: Tensor;
  /** `[n, s]` */
  readonly keyMask?: Tensor;
  readonly useCausalMask?: boolean;
}

/** The inputs of attention. */
export interface Attended {
  readonly query: Tensor;
  readonly value: Tensor;
  readonly key: Tensor;
}

/** The masks as 1 and 0, float32, that broadcast to `[n, heads, t, s]`; undefined where nothing is masked. */
export function attentionMask(inputs: Attended, call: MaskCall, lengths: readonly [t: number, s: number]) {
  const { attentionMask: given } = call;
  if (given && (given.rank < 2 || given.rank > 4))
    throw new TypeError(
      `MultiHeadAttention: attentionMask must be of rank 2 [t, s], 3 [n, t, s] or 4 [n, heads, t, s], got [${given.shape}]`,
    );
  const masks = [
    steps(call.queryMask ?? maskOf(inputs.query), 3),
    steps(call.valueMask ?? maskOf(inputs.value), 2),
    steps(call.keyMask ?? (inputs.key === inputs.value ? undefined : maskOf(inputs.key)), 2),
    given && (given.rank === 3 ? tf.expandDims(given, 1) : given),
  ].filter((mask) => mask !== undefined);
  const numbers = masks.map((mask) => tf.cast(tf.cast(mask, 'bool'), 'float32'));
  if (call.useCausalMask) numbers.push(causal(...lengths));
  return numbers.length > 0 ? numbers.reduce((all, mask) => tf.mul(all, mask)) : undefined;
}

/** `[n, steps]` as `[n, 1, steps, 1]` (for queries) or `[n, 1, 1, steps]`; axes between are one. */
function steps(mask: Tensor | undefined, rest: 2 | 3): Tensor | undefined {
  if (!mask) return undefined;
  const n = mask.shape[0]!;
  const length = mask.size / n;
  return tf.reshape(mask, rest === 3 ? [n, 1, length, 1] : [n, 1, 1, length]);
}

/** 1 where a step of the queries comes no earlier than one of the values: `[t, s]`. */
function causal(t: number, s: number): Tensor {
  return tf.cast(tf.greaterEqual(tf.reshape(tf.range(0, t), [t, 1]), tf.range(0, s)), 'float32');
}
