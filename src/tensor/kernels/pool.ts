// Pooling: the gradient of max pooling (32 ms a step of a small network in tfjs's, 3 here), and the forms the binary does not take.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { borrow } from './borrowed.ts';
import { type Kernel, type KernelCall, original, zeros } from './call.ts';

export const poolKernels: Record<string, Kernel> = {
  MaxPool: plainOnly('MaxPool'),
  AvgPool: plainOnly('AvgPool'),
  MaxPoolGrad: maxPoolGradient,
};

/** The binary pools float32 with windows of two values or more. */
function plainOnly(name: string): Kernel {
  return (call) => {
    const { filterSize, dataFormat } = call.attrs;
    const single = [filterSize].flat().every((size: number) => size === 1);
    const plain = call.inputs.x!.dtype === 'float32' && !single && dataFormat !== 'NCHW';
    return plain ? original(name, call) : borrow(name, call);
  };
}

/** dy [n, y, x, c] goes to the place of the largest value of each window of input [n, h, w, c], the first of equal ones. */
function maxPoolGradient({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const pool = core.backend_util.computePool2DInfo(input.shape as Image, filterSize, strides, 1, pad, dimRoundingMode);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = pool;
  const out = zeros(backend, input.shape, 'float32');
  const [x, gradient, dx] = [input, dy, out].map((info) => backend.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const largest = new Float32Array(inChannels);
  const place = new Int32Array(inChannels);
  for (let position = 0; position < batchSize * outHeight * outWidth; position++) {
    const image = Math.floor(position / (outHeight * outWidth));
    const top = (Math.floor(position / outWidth) % outHeight) * pool.strideHeight - padInfo.top;
    const left = (position % outWidth) * pool.strideWidth - padInfo.left;
    largest.fill(-Infinity);
    place.fill(-1);
    for (let y = Math.max(0, top); y < Math.min(inHeight, top + filterHeight); y++) {
      for (let x0 = Math.max(0, left); x0 < Math.min(inWidth, left + filterWidth); x0++) {
        const from = ((image * inHeight + y) * inWidth + x0) * inChannels;
        for (let c = 0; c < inChannels; c++) {
          const value = x[from + c]!;
          if (value > largest[c]!) {
            largest[c] = value;
            place[c] = from + c;
          }
        }
      }
    }
    for (let c = 0, from = position * inChannels; c < inChannels; c++) {
      if (place[c]! >= 0) dx[place[c]!]! += gradient[from + c]!;
    }
  }
  return out;
}

type Image = [number, number, number, number];
