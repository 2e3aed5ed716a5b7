// Kernels of one tensor, value by value.
import type { CastAttrs, ClipByValueAttrs, LeakyReluAttrs, StepAttrs } from '@tensorflow/tfjs-core';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast } from './arrange.ts';
import { asFloat, inFloats, inNumbers, limit } from './numbers.ts';

/** An op that TensorFlow has for floats only. */
const float =
  (op: string): Kernel =>
  (ops, { x }) =>
    inFloats(ops, [x], (x) => ops.one(op, [x], undefined, x));

/** An op that TensorFlow has for all numbers. */
const number =
  (op: string): Kernel =>
  (ops, { x }) =>
    inNumbers(ops, [x], (x) => ops.one(op, [x], undefined, x));

/** An op that leaves whole numbers as they are. */
const rounding =
  (op: string): Kernel =>
  (ops, { x }) =>
    x.dtype === 'int32' || x.dtype === 'bool' ? x : ops.one(op, [x]);

/** A question about floats: whole numbers are finite. */
const asks =
  (op: string): Kernel =>
  (ops, { x }) =>
    ops.one(op, [asFloat(ops, x)]);

export const unaryKernels: Record<string, Kernel> = {
  Abs: number('Abs'),
  Acos: float('Acos'),
  Acosh: float('Acosh'),
  Asin: float('Asin'),
  Asinh: float('Asinh'),
  Atan: float('Atan'),
  Atanh: float('Atanh'),
  Cast: (ops, { x }, { dtype }: CastAttrs) => convert(ops, x, dtype),
  Ceil: rounding('Ceil'),
  ClipByValue: (ops, { x }, { clipValueMin, clipValueMax }: ClipByValueAttrs) =>
    inNumbers(ops, [x], (x) =>
      ops.one('ClipByValue', [x, limit(ops, clipValueMin, x.dtype), limit(ops, clipValueMax, x.dtype)]),
    ),
  Complex: (ops, { real, imag }) => ops.one('Complex', [real, imag]),
  ComplexAbs: (ops, { x }) => ops.one('ComplexAbs', [x]),
  Cos: float('Cos'),
  Cosh: float('Cosh'),
  Elu: float('Elu'),
  EluGrad: (ops, { dy, y }) => ops.one('EluGrad', [dy, y]),
  Erf: float('Erf'),
  Exp: asks('Exp'),
  Expm1: float('Expm1'),
  Floor: rounding('Floor'),
  Identity: (_, { x }) => x,
  Imag: (ops, { input }) => ops.one('Imag', [input]),
  IsFinite: asks('IsFinite'),
  IsInf: asks('IsInf'),
  IsNan: asks('IsNan'),
  LeakyRelu: (ops, { x }, { alpha }: LeakyReluAttrs) => ops.one('LeakyRelu', [asFloat(ops, x)], { alpha }),
  Log: float('Log'),
  Log1p: float('Log1p'),
  LogicalNot: (ops, { x }) => ops.one('LogicalNot', [cast(ops, x, 'bool')]),
  Neg: number('Neg'),
  Real: (ops, { input }) => ops.one('Real', [input]),
  Reciprocal: float('Reciprocal'),
  Relu: number('Relu'),
  Relu6: number('Relu6'),
  Round: rounding('Round'),
  Rsqrt: float('Rsqrt'),
  Selu: float('Selu'),
  Sigmoid: float('Sigmoid'),
  Sign: (ops, { x }) => inNumbers(ops, [x], (x) => sign(ops, x)),
  Sin: float('Sin'),
  Sinh: float('Sinh'),
  Softplus: float('Softplus'),
  Sqrt: float('Sqrt'),
  Square: number('Square'),
  Step: (ops, { x }, { alpha }: StepAttrs) => inNumbers(ops, [x], (x) => step(ops, x, alpha)),
  Tan: float('Tan'),
  Tanh: float('Tanh'),
};

/**
 * tfjs's cast: complex numbers lose their imaginary part; strings are not cast. A float that int32 can't hold, NaN too, becomes the lowest
 * whole number on a processor, as in NumPy; tfjs's other backends give 0.
 */
function convert(ops: Ops, x: Value, dtype: CastAttrs['dtype']): Value {
  if (x.dtype === dtype) return x;
  if (x.dtype === 'string' || dtype === 'string')
    throw new TypeError(`cast: strings can't be cast, got ${x.dtype} to ${dtype}`);
  return cast(ops, x.dtype === 'complex64' ? ops.one('Real', [x]) : x, dtype);
}

/** −1, 0 or 1. Of NaN it is 0 in tfjs, NaN in TensorFlow. */
function sign(ops: Ops, x: Value): Value {
  if (x.dtype !== 'float32') return ops.one('Sign', [x]);
  const side = (op: string) => cast(ops, ops.one(op, [x, ops.constant(0, x.dtype)]), x.dtype);
  return ops.one('Sub', [side('Greater'), side('Less')]);
}

/** 1 above zero, `alpha` elsewhere, NaN of NaN. The gradient of relu, so two ops where alpha is 0. */
function step(ops: Ops, x: Value, alpha: number): Value {
  const above = ops.one('Sign', [ops.one('Relu', [x])]);
  if (alpha === 0) return above;
  const zero = ops.one('Equal', [above, ops.constant(0, x.dtype)]);
  return ops.one('SelectV2', [zero, limit(ops, alpha, x.dtype), above]);
}
