// Convolution over images, its two gradients, and the fused form. TensorFlow's processor kernels take channels last: other orders are turned.
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { finished } from './activation.ts';
import { channelsFirst, channelsLast, type Image, reshaped, shapeLast, sizes } from './arrange.ts';
import { cropped, croppedShape, ofNothing, placement, uncropped, type Windows, windows2D, within } from './windows.ts';

export const convKernels: Record<string, Kernel> = {
  Conv2D: (ops, { x, filter }, attrs: Conv2DAttrs) => convolution(ops, x, filter, attrs),
  FusedConv2D: fused(convolution),
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};

/** The form of a convolution that has a bias and an activation behind it. */
export function fused(convolve: typeof convolution): Kernel {
  return (ops, { x, filter, bias, preluActivationWeights }, attrs: FusedConv2DAttrs) =>
    finished(ops, convolve(ops, x, filter, attrs), {
      ...attrs,
      bias: alongChannels(ops, bias, attrs.dataFormat),
      prelu: alongChannels(ops, preluActivationWeights, attrs.dataFormat),
    });
}

/** x [n, h, w, c] with filter [h, w, c, m] → [n, y, x, m]; in NCHW, channels stand second in both images. */
function convolution(ops: Ops, x: Value, filter: Value, attrs: Conv2DAttrs): Value {
  const turned = attrs.dataFormat === 'NCHW';
  const input = turned ? channelsLast(ops, x) : x;
  const { axes, pad } = layout(input.shape, filter.shape, attrs);
  const out =
    ofNothing(ops, input, axes, filter.shape[3]!) ??
    ops.one('Conv2D', [cropped(ops, input, axes), filter], {
      ...placement(axes, pad),
      dilations: [1, ...axes.map(({ dilation }) => dilation), 1],
    });
  return turned ? channelsFirst(ops, out) : out;
}

/** The gradient of a convolution by its input, which is also the transposed convolution: dy [n, y, x, m] → inputShape. */
function inputGradient(...[ops, { dy, filter }, attrs]: Parameters<Kernel>): Value {
  const { inputShape, dataFormat } = attrs as Conv2DBackpropInputAttrs;
  const turned = dataFormat === 'NCHW';
  const shape = turned ? shapeLast(inputShape) : inputShape;
  const gradient = within(ops, turned ? channelsLast(ops, dy) : dy, layout(shape, filter.shape, attrs).axes);
  const { axes, pad } = layout(shape, filter.shape, attrs, gradient);
  const dx = ops.one(
    'Conv2DBackpropInput',
    [sizes(ops, croppedShape(shape, axes), gradient), filter, gradient],
    placement(axes, pad),
  );
  const whole = uncropped(ops, dx, axes);
  return turned ? channelsFirst(ops, whole) : whole;
}

/** The gradient by the filter: x [n, h, w, c], dy [n, y, x, m] → filterShape. */
function filterGradient(...[ops, { x, dy }, attrs]: Parameters<Kernel>): Value {
  const { filterShape, dataFormat } = attrs as Conv2DBackpropFilterAttrs;
  const turned = dataFormat === 'NCHW';
  const input = turned ? channelsLast(ops, x) : x;
  const gradient = within(ops, turned ? channelsLast(ops, dy) : dy, layout(input.shape, filterShape, attrs).axes);
  const { axes, pad } = layout(input.shape, filterShape, attrs, gradient);
  return ops.one(
    'Conv2DBackpropFilter',
    [cropped(ops, input, axes), ops.constant(filterShape, 'int32'), gradient],
    placement(axes, pad),
  );
}

/** What the kernels of this family and of depthwise convolution say about their windows. */
interface Placing extends Pick<Conv2DAttrs, 'strides' | 'pad'> {
  readonly dilations?: Conv2DAttrs['dilations'];
  readonly dataFormat?: string;
  readonly dimRoundingMode?: Conv2DAttrs['dimRoundingMode'];
}

/** The windows over an image [n, h, w, c], as many as the gradient `dy` has, and the padding with channels last. */
export function layout(
  shape: readonly number[],
  filter: readonly number[],
  { strides, dilations, pad: given, dataFormat, dimRoundingMode }: Placing,
  dy?: Value,
): { readonly axes: Windows[]; readonly pad: Conv2DAttrs['pad'] } {
  // An explicit padding names the axes in the image's own order.
  const pad = (
    typeof given === 'object' && dataFormat === 'NCHW' ? [given[0], given[2], given[3], given[1]] : given
  ) as Conv2DAttrs['pad'];
  const info = core.backend_util.computeConv2DInfo(
    shape as Image,
    filter as Image,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  );
  return { axes: windows2D(info, dy?.shape.slice(1, 3)), pad };
}

/** A bias or slopes of one value a channel, to stand beside channels that come second. */
const alongChannels = (ops: Ops, x: Value | undefined, dataFormat: string): Value | undefined =>
  x && dataFormat === 'NCHW' && x.shape.length === 1 && x.shape[0] !== 1 ? reshaped(ops, x, [x.shape[0]!, 1, 1]) : x;
