// TensorFlow's kernels of one and two tensors against the plain JavaScript backend: every dtype, awkward shapes, the ends of the ranges.
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { agrees, found, tf } from '../backends.ts';

type Numbers = 'float32' | 'int32' | 'bool';
type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

const dtypes = ['float32', 'int32', 'bool'] as const;

/** Values by dtype, zero and both signs among them, repeated over the shape. */
const samples: Record<Numbers, number[]> = {
  float32: [0.5, -1.25, 0, 3.75, -0.5, 2.5, 1, -2.5, 1.5, 7],
  int32: [3, -2, 0, 7, 1, -7, 5, 2],
  bool: [1, 0, 0, 1, 1],
};

function make(dtype: Numbers, shape: number[], from = 0): Tensor {
  const list = samples[dtype];
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => list[(i + from) % list.length]!),
    shape,
    dtype,
  );
}

const shapes: number[][] = [
  [],
  [1],
  [7],
  [0],
  [2, 3],
  [3, 0, 2],
  [2, 1, 3],
  [2, 2, 1, 3],
  [1, 2, 2, 1, 3],
  [2, 1, 2, 1, 2, 2],
];

/** Pairs that broadcast. */
const pairs: [number[], number[]][] = [
  [[], []],
  [[5], []],
  [[], [2, 3]],
  [[2, 3], [3]],
  [[4, 1], [3]],
  [
    [2, 3],
    [2, 3],
  ],
  [[0], [1]],
  [[2, 0], [1]],
  [
    [2, 1, 3, 1, 2, 2],
    [3, 1, 2, 2],
  ],
  [
    [2, 3, 2, 2, 1, 2],
    [2, 1, 2, 1, 3, 1],
  ],
];

/** tfjs takes floats only (its own check), or any numbers. */
const unary: Record<string, readonly [Unary, readonly Numbers[]]> = {};
for (const name of 'ceil cos elu exp floor isFinite isInf isNaN leakyRelu log log1p rsqrt sigmoid sin sinh sqrt tan tanh'.split(
  ' ',
))
  unary[name] = [tf[name as 'cos'], ['float32']];
for (const name of 'acos acosh asin asinh atan atanh cosh expm1 reciprocal selu softplus'.split(' '))
  unary[name] = [tf[name as 'cos'], ['float32']];
for (const name of 'abs neg relu relu6 round sign square step'.split(' ')) unary[name] = [tf[name as 'abs'], dtypes];
for (const name of 'exp isFinite isNaN leakyRelu'.split(' ')) unary[name] = [tf[name as 'exp'], dtypes];
Object.assign(unary, {
  erf: [(x: Tensor) => tf.erf(x), ['float32', 'int32']],
  'step with a slope': [(x: Tensor) => tf.step(x, 0.25), ['float32']],
  clip: [(x: Tensor) => tf.clipByValue(x, -1.5, 2.5), ['float32', 'int32']],
  'clip without ends': [(x: Tensor) => tf.clipByValue(x, -Infinity, Infinity), ['float32', 'int32']],
  'cast to int32': [(x: Tensor) => tf.cast(x, 'int32'), dtypes],
  'cast to float32': [(x: Tensor) => tf.cast(x, 'float32'), dtypes],
  'cast to bool': [(x: Tensor) => tf.cast(x, 'bool'), dtypes],
  'cast to complex64': [(x: Tensor) => tf.cast(x, 'complex64'), ['float32', 'int32']],
  'ones and zeros like': [(x: Tensor) => tf.stack([tf.onesLike(x), tf.zerosLike(x)]), dtypes],
  logicalNot: [(x: Tensor) => tf.logicalNot(x), ['bool']],
});

const binary: Record<string, readonly [Binary, readonly Numbers[]]> = {};
for (const name of 'add sub mul squaredDifference maximum minimum'.split(' '))
  binary[name] = [tf[name as 'add'], ['float32', 'int32']];
for (const name of 'equal notEqual less lessEqual greater greaterEqual'.split(' '))
  binary[name] = [tf[name as 'less'], dtypes];
for (const name of 'logicalAnd logicalOr logicalXor'.split(' ')) binary[name] = [tf[name as 'logicalAnd'], ['bool']];
Object.assign(binary, {
  maximum: [tf.maximum, dtypes],
  minimum: [tf.minimum, dtypes],
  div: [tf.div, ['float32', 'int32']],
  floorDiv: [tf.floorDiv, ['int32']],
  mod: [tf.mod, ['int32']],
  'mod by what is not zero': [(a: Tensor, b: Tensor) => tf.mod(a, tf.add(tf.abs(b), 0.5)), ['float32']],
  divNoNan: [tf.divNoNan, ['float32']],
  pow: [(a: Tensor, b: Tensor) => tf.pow(tf.abs(a), b), ['float32']],
  'pow of whole numbers': [(a: Tensor, b: Tensor) => tf.pow(a, tf.abs(b)), ['int32']],
  atan2: [tf.atan2, ['float32']],
  prelu: [tf.prelu, ['float32']],
  bitwiseAnd: [
    (a: Tensor, b: Tensor) => tf.bitwiseAnd(tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a))),
    ['int32'],
  ],
  where: [(a: Tensor, b: Tensor) => tf.where(tf.greater(a, b), a, b), dtypes],
});

const backend = 'tensorflow';

describe('elementwise on tensorflow', { skip: found.includes(backend) ? false : 'no library of TensorFlow' }, () => {
  for (const [name, [operation, takes]] of Object.entries(unary))
    for (const dtype of takes)
      it(`${name} of ${dtype} is tfjs’s, whatever the shape`, async () => {
        for (const shape of shapes) await agrees(backend, () => operation(make(dtype, shape)));
      });
  for (const [name, [operation, takes]] of Object.entries(binary))
    for (const dtype of takes)
      it(`${name} of ${dtype} is tfjs’s, broadcast or not`, async () => {
        for (const [a, b] of pairs) await agrees(backend, () => operation(make(dtype, a), make(dtype, b, 3)));
      });
});
