// Blocks of places moved between space, depth and batch.
import type { BatchToSpaceNDAttrs, DepthToSpaceAttrs, SpaceToBatchNDAttrs } from '@tensorflow/tfjs-core';
import type { Kernel, Ops, Value } from '../ops.ts';
import { channelsFirst, channelsLast } from './arrange.ts';

export const blockKernels: Record<string, Kernel> = {
  SpaceToBatchND: (ops, { x }, { blockShape, paddings }: SpaceToBatchNDAttrs) =>
    ops.one('SpaceToBatchND', [x, ops.constant(blockShape, 'int32'), pairs(ops, paddings)]),
  BatchToSpaceND: (ops, { x }, { blockShape, crops }: BatchToSpaceNDAttrs) =>
    ops.one('BatchToSpaceND', [x, ops.constant(blockShape, 'int32'), pairs(ops, crops)]),
  DepthToSpace: (ops, { x }, { blockSize, dataFormat }: DepthToSpaceAttrs) => {
    const attrs = { block_size: blockSize };
    if (dataFormat !== 'NCHW') return ops.one('DepthToSpace', [x], attrs);
    return channelsFirst(ops, ops.one('DepthToSpace', [channelsLast(ops, x)], attrs));
  },
};

const pairs = (ops: Ops, values: readonly number[][]): Value =>
  ops.constant(values.flat(), 'int32', [values.length, 2]);
