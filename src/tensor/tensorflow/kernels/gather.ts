// Kernels that read or write by index: gather, scatter, segments, distinct values, places in a sorted row.
import type {
  GatherV2Attrs,
  ScatterNdAttrs,
  SearchSortedAttrs,
  SparseToDenseAttrs,
  UniqueAttrs,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, KernelInputs, Ops, Value } from '../ops.ts';
import { cast, reshaped } from './arrange.ts';
import { asNumber } from './numbers.ts';

export const gatherKernels: Record<string, Kernel> = {
  GatherNd: (ops, { params, indices }) => ops.one('GatherNd', [params, cast(ops, indices, 'int32')]),
  GatherV2: (ops, { x, indices }, attrs: GatherV2Attrs) => gather(ops, x, indices, attrs),
  LowerBound: (ops, inputs) => search(ops, inputs, 'LowerBound'),
  ScatterNd: (ops, { indices, updates }, { shape }: ScatterNdAttrs) => {
    const inputs = [places(ops, indices), asNumber(ops, updates), ops.constant(shape, 'int32')];
    return cast(ops, ops.one('ScatterNd', inputs), updates.dtype);
  },
  SearchSorted: (ops, inputs, { side }: SearchSortedAttrs) =>
    search(ops, inputs, side === 'left' ? 'LowerBound' : 'UpperBound'),
  SparseToDense: (ops, { sparseIndices, sparseValues, defaultValue }, { outputShape }: SparseToDenseAttrs) => {
    const inputs = [cast(ops, sparseIndices, 'int32'), ops.constant(outputShape, 'int32'), sparseValues, defaultValue];
    // tfjs takes indices in any order, and repeated ones.
    return ops.one('SparseToDense', inputs, { validate_indices: false });
  },
  TensorScatterUpdate: (ops, { tensor, indices, updates }) =>
    ops.one('TensorScatterUpdate', [tensor, places(ops, indices), updates]),
  Unique: (ops, { x }, { axis }: UniqueAttrs) => unique(ops, x, core.util.parseAxisParam(axis, [...x.shape])[0]!),
  UnsortedSegmentSum: (ops, { x, segmentIds }, { numSegments }: UnsortedSegmentSumAttrs) => {
    const count = ops.constant(numSegments, 'int32');
    const ids = cast(ops, segmentIds, 'int32');
    // tfjs leaves out what belongs to no segment; TensorFlow does so for ids below 0 only.
    const known = ops.one('SelectV2', [ops.one('Less', [ids, count]), ids, ops.constant(-1, 'int32')]);
    return ops.one('UnsortedSegmentSum', [asNumber(ops, x), known, count]);
  },
  UpperBound: (ops, inputs) => search(ops, inputs, 'UpperBound'),
};

/** Where each value belongs in its sorted row: [b, n] rows, [b, m] values. */
function search(ops: Ops, { sortedSequence, values }: KernelInputs, op: 'LowerBound' | 'UpperBound'): Value {
  return ops.one(op, [sortedSequence, values], { out_type: 'int32' });
}

function gather(ops: Ops, x: Value, indices: Value, { axis, batchDims = 0 }: GatherV2Attrs): Value {
  const [along] = core.util.parseAxisParam(axis, [...x.shape]);
  // Checks what TensorFlow says less clearly.
  if (batchDims !== 0)
    core.backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, along!, batchDims);
  const inputs = [x, cast(ops, indices, 'int32'), ops.constant(along!, 'int32')];
  return ops.one('GatherV2', inputs, { batch_dims: batchDims });
}

/** Indices as [n, rank]: a list of them counts along the first axis. */
function places(ops: Ops, indices: Value): Value {
  const whole = cast(ops, indices, 'int32');
  return whole.shape.length < 2 ? reshaped(ops, whole, [-1, 1]) : whole;
}

/** Distinct parts of x along an axis, in the order of their first appearance, and the place of each part among them. */
function unique(ops: Ops, x: Value, axis: number): Value[] {
  const distinct = (x: Value) => ops.run('UniqueV2', [x, ops.constant([axis], 'int32')], { out_idx: 'int32' });
  if (x.dtype !== 'float32') return distinct(x);
  // By their bits, so that one NaN equals another, as in tfjs; adding 0 makes one zero of two.
  const bits = ops.one('Bitcast', [ops.one('AddV2', [x, ops.constant(0, 'float32')])], { type: 'int32' });
  const [values, from] = distinct(bits);
  return [ops.one('Bitcast', [values!], { type: 'float32' }), from!];
}
