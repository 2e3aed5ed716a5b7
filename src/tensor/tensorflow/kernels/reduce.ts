// Kernels along axes: sums and other reductions, the place of the largest, running sums, counts.
import type {
  AllAttrs,
  ArgMaxAttrs,
  BincountAttrs,
  CumsumAttrs,
  DenseBincountAttrs,
  MeanAttrs,
  TopKAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, reshaped } from './arrange.ts';
import { asNumber, inNumbers } from './numbers.ts';

export const reduceKernels: Record<string, Kernel> = {
  All: (ops, { x }, { axis, keepDims }: AllAttrs) => reduce(ops, 'All', cast(ops, x, 'bool'), axis, keepDims),
  Any: (ops, { x }, { axis, keepDims }: AllAttrs) => reduce(ops, 'Any', cast(ops, x, 'bool'), axis, keepDims),
  ArgMax: (ops, { x }, { axis }: ArgMaxAttrs) => place(ops, 'ArgMax', x, axis),
  ArgMin: (ops, { x }, { axis }: ArgMaxAttrs) => place(ops, 'ArgMin', x, axis),
  Bincount: (ops, { x, weights }, { size }: BincountAttrs) => count(ops, flat(ops, x), flat(ops, weights), size, false),
  Cumprod: (ops, { x }, attrs: CumsumAttrs) => running(ops, 'Cumprod', x, attrs),
  Cumsum: (ops, { x }, attrs: CumsumAttrs) => running(ops, 'Cumsum', x, attrs),
  DenseBincount: (ops, { x, weights }, { size, binaryOutput }: DenseBincountAttrs) =>
    count(ops, x, weights, size, binaryOutput ?? false),
  Max: (ops, { x }, { reductionIndices, keepDims }: ExtremeAttrs) =>
    inNumbers(ops, [x], (x) => reduce(ops, 'Max', x, reductionIndices, keepDims)),
  Mean: (ops, { x }, { axis, keepDims }: MeanAttrs) => mean(ops, cast(ops, x, 'float32'), axis, keepDims),
  Min: (ops, { x }, { axis, keepDims }: AllAttrs) => inNumbers(ops, [x], (x) => reduce(ops, 'Min', x, axis, keepDims)),
  Prod: (ops, { x }, { axis, keepDims }: AllAttrs) => reduce(ops, 'Prod', asNumber(ops, x), axis, keepDims),
  Sum: (ops, { x }, { axis, keepDims }: AllAttrs) => reduce(ops, 'Sum', asNumber(ops, x), axis, keepDims),
  TopK: (ops, { x }, { k, sorted }: TopKAttrs) => {
    const [values, indices] = ops.run('TopKV2', [asNumber(ops, x), ops.constant(k, 'int32')], { sorted });
    return [cast(ops, values!, x.dtype), indices!];
  },
};

/** Max alone names its axes otherwise. */
interface ExtremeAttrs {
  readonly reductionIndices: number | number[];
  readonly keepDims: boolean;
}

/** Axes as numbers from 0; all of them where none is given. @throws for one that x lacks. */
const axesOf = (axis: number | number[], x: Value): number[] => core.util.parseAxisParam(axis, [...x.shape]);

function reduce(ops: Ops, op: string, x: Value, axis: number | number[], keepDims = false): Value {
  return ops.one(op, [x, ops.constant(axesOf(axis, x), 'int32')], { keep_dims: keepDims });
}

/** The mean of nothing is 0 in tfjs. */
function mean(ops: Ops, x: Value, axis: number | number[], keepDims: boolean): Value {
  const empty = axesOf(axis, x).some((each) => x.shape[each] === 0);
  return reduce(ops, empty ? 'Sum' : 'Mean', x, axis, keepDims);
}

/** The first place of the largest (smallest) value. tfjs passes over NaN. */
function place(ops: Ops, op: 'ArgMax' | 'ArgMin', x: Value, axis: number): Value {
  const [along] = axesOf(axis, x);
  return ops.one(op, [defined(ops, op, x), ops.constant(along!, 'int32')], { output_type: 'int32' });
}

/** x with a value in place of NaN that can't win; nothing to do for whole numbers. */
function defined(ops: Ops, op: 'ArgMax' | 'ArgMin', x: Value): Value {
  if (x.dtype !== 'float32') return asNumber(ops, x);
  const loser = ops.constant(op === 'ArgMax' ? -Infinity : Infinity, x.dtype);
  return ops.one('SelectV2', [ops.one('IsNan', [x]), loser, x]);
}

function running(ops: Ops, op: string, x: Value, { axis, exclusive, reverse }: CumsumAttrs): Value {
  const [along] = axesOf(axis, x);
  return ops.one(op, [asNumber(ops, x), ops.constant(along!, 'int32')], { exclusive, reverse });
}

/** How often each whole number below `size` occurs, in all or in each row. Weights of no length count as 1 each. */
function count(ops: Ops, x: Value, weights: Value, size: number, binary: boolean): Value {
  return ops.one('DenseBincount', [x, ops.constant(size, 'int32'), weights], { binary_output: binary });
}

const flat = (ops: Ops, x: Value): Value => (x.shape.length === 1 ? x : reshaped(ops, x, [-1]));
