// Parts of a tensor, copied within the heap. tfjs reads the whole tensor out of the heap for each slice (188 MB for a batch of MNIST)
// and takes every strided slice for float32.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { WasmBackend } from '../wasm.ts';
import { borrow } from './borrowed.ts';
import { type Kernel, type KernelCall, offsetOf, share } from './call.ts';

export const sliceKernels: Record<string, Kernel> = {
  Slice: ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    const [begin, size] = core.slice_util.parseSliceParams(x as never, attrs.begin, attrs.size) as [number[], number[]];
    core.slice_util.assertParamsValid(x, begin, size);
    return slice(backend, x, begin, size);
  },
  SplitV: ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    const axis = core.util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const sizes = core.backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
    let first = 0;
    return sizes.map((size) => {
      first += size;
      return along(backend, x, axis, first - size, size);
    });
  },
  Unpack: ({ inputs, attrs, backend }) => {
    const x = inputs.value!;
    const axis = core.util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const shape = x.shape.filter((_, i) => i !== axis);
    return Array.from({ length: x.shape[axis]! }, (_, i) => ({ ...along(backend, x, axis, i, 1), shape }));
  },
  StridedSlice: stridedSlice,
  GatherV2: gather,
};

/** x[begin … begin + size] along every axis, of any dtype. */
function slice(backend: WasmBackend, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  if (x.dtype === 'string') return borrow('Slice', { inputs: { x }, attrs: { begin, size }, backend }) as TensorInfo;
  const { complex } = backend.dataIdMap.get(x.dataId);
  if (complex) return eachPart(backend, complex, (part) => slice(backend, { ...part, shape: x.shape }, begin, size));
  if (size.every((length, axis) => length === x.shape[axis])) return share(backend, x);
  const out = backend.makeOutput(size, x.dtype);
  const strides = core.util.computeStrides(x.shape as number[]);
  const source = begin.reduce((sum, first, axis) => sum + first * (strides[axis] ?? 1), 0);
  copyGrid(backend, { from: x, to: out, source, sizes: size, strides: x.shape.map((_, axis) => strides[axis] ?? 1) });
  return out;
}

function eachPart(
  backend: WasmBackend,
  { real, imag }: { real: TensorInfo; imag: TensorInfo },
  of: (part: TensorInfo) => TensorInfo,
): TensorInfo {
  const parts = [of(real), of(imag)] as const;
  const out = backend.makeComplex(...parts);
  for (const part of parts) backend.disposeData(part.dataId);
  return out;
}

function along(backend: WasmBackend, x: TensorInfo, axis: number, first: number, length: number): TensorInfo {
  const begin = x.shape.map((_, i) => (i === axis ? first : 0));
  return slice(
    backend,
    x,
    begin,
    x.shape.map((size, i) => (i === axis ? length : size)),
  );
}

function stridedSlice(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const x = inputs.x!;
  if (x.dtype === 'string' || x.dtype === 'complex64') return borrow('StridedSlice', call) as TensorInfo;
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const info = core.slice_util.sliceInfo(
    x.shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (info.isIdentity) return share(backend, x, info.finalShape);
  const sizes = core.slice_util.computeOutShape(info.begin, info.end, info.strides);
  const out = backend.makeOutput(sizes, x.dtype);
  const own = x.shape.map((_, axis) => core.util.computeStrides(x.shape as number[])[axis] ?? 1);
  copyGrid(backend, {
    from: x,
    to: out,
    source: info.begin.reduce((sum, first, axis) => sum + first * own[axis]!, 0),
    sizes,
    strides: own.map((stride, axis) => stride * info.strides[axis]!),
  });
  return { ...out, shape: info.finalShape };
}

/** Rows of x [batch, outer, n, …inner] by indices [batch, …] along the axis of n. */
function gather(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
  if (x.dtype === 'string' || x.dtype === 'complex64') return borrow('GatherV2', call) as TensorInfo;
  const axis = core.util.parseAxisParam(attrs.axis, x.shape)[0]!;
  const info = core.backend_util.segment_util.collectGatherOpShapeInfo(
    x as never,
    indices as never,
    axis,
    attrs.batchDims,
  );
  const { batchSize, outerSize, dimSize, sliceSize } = info;
  const out = backend.makeOutput(info.outputShape, x.dtype);
  const which = backend.typedArrayFromHeap(indices);
  const each = which.length / batchSize;
  const bytes = sliceSize * core.util.bytesPerElement(x.dtype);
  const [from, to] = [offsetOf(backend, x), offsetOf(backend, out)];
  for (const index of which) {
    if (!(index >= 0 && index < dimSize))
      throw new RangeError(`GatherV2: the index value ${index} is not in [0, ${dimSize - 1}]`);
  }
  const { HEAPU8: heap, HEAP32: words } = backend.wasm;
  let target = to;
  for (let batch = 0; batch < batchSize; batch++) {
    for (let outer = 0; outer < outerSize; outer++) {
      const first = from + (batch * outerSize + outer) * dimSize * bytes;
      for (let i = 0; i < each; i++, target += bytes) {
        const source = first + which[batch * each + i]! * bytes;
        if (bytes === 4) words[target >>> 2] = words[source >>> 2]!;
        else heap.copyWithin(target, source, source + bytes);
      }
    }
  }
  return out;
}

interface Grid {
  readonly from: TensorInfo;
  readonly to: TensorInfo;
  /** Index of the first value in `from`. */
  readonly source: number;
  /** Shape of what is copied. */
  readonly sizes: readonly number[];
  /** Distance in `from` between neighbours along each axis; negative ones run backwards. */
  readonly strides: readonly number[];
}

/** Copies a grid of values; runs that are neighbours in both tensors are copied as blocks. */
function copyGrid(backend: WasmBackend, { from, to, source, sizes, strides }: Grid): void {
  const width = core.util.bytesPerElement(from.dtype);
  const heap = width === 4 ? backend.wasm.HEAP32 : backend.wasm.HEAPU8;
  let block = 1;
  let axes = sizes.length;
  while (axes > 0 && strides[axes - 1] === block) block *= sizes[--axes]!;
  if (core.util.sizeFromShape(sizes as number[]) === 0) return;
  let target = offsetOf(backend, to) / width;
  const copy = (axis: number, at: number): void => {
    if (axis === axes) {
      // A call of copyWithin costs as much as copying 16 values here.
      if (block < 16) for (let i = 0; i < block; i++) heap[target + i] = heap[at + i]!;
      else heap.copyWithin(target, at, at + block);
      target += block;
      return;
    }
    for (let i = 0, next = at; i < sizes[axis]!; i++, next += strides[axis]!) copy(axis + 1, next);
  };
  copy(0, offsetOf(backend, from) / width + source);
}
