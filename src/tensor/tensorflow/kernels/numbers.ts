// How a kernel meets dtypes that its TensorFlow op lacks: whole numbers in an op of floats, booleans in an op of numbers. As tfjs does,
// the result is brought back to the dtype that came.
import type { Dtype } from '../dtypes.ts';
import type { Ops, Value } from '../ops.ts';
import { cast } from './arrange.ts';

const floats: ReadonlySet<Dtype> = new Set(['float32', 'float64', 'complex64']);

/** x as a float: whole numbers and booleans as float32. */
export const asFloat = (ops: Ops, x: Value): Value => (floats.has(x.dtype) ? x : cast(ops, x, 'float32'));

/** x as a number: booleans as int32. */
export const asNumber = (ops: Ops, x: Value): Value => (x.dtype === 'bool' ? cast(ops, x, 'int32') : x);

/** One value by an op that knows floats only. The result has the dtype of the first input, cut off after the point. */
export function inFloats(ops: Ops, inputs: readonly Value[], compute: (...inputs: Value[]) => Value): Value {
  if (inputs.every(({ dtype }) => dtype === 'float32')) return compute(...inputs);
  const out = compute(...inputs.map((each) => asFloat(ops, each)));
  return cast(ops, out, inputs[0]!.dtype);
}

/** One value by an op that knows numbers but not booleans. The result has the dtype of the first input. */
export function inNumbers(ops: Ops, inputs: readonly Value[], compute: (...inputs: Value[]) => Value): Value {
  if (inputs.every(({ dtype }) => dtype === 'float32')) return compute(...inputs);
  const out = compute(...inputs.map((each) => asNumber(ops, each)));
  return cast(ops, out, inputs[0]!.dtype);
}

/** A limit as a value of a dtype: whole numbers are cut off after the point and kept in their range. */
export function limit(ops: Ops, value: number, dtype: Dtype): Value {
  if (dtype !== 'int32') return ops.constant(value, dtype);
  return ops.constant(Math.trunc(Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1)), dtype);
}
