// Random numbers as TensorFlow draws them without a state: the same seed, the same numbers, now or in a recorded step.
import type { RandomAttrs } from '../../random/kernel.ts';
import type { Distribution } from '../../random/philox.ts';
import type { Kernel, Ops, Value } from '../ops.ts';

/** Kernels of our own, which tfjs-core doesn't name. */
export const ownKernels: Record<string, Kernel> = {
  StatelessRandom: (ops, _, { shape, distribution, seed }: RandomAttrs) =>
    statelessRandom(ops, shape, distribution, ops.constant(seed, 'int32')),
};

const opOf: Record<Distribution, string> = {
  uniform: 'StatelessRandomUniformV2',
  normal: 'StatelessRandomNormalV2',
  truncatedNormal: 'StatelessTruncatedNormalV2',
};

/** float32 numbers of a shape from a seed, int32 [2]. Philox on every device, so that all agree (random/philox.ts draws the same). */
export function statelessRandom(ops: Ops, shape: readonly number[], distribution: Distribution, seed: Value): Value {
  const [key, counter] = ops.run('StatelessRandomGetKeyCounter', [seed]);
  const philox = ops.constant(1, 'int32');
  return ops.one(opOf[distribution], [ops.constant(shape, 'int32'), key!, counter!, philox], { dtype: 'float32' });
}
