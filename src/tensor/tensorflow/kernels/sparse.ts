// Kernels of sparse and ragged tensors. TensorFlow's ops count in int64, tfjs in int32.
import type { RaggedGatherAttrs, RaggedTensorToTensorAttrs } from '@tensorflow/tfjs-core';
import type { Kernel, KernelInputs, Ops, Value } from '../ops.ts';
import { cast } from './arrange.ts';
import { asFloat } from './numbers.ts';

export const sparseKernels: Record<string, Kernel> = {
  RaggedGather: (ops, inputs, { outputRaggedRank }: RaggedGatherAttrs) =>
    ops.run('RaggedGather', [inputs.paramsNestedSplits, inputs.paramsDenseValues, inputs.indices], {
      OUTPUT_RAGGED_RANK: outputRaggedRank,
    }),
  RaggedRange: (ops, { starts, limits, deltas }) =>
    ops.run('RaggedRange', [starts, cast(ops, limits, starts.dtype), cast(ops, deltas, starts.dtype)], {
      Tsplits: 'int32',
    }),
  RaggedTensorToTensor: (ops, inputs, { rowPartitionTypes }: RaggedTensorToTensorAttrs) => {
    const { shape, values, defaultValue, rowPartitionTensors } = inputs;
    return ops.one('RaggedTensorToTensor', [shape, values, defaultValue, rowPartitionTensors], {
      row_partition_types: rowPartitionTypes,
    });
  },
  SparseFillEmptyRows: (ops, { indices, values, denseShape, defaultValue }) => {
    const inputs = [long(ops, indices), values, long(ops, denseShape), defaultValue];
    const [places, filled, empty, from] = ops.run('SparseFillEmptyRows', inputs);
    return [short(ops, places!), filled!, empty!, short(ops, from!)];
  },
  SparseReshape: (ops, { inputIndices, inputShape, newShape }) =>
    ops
      .run('SparseReshape', [long(ops, inputIndices), long(ops, inputShape), long(ops, newShape)])
      .map((each) => short(ops, each)),
  SparseSegmentMean: (ops, inputs) =>
    cast(ops, segments(ops, 'SparseSegmentMean', asFloat(ops, inputs.data), inputs), inputs.data.dtype),
  SparseSegmentSum: (ops, inputs) => segments(ops, 'SparseSegmentSum', inputs.data, inputs),
};

const long = (ops: Ops, x: Value): Value => cast(ops, x, 'int64');
const short = (ops: Ops, x: Value): Value => cast(ops, x, 'int32');

const segments = (ops: Ops, op: string, data: Value, { indices, segmentIds }: KernelInputs): Value =>
  ops.one(op, [data, short(ops, indices), short(ops, segmentIds)]);
