// The same tensor tests for every backend that is found, and what they compare with: the plain JavaScript backend.
import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import { load } from '../../src/tensor/load.ts';
import { prepareWebgpu } from '../../src/tensor/webgpu/state.ts';
import { backendsHere } from './webgpu/vulkan.ts';

export const tf = load();

/** Backends to test: those that are here, apart from the one that the others are held against. */
export const found = backendsHere().filter((name) => name !== 'cpu');
if (found.includes('webgpu')) prepareWebgpu(true);

/** Relative to the larger of 1 and the value, by dtype. */
const tolerance: Record<string, number> = { float32: 3e-4, complex64: 3e-4, int32: 0, bool: 0, string: 0 };

/** What an operation gave: shape, dtype and values of every tensor. */
interface Outcome {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: ArrayLike<number | string>;
}

/** Computes on a backend; inputs are made there. */
async function compute(backend: string, operation: () => Tensor | Tensor[]): Promise<Outcome[]> {
  await tf.setBackend(backend);
  return tf.tidy(() =>
    [operation()].flat().map((tensor) => ({ shape: tensor.shape, dtype: tensor.dtype, values: tensor.dataSync() })),
  );
}

/** Fails unless an operation gives the same on a backend as on `cpu`, in shapes, dtypes and values. */
export async function agrees(backend: string, operation: () => Tensor | Tensor[]): Promise<void> {
  const wanted = await compute('cpu', operation);
  const got = await compute(backend, operation);
  assert.equal(got.length, wanted.length, 'number of outputs');
  wanted.forEach((output, i) => {
    assert.deepEqual(got[i]!.shape, output.shape, `shape of output ${i}`);
    assert.equal(got[i]!.dtype, output.dtype, `dtype of output ${i}`);
    const wrong = Array.from(output.values).findIndex((value, at) => !near(got[i]!.values[at]!, value, output.dtype));
    assert.ok(
      wrong < 0,
      `value ${wrong} of output ${i}: ${output.values[wrong]} expected, got ${got[i]!.values[wrong]}`,
    );
  });
}

function near(got: number | string, wanted: number | string, dtype: string): boolean {
  if (Object.is(got, wanted) || typeof got === 'string' || typeof wanted === 'string') return Object.is(got, wanted);
  return Math.abs(got - wanted) <= tolerance[dtype]! * Math.max(1, Math.abs(wanted));
}

/** An operation's value and its gradients by all its inputs, for an uneven gradient of the output. */
export function withGradients(operation: (...inputs: Tensor[]) => Tensor, ...inputs: (() => Tensor)[]): () => Tensor[] {
  return () => {
    const made = inputs.map((make) => make());
    const value = operation(...made);
    // Not a backend's sine: drivers of WebGPU have few digits of it.
    const dy = tf.tensor(
      Float32Array.from({ length: value.size }, (_, i) => Math.sin(i + 1)),
      value.shape,
    );
    return [value, ...tf.grads(operation)(made, dy)];
  };
}

/** Values that look random, the same on every backend: `of(shape)` is a float32 tensor in −1…1. */
export function values(shape: number[], seed = 1): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const made = Float32Array.from(
    { length: size },
    (_, i) => ((Math.sin((i + 1) * 12.9898 * seed) * 43758.5453) % 1) * 0.99,
  );
  return tf.tensor(made, shape);
}
