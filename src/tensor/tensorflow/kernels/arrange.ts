// The small moves that larger kernels are built of: transposing, padding, slicing, reshaping and casting, left out where they change nothing.
import type { Dtype } from '../dtypes.ts';
import type { Ops, Value } from '../ops.ts';

export type Pair = readonly [number, number];

export function cast(ops: Ops, x: Value, dtype: Dtype): Value {
  return x.dtype === dtype ? x : ops.one('Cast', [x], { DstT: dtype });
}

/** The same values under another shape; one length may be −1. */
export function reshaped(ops: Ops, x: Value, shape: readonly number[]): Value {
  return ops.one('Reshape', [x, ops.constant(shape, 'int32')]);
}

export function transposed(ops: Ops, x: Value, order: readonly number[]): Value {
  return ops.one('Transpose', [x, ops.constant(order, 'int32')]);
}

/** `fill` before and after each axis. */
export function padded(ops: Ops, x: Value, pairs: readonly Pair[], fill = 0): Value {
  if (pairs.every(([before, after]) => before === 0 && after === 0)) return x;
  const edges = ops.constant(pairs.flat(), 'int32', [pairs.length, 2]);
  return ops.one('PadV2', [x, edges, ops.constant(fill, x.dtype)]);
}

/** A part of each axis, from 0 where `begin` is empty; −1 takes the rest of an axis. */
export function sliced(ops: Ops, x: Value, begin: readonly number[], size: readonly number[]): Value {
  const from = begin.length ? begin : size.map(() => 0);
  return ops.one('Slice', [x, ops.constant(from, 'int32'), ops.constant(size, 'int32')]);
}

/** [n, c, h, w] as [n, h, w, c]: TensorFlow's processor kernels know no other order. */
export const channelsLast = (ops: Ops, x: Value): Value => transposed(ops, x, [0, 2, 3, 1]);

/** [n, h, w, c] as [n, c, h, w]. */
export const channelsFirst = (ops: Ops, x: Value): Value => transposed(ops, x, [0, 3, 1, 2]);

/** A shape as an input of an op; an unknown number of images is read from the value `like`, which has as many. */
export function sizes(ops: Ops, shape: readonly number[], like: Value): Value {
  if (shape[0]! >= 0) return ops.constant(shape, 'int32');
  const images = sliced(ops, ops.one('Shape', [like]), [0], [1]);
  return ops.one('ConcatV2', [[images, ops.constant(shape.slice(1), 'int32')], ops.constant(0, 'int32')]);
}

/** A shape with its channels last. */
export const shapeLast = ([n, c, h, w]: readonly number[]): Image => [n!, h!, w!, c!];

/** [n, h, w, c] */
export type Image = [number, number, number, number];
/** [n, d, h, w, c] */
export type Volume = [number, number, number, number, number];
