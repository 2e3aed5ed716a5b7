// Random numbers as TensorFlow draws them without a state: the same seed, the same numbers, now or in a recorded step.
import type { RandomAttrs } from '../../random/kernel.ts';
import type { Distribution } from '../../random/philox.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, reshaped, sliced } from './arrange.ts';

/** Kernels of our own, which tfjs-core doesn't name. */
export const ownKernels: Record<string, Kernel> = {
  StatelessRandom: (ops, { seed: given }, { shape, distribution, seed }: RandomAttrs) =>
    statelessRandom(ops, shape, distribution, given ?? ops.constant(seed, 'int32')),
};

const opOf: Record<Distribution, string> = {
  uniform: 'StatelessRandomUniformV2',
  normal: 'StatelessRandomNormalV2',
  truncatedNormal: 'StatelessTruncatedNormalV2',
};

/**
 * float32 numbers of a shape from a seed, int32 [2]: those of random/philox.ts. XLA makes other numbers of the same bits than TensorFlow
 * does, so what is recorded makes them itself; only truncated ones, which no step of a training draws, differ there.
 */
export function statelessRandom(ops: Ops, shape: readonly number[], distribution: Distribution, seed: Value): Value {
  const [key, counter] = ops.run('StatelessRandomGetKeyCounter', [seed]);
  const draw = (op: string, shape: readonly number[], dtype: 'float32' | 'int32') =>
    ops.one(op, [ops.constant(shape, 'int32'), key!, counter!, ops.constant(philox, 'int32')], { dtype });
  if (!ops.recording || distribution === 'truncatedNormal') return draw(opOf[distribution], shape, 'float32');
  const words = (shape: readonly number[]) => fractions(ops, draw('StatelessRandomUniformFullIntV2', shape, 'int32'));
  if (distribution === 'uniform') return words(shape);
  const size = shape.reduce((product, length) => product * length, 1);
  const pairs = normals(ops, words([Math.ceil(size / 2), 2]));
  return reshaped(ops, sliced(ops, reshaped(ops, pairs, [-1]), [0], [size]), shape);
}

/** The algorithm's number: the same on every device. */
const philox = 1;

/** The lower 23 bits of each word as a number in [0, 1). */
function fractions(ops: Ops, words: Value): Value {
  const bits = ops.one('BitwiseAnd', [words, ops.constant(0x7fffff, 'int32')]);
  return ops.one('Mul', [cast(ops, bits, 'float32'), ops.constant(2 ** -23, 'float32')]);
}

/** Box and Muller's pairs of normal numbers from pairs of uniform ones, [n, 2]. */
function normals(ops: Ops, uniforms: Value): Value {
  const number = (value: number) => ops.constant(value, 'float32');
  const [x, y] = ops.run('Unpack', [uniforms], { num: 2, axis: 1 });
  const log = ops.one('Log', [ops.one('Maximum', [x!, number(1e-7)])]);
  const length = ops.one('Sqrt', [ops.one('Mul', [log, number(-2)])]);
  const angle = ops.one('Mul', [y!, number(2 * Math.PI)]);
  const parts = ['Sin', 'Cos'].map((op) => ops.one('Mul', [ops.one(op, [angle]), length]));
  return ops.one('Pack', [parts], { axis: 1 });
}
