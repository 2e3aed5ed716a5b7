// Kernels that make a tensor from numbers: filled, ranges, one-hot, diagonal, drawn at random.
import type { FillAttrs, LinSpaceAttrs, MultinomialAttrs, OneHotAttrs, RangeAttrs } from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast } from './arrange.ts';
import { asNumber, limit } from './numbers.ts';

export const createKernels: Record<string, Kernel> = {
  Diag: (ops, { x }) => (x.shape.length === 0 ? x : cast(ops, ops.one('Diag', [asNumber(ops, x)]), x.dtype)),
  Fill: (ops, _, { shape, value, dtype }: FillAttrs) => fill(ops, shape, value, dtype || core.util.inferDtype(value)),
  LinSpace: (ops, _, { start, stop, num }: LinSpaceAttrs) =>
    ops.one('LinSpace', [ops.constant(start, 'float32'), ops.constant(stop, 'float32'), ops.constant(num, 'int32')]),
  MatrixBandPart: (ops, { input, numLower, numUpper }) => ops.one('MatrixBandPart', [input, numLower, numUpper]),
  Multinomial: (ops, { logits }, attrs: MultinomialAttrs) => multinomial(ops, logits, attrs),
  OneHot: (ops, { indices }, { depth, onValue, offValue, dtype }: OneHotAttrs) =>
    ops.one('OneHot', [
      cast(ops, indices, 'int32'),
      ops.constant(depth, 'int32'),
      limit(ops, onValue, dtype),
      limit(ops, offValue, dtype),
    ]),
  OnesLike: (ops, { x }) => ops.one('OnesLike', [numbers('onesLike', x)]),
  Range: (ops, _, attrs: RangeAttrs) => range(ops, attrs),
  ZerosLike: (ops, { x }) => ops.one('ZerosLike', [numbers('zerosLike', x)]),
};

function numbers(name: string, x: Value): Value {
  if (x.dtype === 'string') throw new TypeError(`${name}: must be given numbers, got a string tensor`);
  return x;
}

function fill(ops: Ops, shape: readonly number[], value: number | string, dtype: FillAttrs['dtype']): Value {
  const one = typeof value === 'string' ? ops.constant([value], 'string', []) : limit(ops, Number(value), dtype);
  // A scalar too: a constant is shared, and not the kernel's to give away.
  return ops.one('Fill', [ops.constant(shape, 'int32'), one]);
}

/** tfjs's range: a step of 1 counts down where stop is less than start; computed in float64, so that its length is JavaScript's. */
function range(ops: Ops, { start, stop, step, dtype }: RangeAttrs): Value {
  const by = stop < start && step === 1 ? -1 : step;
  const length = (stop - start) * by <= 0 ? 0 : Math.ceil(Math.abs((stop - start) / by));
  const count = (from: number, to: number, by: number) =>
    ops.one(
      'Range',
      [from, to, by].map((each) => ops.constant(each, 'int32')),
    );
  if (dtype === 'int32' && Number.isInteger(start) && Number.isInteger(by))
    return count(start, start + length * by, by);
  const steps = ops.one('Mul', [cast(ops, count(0, length, 1), 'float64'), ops.constant(by, 'float64')]);
  return cast(ops, ops.one('AddV2', [steps, ops.constant(start, 'float64')]), dtype);
}

/** The same numbers for the same seed; `normalized` gives probabilities, else their logarithms up to a constant. */
function multinomial(ops: Ops, logits: Value, { numSamples, seed, normalized }: MultinomialAttrs): Value {
  const logs = normalized ? ops.one('Log', [logits]) : logits;
  return ops.one('StatelessMultinomial', [logs, ops.constant(numSamples, 'int32'), seedOf(ops, seed)], {
    output_dtype: 'int32',
  });
}

/** A seed of tfjs, which may be a fraction, as the two whole numbers that TensorFlow takes: its bits. */
function seedOf(ops: Ops, seed: number): Value {
  return ops.constant(new Int32Array(new Float64Array([seed]).buffer), 'int32');
}
