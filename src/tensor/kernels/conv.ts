// The gradients of two-dimensional convolution, as matrix products over the patches that the filter sees (im2col): the binary lacks
// the filter's, and its own of the input runs at 2 GFLOP/s. Also channels-first data, which the binary does not take.
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { WasmBackend } from '../wasm.ts';
import { compose, idOf, type Kernel, type KernelCall, offsetOf, original, run, zeros } from './call.ts';
import { multiply, transposeLast } from './matmul.ts';
import { anyStride } from './same.ts';

type Conv = backend_util.Conv2DInfo;

export const convKernels: Record<string, Kernel> = {
  Conv2D: anyFormat(anyStride(conv2D)),
  Conv2DBackpropFilter: anyFormat(filterGradient),
  Conv2DBackpropInput: anyFormat(inputGradient),
};

/** Bytes of patches in memory at a time: large enough for the products' speed, small enough for the cache and large images. */
const patchBytes = 8 * 2 ** 20;

/** Lets a kernel of [n, h, w, c] data also take [n, c, h, w]. Filters are [h, w, in, out] in both. */
function anyFormat(kernel: Kernel): Kernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    if (attrs.dataFormat !== 'NCHW') return kernel(call);
    const last = [0, 2, 3, 1];
    const moved = { ...attrs, dataFormat: 'NHWC' };
    if (attrs.inputShape) moved.inputShape = last.map((axis) => attrs.inputShape[axis]);
    if (Array.isArray(attrs.pad)) moved.pad = last.map((axis) => attrs.pad[axis]);
    return compose(backend, (step) => {
      const images = ['x', 'dy'].filter((name) => inputs[name]);
      const data = images.map((name) => [name, step('Transpose', { x: inputs[name]! }, { perm: last })]);
      const out = kernel({ inputs: { ...inputs, ...Object.fromEntries(data) }, attrs: moved, backend }) as TensorInfo;
      if (images.includes('x') && images.includes('dy')) return out; // A filter's gradient has no channels to move.
      const back = run(backend, 'Transpose', { x: out }, { perm: [0, 3, 1, 2] });
      backend.disposeData(out.dataId);
      return back;
    });
  };
}

function conv2D(call: KernelCall): TensorInfo {
  return original('Conv2D', call) as TensorInfo;
}

/** x [n, h, w, in], dy [n, y, x, out] → gradient of the filter [fh, fw, in, out]: patchesᵀ · dy, chunk by chunk. */
function filterGradient({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const { strides, pad, dimRoundingMode, filterShape } = attrs;
  const conv = core.backend_util.computeConv2DInfo(x.shape as Image, filterShape, strides, 1, pad, dimRoundingMode);
  const width = conv.filterHeight * conv.filterWidth * conv.inChannels;
  const out = zeros(backend, filterShape, 'float32');
  const part = backend.makeOutput([width, conv.outChannels], 'float32');
  for (const rows of chunks(conv, width)) {
    const patches = backend.makeOutput([rows.count, width], 'float32');
    gatherPatches(backend, x, patches, conv, rows);
    const turned = transposeLast(backend, patches);
    backend.disposeData(patches.dataId);
    const dyPart = backend.alias(
      offsetOf(backend, dy) + rows.first * conv.outChannels * 4,
      rows.count * conv.outChannels,
    );
    multiply(backend, idOf(backend, turned), dyPart, idOf(backend, part), width, rows.count, conv.outChannels);
    backend.wasm.tfjs.disposeData(dyPart);
    backend.disposeData(turned.dataId);
    addTo(backend, out, part);
  }
  backend.disposeData(part.dataId);
  return out;
}

/** dy [n, y, x, out], filter [fh, fw, in, out] → gradient of the input [n, h, w, in]: dy · filterᵀ, added where the patches lie. */
function inputGradient(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const { strides, pad, dimRoundingMode, inputShape } = attrs;
  const conv = core.backend_util.computeConv2DInfo(inputShape, filter.shape as Image, strides, 1, pad, dimRoundingMode);
  // A transposed convolution may be asked for a smaller output than its input has: rare, and not for products of whole rows.
  if (dy.shape[1] !== conv.outHeight || dy.shape[2] !== conv.outWidth)
    return original('Conv2DBackpropInput', call) as TensorInfo;
  const width = conv.filterHeight * conv.filterWidth * conv.inChannels;
  const turned = transposeLast(backend, { ...filter, shape: [width, conv.outChannels] });
  const out = zeros(backend, inputShape, 'float32');
  for (const rows of chunks(conv, width)) {
    const dyPart = backend.alias(
      offsetOf(backend, dy) + rows.first * conv.outChannels * 4,
      rows.count * conv.outChannels,
    );
    const patches = backend.makeOutput([rows.count, width], 'float32');
    multiply(backend, dyPart, idOf(backend, turned), idOf(backend, patches), rows.count, conv.outChannels, width);
    backend.wasm.tfjs.disposeData(dyPart);
    scatterPatches(backend, patches, out, conv, rows);
    backend.disposeData(patches.dataId);
  }
  backend.disposeData(turned.dataId);
  return out;
}

type Image = [number, number, number, number];

/** Positions of the output, counted over images, rows and columns. */
interface Rows {
  readonly first: number;
  readonly count: number;
}

/** All positions of the output, in parts whose patches fit `patchBytes`. */
function chunks({ batchSize, outHeight, outWidth }: Conv, width: number): Rows[] {
  const all = batchSize * outHeight * outWidth;
  const each = Math.max(1, Math.floor(patchBytes / 4 / Math.max(width, 1)));
  return Array.from({ length: Math.ceil(all / each) }, (_, i) => ({
    first: i * each,
    count: Math.min(each, all - i * each),
  }));
}

/** Calls `visit` for each run of values that are neighbours both in a patch and in the image: offset in each, length. */
function eachRun(
  conv: Conv,
  { first, count }: Rows,
  visit: (patch: number, image: number, length: number, inside: boolean) => void,
): void {
  const {
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padInfo,
  } = conv;
  const row = filterWidth * inChannels;
  for (let i = 0; i < count; i++) {
    const position = first + i;
    const image = Math.floor(position / (outHeight * outWidth));
    const top = (Math.floor(position / outWidth) % outHeight) * strideHeight - padInfo.top;
    const left = (position % outWidth) * strideWidth - padInfo.left;
    const from = Math.max(0, -left);
    const to = Math.min(filterWidth, inWidth - left);
    for (let y = 0; y < filterHeight; y++) {
      const patch = (i * filterHeight + y) * row;
      const inside = top + y >= 0 && top + y < inHeight && to > from;
      if (!inside) {
        visit(patch, 0, row, false);
        continue;
      }
      if (from > 0) visit(patch, 0, from * inChannels, false);
      if (to < filterWidth) visit(patch + to * inChannels, 0, (filterWidth - to) * inChannels, false);
      const source = ((image * inHeight + top + y) * inWidth + left + from) * inChannels;
      visit(patch + from * inChannels, source, (to - from) * inChannels, true);
    }
  }
}

/** Copies what the filter sees at each position into a row of `patches`, zeros where it hangs over the edge. */
function gatherPatches(backend: WasmBackend, x: TensorInfo, patches: TensorInfo, conv: Conv, rows: Rows): void {
  const heap = backend.wasm.HEAPF32;
  const [to, from] = [patches, x].map((info) => offsetOf(backend, info) / 4) as [number, number];
  eachRun(conv, rows, (patch, image, length, inside) => {
    const start = to + patch;
    if (inside) for (let i = 0, source = from + image; i < length; i++) heap[start + i] = heap[source + i]!;
    else heap.fill(0, start, start + length);
  });
}

/** Adds each row of `patches` to the places of the image that the filter sees from its position. */
function scatterPatches(backend: WasmBackend, patches: TensorInfo, out: TensorInfo, conv: Conv, rows: Rows): void {
  const heap = backend.wasm.HEAPF32;
  const [from, to] = [patches, out].map((info) => offsetOf(backend, info) / 4) as [number, number];
  eachRun(conv, rows, (patch, image, length, inside) => {
    if (!inside) return;
    const start = to + image;
    for (let i = 0, source = from + patch; i < length; i++) heap[start + i]! += heap[source + i]!;
  });
}

function addTo(backend: WasmBackend, sum: TensorInfo, part: TensorInfo): void {
  const [total, more] = [sum, part].map((info) => backend.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
  for (let i = 0; i < total.length; i++) total[i]! += more[i]!;
}
