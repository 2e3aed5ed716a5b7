// The gradients of depthwise convolution, which the binary lacks: each channel has filters of its own, so there is no matrix product
// to make of it, and plain loops over neighbouring channels do.
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { type Kernel, type KernelCall, original, zeros } from './call.ts';
import { anyStride } from './same.ts';

export const depthwiseKernels: Record<string, Kernel> = {
  DepthwiseConv2dNative: anyStride((call) => original('DepthwiseConv2dNative', call)),
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
};

type Image = [number, number, number, number];

/** x [n, h, w, c], dy [n, y, x, c·m] → gradient of the filter [fh, fw, c, m]. */
function filterGradient({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const conv = infoOf(x.shape, attrs.filterShape, attrs);
  const out = zeros(backend, attrs.filterShape, 'float32');
  const [values, gradient] = [x, dy].map((info) => backend.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
  // Thousands of products add up in each place: in double precision, since that costs nothing here.
  const sums = new Float64Array(core.util.sizeFromShape(attrs.filterShape));
  const multiplier = conv.outChannels / conv.inChannels;
  eachTap(conv, (image, output, tap) => {
    for (let c = 0, to = tap * conv.outChannels, from = output; c < conv.inChannels; c++) {
      const value = values[image + c]!;
      for (let m = 0; m < multiplier; m++) sums[to++]! += value * gradient[from++]!;
    }
  });
  (backend.typedArrayFromHeap(out) as Float32Array).set(sums);
  return out;
}

/** dy [n, y, x, c·m], filter [fh, fw, c, m] → gradient of the input [n, h, w, c]. */
function inputGradient({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const conv = infoOf(attrs.inputShape, filter.shape, attrs);
  const out = zeros(backend, attrs.inputShape, 'float32');
  const [gradient, weights, dx] = [dy, filter, out].map((info) => backend.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const multiplier = conv.outChannels / conv.inChannels;
  eachTap(conv, (image, output, tap) => {
    for (let c = 0, weight = tap * conv.outChannels, from = output; c < conv.inChannels; c++) {
      let sum = 0;
      for (let m = 0; m < multiplier; m++) sum += gradient[from++]! * weights[weight++]!;
      dx[image + c]! += sum;
    }
  });
  return out;
}

// biome-ignore lint/suspicious/noExplicitAny: attributes of the two kernels, as tfjs-core types them.
function infoOf(inputShape: readonly number[], filterShape: readonly number[], attrs: any): backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  return core.backend_util.computeConv2DInfo(
    inputShape as Image,
    filterShape as Image,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}

/** Calls `visit` with the offset of a pixel, of an output position, and the number of the filter's place that joins them. */
function eachTap(conv: backend_util.Conv2DInfo, visit: (image: number, output: number, tap: number) => void): void {
  const {
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
    padInfo,
  } = conv;
  for (let position = 0; position < batchSize * outHeight * outWidth; position++) {
    const image = Math.floor(position / (outHeight * outWidth));
    const top = (Math.floor(position / outWidth) % outHeight) * conv.strideHeight - padInfo.top;
    const left = (position % outWidth) * conv.strideWidth - padInfo.left;
    for (let fy = 0, y = top; fy < filterHeight; fy++, y += conv.dilationHeight) {
      if (y < 0 || y >= inHeight) continue;
      for (let fx = 0, x = left; fx < filterWidth; fx++, x += conv.dilationWidth) {
        if (x < 0 || x >= inWidth) continue;
        visit(((image * inHeight + y) * inWidth + x) * inChannels, position * outChannels, fy * filterWidth + fx);
      }
    }
  }
}
