// The kernel that draws random numbers, StatelessRandom: in JavaScript here, for backends without TensorFlow, whose table has its own
// (tensorflow/kernels/random.ts).
import type { KernelBackend, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { recording } from '../trace/current.ts';
import { type Distribution, draw, type Seed } from './philox.ts';

export interface RandomAttrs {
  readonly shape: readonly number[];
  readonly distribution: Distribution;
  readonly seed: Seed;
}

const kernelName = 'StatelessRandom';

/** Gives the kernel to the backends that compute without TensorFlow. */
export function registerRandom(): void {
  for (const backendName of ['cpu', 'wasm', 'webgpu']) {
    core.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ attrs, backend }) => {
        const { shape, distribution, seed } = attrs as unknown as RandomAttrs;
        const values = draw(distribution, seed, core.util.sizeFromShape([...shape]));
        const dataId = (backend as KernelBackend).write(values, [...shape], 'float32');
        return { dataId, shape: [...shape], dtype: 'float32' };
      },
    });
  }
}

/** float32 numbers of a shape: the same for the same seed, on every backend. A recorded function takes a new seed at each call. */
export function random(attrs: Omit<RandomAttrs, 'seed'>, nextSeed: () => Seed): Tensor {
  const given = recording()?.seed(nextSeed);
  const inputs: NamedTensorMap = given ? { seed: given } : {};
  const seed = given ? [0, 0] : nextSeed();
  return core.engine().runKernel(kernelName, inputs, { ...attrs, seed } as unknown as NamedAttrMap);
}
