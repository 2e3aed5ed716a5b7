// Depthwise convolution, its gradients and its fused form: each channel by itself.
import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs-core';
import type { Kernel, Ops, Value } from '../ops.ts';
import { channelsFirst, channelsLast, sizes } from './arrange.ts';
import { fused, layout } from './conv.ts';
import { dilated, isDilated } from './dilation.ts';
import { cropped, croppedShape, ofNothing, placement, uncropped, type Windows, within } from './windows.ts';

export const depthwiseKernels: Record<string, Kernel> = {
  DepthwiseConv2dNative: (ops, { x, filter }, attrs: DepthwiseConv2dNativeAttrs) => depthwise(ops, x, filter, attrs),
  FusedDepthwiseConv2D: fused(depthwise),
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
};

/** x [n, h, w, c] with filter [h, w, c, m] → [n, y, x, c·m]. */
function depthwise(ops: Ops, x: Value, filter: Value, attrs: DepthwiseConv2dNativeAttrs): Value {
  const turned = attrs.dataFormat === 'NCHW';
  const input = turned ? channelsLast(ops, x) : x;
  const { axes, pad } = layout(input.shape, filter.shape, attrs);
  const op = 'DepthwiseConv2dNative';
  // TensorFlow's processor kernel reads its attribute `dilations` and ignores it.
  const out =
    ofNothing(ops, input, axes, filter.shape[2]! * filter.shape[3]!) ??
    (isDilated(axes)
      ? dilated(ops, input, axes, (parts, sideBySide) => ops.one(op, [parts, filter], sideBySide))
      : ops.one(op, [cropped(ops, input, axes), filter], placement(axes, pad)));
  return turned ? channelsFirst(ops, out) : out;
}

/** The gradient by the input: dy [n, y, x, c·m] → inputShape [n, h, w, c]. */
function inputGradient(...[ops, { dy: given, filter }, attrs]: Parameters<Kernel>): Value {
  const { inputShape } = attrs as DepthwiseConv2dNativeBackpropInputAttrs;
  const dy = within(ops, given, undilated(layout(inputShape, filter.shape, attrs).axes));
  const { axes, pad } = layout(inputShape, filter.shape, attrs, dy);
  const shape = sizes(ops, croppedShape(inputShape, axes), dy);
  return uncropped(ops, ops.one('DepthwiseConv2dNativeBackpropInput', [shape, filter, dy], placement(axes, pad)), axes);
}

/** The gradient by the filter: x [n, h, w, c], dy [n, y, x, c·m] → filterShape. */
function filterGradient(...[ops, { x, dy: given }, attrs]: Parameters<Kernel>): Value {
  const { filterShape } = attrs as DepthwiseConv2dNativeBackpropFilterAttrs;
  const dy = within(ops, given, undilated(layout(x.shape, filterShape, attrs).axes));
  const { axes, pad } = layout(x.shape, filterShape, attrs, dy);
  return ops.one(
    'DepthwiseConv2dNativeBackpropFilter',
    [cropped(ops, x, axes), ops.constant(filterShape, 'int32'), dy],
    placement(axes, pad),
  );
}

/** tfjs refuses the gradient of a dilated depthwise convolution before it comes here; its kernels called by hand do not. */
function undilated(axes: Windows[]): Windows[] {
  if (isDilated(axes))
    throw new RangeError(
      `depthwiseConv2d: a gradient needs dilations of 1, got [${axes.map(({ dilation }) => dilation)}]`,
    );
  return axes;
}
