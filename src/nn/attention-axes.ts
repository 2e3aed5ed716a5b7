// Attention along some axes of an image or a volume: each place along the others is a sample of its own.
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from './tensorflow.ts';

/** A tensor folded for attention, and what brings results of its form back. */
export interface Folded {
  /** `[n · others, attended, …]` */
  readonly tensor: Tensor;
  /** Of the output: as many samples and steps, the last axis may be another. */
  unfold(output: Tensor): Tensor;
  /** `[n, …others]` */
  readonly samples: readonly number[];
}

/** Checks axes, counted from 1 or from the end, and puts them in order. @throws RangeError for an axis that is none of the middle ones. */
export function attendedAxes(axes: readonly number[], rank: number): number[] {
  const counted = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (counted.every((axis) => axis >= 1 && axis < rank - 1)) return counted;
  throw new RangeError(
    `MultiHeadAttention: attentionAxes must lie between the first and the last axis of rank ${rank}, got [${axes}]`,
  );
}

/** Brings the attended axes of `[n, …, d]` together as one, and all others to the first. */
export function fold(x: Tensor, axes: readonly number[]): Folded {
  const others = range(1, x.rank - 1).filter((axis) => !axes.includes(axis));
  const order = [0, ...others, ...axes, x.rank - 1];
  const turned = order.map((axis) => x.shape[axis]!);
  const samples = turned.slice(0, 1 + others.length);
  const size = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);
  const steps = size(turned.slice(samples.length, -1));
  return {
    tensor: tf.reshape(tf.transpose(x, order), [size(samples), steps, x.shape.at(-1)!]),
    samples,
    unfold: (output) => {
      const whole = tf.reshape(output, [...turned.slice(0, -1), output.shape.at(-1)!]);
      return tf.transpose(
        whole,
        order.map((_, axis) => order.indexOf(axis)),
      );
    },
  };
}

/** A mask `[…, t, s]` for folded inputs: one of rank 2 is every sample's, another is given for each of `[n, …others]`. */
export function foldMask(mask: Tensor, samples: readonly number[]): Tensor {
  if (mask.rank === 2) return mask;
  const [t, s] = mask.shape.slice(-2) as [number, number];
  if (String(mask.shape.slice(0, -2)) !== String(samples))
    throw new TypeError(
      `MultiHeadAttention: with attentionAxes, attentionMask must be [t, s] or [${samples}, t, s], got [${mask.shape}]`,
    );
  return tf.reshape(mask, [-1, t, s]);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
