// Dilation in the sense of morphology: the largest of image + filter over each window, and its gradients.
import type { Dilation2DAttrs } from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import type { Image } from './arrange.ts';
import { framed, paddingOf, unframed, type Windows, windows2D } from './windows.ts';

export const morphologyKernels: Record<string, Kernel> = {
  Dilation2D: (ops, { x, filter }, attrs: Dilation2DAttrs) => {
    const place = placed(ops, x, filter, attrs);
    return ops.one('Dilation2D', [place.image, filter], place.attrs);
  },
  Dilation2DBackpropInput: (ops, { x, filter, dy }, attrs: Dilation2DAttrs) => {
    const { image, axes, framing, attrs: how } = placed(ops, x, filter, attrs);
    const dx = ops.one('Dilation2DBackpropInput', [image, filter, dy], how);
    return framing ? unframed(ops, dx, axes) : dx;
  },
  Dilation2DBackpropFilter: (ops, { x, filter, dy }, attrs: Dilation2DAttrs) => {
    const place = placed(ops, x, filter, attrs);
    return ops.one('Dilation2DBackpropFilter', [place.image, filter, dy], place.attrs);
  },
};

/** The image with what its windows see, and the attributes of the ops. TensorFlow pads 'SAME' or not at all. */
function placed(ops: Ops, x: Value, filter: Value, { strides, pad, dilations }: Dilation2DAttrs) {
  const info = core.backend_util.computeDilation2DInfo(
    x.shape as Image,
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  const axes: Windows[] = windows2D(info);
  const framing = paddingOf(axes, pad) !== 'SAME';
  return {
    axes,
    framing,
    image: framing ? framed(ops, x, axes, x.dtype === 'int32' ? -(2 ** 30) : -1e30) : x,
    attrs: {
      strides: [1, info.strideHeight, info.strideWidth, 1],
      rates: [1, info.dilationHeight, info.dilationWidth, 1],
      padding: framing ? 'VALID' : 'SAME',
    },
  };
}
