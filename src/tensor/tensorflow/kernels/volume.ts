// Convolution over volumes [n, d, h, w, c], and its two gradients.
import type { Conv3DAttrs, Conv3DBackpropFilterV2Attrs, Conv3DBackpropInputV2Attrs } from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Value } from '../ops.ts';
import { sizes, type Volume } from './arrange.ts';
import { dilated, isDilated } from './dilation.ts';
import { framed, framedShape, ofNothing, unframed, type Windows, windows3D, within } from './windows.ts';

export const volumeKernels: Record<string, Kernel> = {
  Conv3D: convolution,
  Conv3DBackpropInputV2: inputGradient,
  Conv3DBackpropFilterV2: filterGradient,
};

type Placing = Pick<Conv3DAttrs, 'strides' | 'pad'> & { readonly dilations?: Conv3DAttrs['dilations'] };

/** The windows over a volume, as many as the gradient `dy` has. */
function layout(shape: readonly number[], filter: readonly number[], attrs: Placing, dy?: Value): Windows[] {
  const { strides, dilations, pad } = attrs;
  const info = core.backend_util.computeConv3DInfo(shape as Volume, filter as Volume, strides, dilations ?? 1, pad);
  return windows3D(info, dy?.shape.slice(1, 4));
}

/** TensorFlow pads volumes 'SAME' or 'VALID' only: here they are padded before. */
const sideBySide = (axes: readonly Windows[]) => ({
  strides: [1, ...axes.map(({ stride }) => stride), 1],
  padding: 'VALID',
});

/** x [n, d, h, w, c] with filter [d, h, w, c, m] → [n, z, y, x, m]. */
function convolution(...[ops, { x, filter }, attrs]: Parameters<Kernel>): Value {
  const axes = layout(x.shape, filter.shape, attrs as Conv3DAttrs);
  const none = ofNothing(ops, x, axes, filter.shape[4]!);
  if (none) return none;
  // TensorFlow's processor kernel knows no dilation.
  if (isDilated(axes)) return dilated(ops, x, axes, (parts, whole) => ops.one('Conv3D', [parts, filter], whole));
  return ops.one('Conv3D', [framed(ops, x, axes, 0), filter], sideBySide(axes));
}

/** dy [n, z, y, x, m] → inputShape; also the transposed convolution. */
function inputGradient(...[ops, { dy: given, filter }, attrs]: Parameters<Kernel>): Value {
  const { inputShape } = attrs as Conv3DBackpropInputV2Attrs;
  const dy = within(ops, given, layout(inputShape, filter.shape, attrs));
  const axes = layout(inputShape, filter.shape, attrs, dy);
  const shape = sizes(ops, framedShape(inputShape, axes), dy);
  return unframed(ops, ops.one('Conv3DBackpropInputV2', [shape, filter, dy], sideBySide(axes)), axes);
}

/** x [n, d, h, w, c], dy [n, z, y, x, m] → filterShape. */
function filterGradient(...[ops, { x, dy: given }, attrs]: Parameters<Kernel>): Value {
  const { filterShape } = attrs as Conv3DBackpropFilterV2Attrs;
  const dy = within(ops, given, layout(x.shape, filterShape, attrs));
  const axes = layout(x.shape, filterShape, attrs, dy);
  const shape = ops.constant(filterShape, 'int32');
  return ops.one('Conv3DBackpropFilterV2', [framed(ops, x, axes, 0), shape, dy], sideBySide(axes));
}
