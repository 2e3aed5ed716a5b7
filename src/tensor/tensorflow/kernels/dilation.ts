// A dilated convolution where TensorFlow's processor kernel has none: over the parts of the image that are a dilation apart, in each of
// which the windows are whole, put together again afterwards.
import type { Ops, Value } from '../ops.ts';
import { cropped, type Windows } from './windows.ts';

/**
 * x [n, …axes, c] through `convolve`, which takes the parts as a larger batch and gives its windows side by side, none hanging over.
 * The stride must be 1 along every axis.
 */
export function dilated(
  ops: Ops,
  x: Value,
  axes: readonly Windows[],
  convolve: (parts: Value, attrs: { readonly strides: number[]; readonly padding: string }) => Value,
): Value {
  const block = ops.constant(
    axes.map(({ dilation }) => dilation),
    'int32',
  );
  // The seen places, filled up to a multiple of the dilation.
  const extra = axes.map(({ count, span, dilation }) => (dilation - ((count - 1 + span) % dilation)) % dilation);
  const edges = axes.flatMap(({ before, after }, i) => [before, Math.max(0, after) + extra[i]!]);
  const crops = extra.flatMap((more) => [0, more]);
  const pairs = [axes.length, 2];
  const parts = ops.one('SpaceToBatchND', [cropped(ops, x, axes), block, ops.constant(edges, 'int32', pairs)]);
  const out = convolve(parts, { strides: Array(axes.length + 2).fill(1), padding: 'VALID' });
  return ops.one('BatchToSpaceND', [out, block, ops.constant(crops, 'int32', pairs)]);
}

export const isDilated = (axes: readonly Windows[]): boolean => axes.some(({ dilation }) => dilation > 1);
