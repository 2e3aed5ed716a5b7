// Sums by segment: the gradient of `gather` and with it of every embedding.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { borrow } from './borrowed.ts';
import type { Kernel, KernelCall } from './call.ts';
import { zeros } from './call.ts';

export const segmentKernels: Record<string, Kernel> = { UnsortedSegmentSum: segmentSum };

/** x [n, …inner], segmentIds [n] → [numSegments, …inner]; ids outside of [0, numSegments) are left out. */
function segmentSum(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  if (segmentIds.shape.length !== 1 || x.shape.length === 0) return borrow('UnsortedSegmentSum', call) as TensorInfo;
  const inner = core.util.sizeFromShape(x.shape.slice(1));
  const out = zeros(backend, [attrs.numSegments, ...x.shape.slice(1)], x.dtype === 'bool' ? 'int32' : x.dtype);
  const [values, ids, sums] = [x, segmentIds, out].map((info) => backend.typedArrayFromHeap(info)) as [
    Float32Array,
    Int32Array,
    Float32Array,
  ];
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id < 0 || id >= attrs.numSegments) continue;
    for (let i = 0, from = row * inner, to = id * inner; i < inner; i++) sums[to + i]! += values[from + i]!;
  }
  return out;
}
