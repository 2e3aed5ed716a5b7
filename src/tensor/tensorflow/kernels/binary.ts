// Kernels of two tensors, value by value, either one broadcast: arithmetic, comparisons, logic, and the choice between two.
import { core } from '../../packages.ts';
import type { Kernel, KernelInputs, Ops, Value } from '../ops.ts';
import { cast, reshaped } from './arrange.ts';
import { asFloat, asNumber, inFloats, inNumbers } from './numbers.ts';
import { order } from './strings.ts';

type Compute = (ops: Ops, a: Value, b: Value) => Value;

const by =
  (op: string): Compute =>
  (ops, a, b) =>
    ops.one(op, [a, b]);

/** An op whose result has the dtype of its inputs, and their shape where they have one. */
const alike =
  (op: string): Compute =>
  (ops, a, b) =>
    ops.one(op, [a, b], undefined, same(a.shape, b.shape) ? a : undefined);

function same(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** From this rank on, TensorFlow does not broadcast everything (see spread). */
const broadcastRank = 6;

/** A kernel of two tensors that broadcast. */
const both =
  (compute: Compute): Kernel =>
  (ops, { a, b }) =>
    a.shape.length < broadcastRank && b.shape.length < broadcastRank
      ? compute(ops, a, b)
      : compute(ops, ...spread(ops, a, b));

/** Arithmetic: booleans count as 0 and 1, and the result is one again. */
const number = (compute: Compute): Kernel =>
  both((ops, a, b) =>
    a.dtype === 'float32' && b.dtype === 'float32'
      ? compute(ops, a, b)
      : inNumbers(ops, [a, b], (a, b) => compute(ops, a, b)),
  );

const float = (op: string): Kernel => both((ops, a, b) => inFloats(ops, [a, b], (a, b) => ops.one(op, [a, b])));

/** A comparison that needs an order. */
const compare = (op: string): Kernel =>
  both((ops, a, b) => {
    if (a.dtype === 'string') return ops.one(op, [order(ops, a, b), ops.constant(0, 'int32')]);
    return ops.one(op, [asNumber(ops, a), asNumber(ops, b)]);
  });

const logic = (op: string): Kernel => both((ops, a, b) => ops.one(op, [cast(ops, a, 'bool'), cast(ops, b, 'bool')]));

export const binaryKernels: Record<string, Kernel> = {
  Add: number(alike('AddV2')),
  AddN: (ops, { list }) => inNumbers(ops, list, (...list) => ops.one('AddN', [list])),
  Atan2: float('Atan2'),
  BitwiseAnd: number(alike('BitwiseAnd')),
  Equal: both(by('Equal')),
  FloorDiv: number(floorDivide),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessEqual'),
  LogicalAnd: logic('LogicalAnd'),
  LogicalOr: logic('LogicalOr'),
  LogicalXor: logic('NotEqual'),
  Maximum: number(alike('Maximum')),
  Minimum: number(alike('Minimum')),
  Mod: number(modulo),
  Multiply: number(alike('Mul')),
  NotEqual: both(by('NotEqual')),
  Pow: number(power),
  Prelu: (ops, { x, alpha }) => prelu(ops, ...spread(ops, asFloat(ops, x), asFloat(ops, alpha))),
  RealDiv: float('RealDiv'),
  Select: (ops, inputs) => select(ops, inputs),
  SquaredDifference: number(alike('SquaredDifference')),
  Sub: number(alike('Sub')),
};

/**
 * Whole numbers by way of float64, which holds them exactly: x / 0 is 0 in tfjs, where TensorFlow's op of whole numbers throws on a
 * processor and makes something up on a GPU.
 */
function floorDivide(ops: Ops, a: Value, b: Value): Value {
  if (a.dtype !== 'int32') return ops.one('FloorDiv', [a, b]);
  const quotient = ops.one('DivNoNan', [cast(ops, a, 'float64'), cast(ops, b, 'float64')]);
  return cast(ops, ops.one('Floor', [quotient]), 'int32');
}

/** The remainder with the sign of b. Of whole numbers by 0 it is 0 (see floorDivide): x mod 1. */
function modulo(ops: Ops, a: Value, b: Value): Value {
  if (a.dtype !== 'int32') return ops.one('FloorMod', [a, b]);
  const zero = cast(ops, ops.one('Equal', [b, ops.constant(0, 'int32')]), 'int32');
  return ops.one('FloorMod', [a, ops.one('AddV2', [b, zero])]);
}

/** TensorFlow refuses negative powers of whole numbers; tfjs cuts them off after the point. */
function power(ops: Ops, a: Value, b: Value): Value {
  if (a.dtype !== 'int32') return ops.one('Pow', [a, b]);
  return cast(ops, ops.one('Pow', [cast(ops, a, 'float64'), cast(ops, b, 'float64')]), 'int32');
}

/** alpha × x below zero, for an alpha that is broadcast to x. */
function prelu(ops: Ops, x: Value, alpha: Value): Value {
  const below = ops.one('Less', [x, ops.constant(0, x.dtype)]);
  return ops.one('SelectV2', [below, ops.one('Mul', [alpha, x]), x]);
}

/** `t` where the condition holds, else `e`. A condition of rank 1 chooses whole rows. */
function select(ops: Ops, { condition, t, e }: KernelInputs): Value {
  const order = ['bool', 'int32', 'float32', 'complex64'] as const;
  const dtype =
    t.dtype === e.dtype ? t.dtype : order[Math.max(...[t, e].map((each) => order.indexOf(each.dtype as never)))];
  if (!dtype) throw new TypeError(`where: both values must be numbers or both strings, got ${t.dtype} and ${e.dtype}`);
  const rows = condition.shape.length === 1 && t.shape.length > 1;
  return ops.one(rows ? 'Select' : 'SelectV2', [
    cast(ops, condition, 'bool'),
    cast(ops, t, dtype),
    cast(ops, e, dtype),
  ]);
}

/**
 * TensorFlow's ops broadcast up to five runs of axes of a kind (kept, repeated), so tensors of rank 6 whose shapes differ are brought to one
 * shape first.
 */
function spread(ops: Ops, a: Value, b: Value): [Value, Value] {
  const rank = Math.max(a.shape.length, b.shape.length);
  if (rank < broadcastRank || [...a.shape, ...b.shape].some((length) => length < 0)) return [a, b];
  const shape = core.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const spreadOne = (x: Value): Value => {
    const own = [...Array(rank - x.shape.length).fill(1), ...x.shape];
    const times = shape.map((length, axis) => (own[axis] === length ? 1 : length));
    if (times.every((each) => each === 1)) return x;
    return ops.one('Tile', [reshaped(ops, x, own), ops.constant(times, 'int32')]);
  };
  return [spreadOne(a), spreadOne(b)];
}
