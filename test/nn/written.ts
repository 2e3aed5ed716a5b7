// Reads what fixtures/make.py has written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../tensor/backends.ts';

export interface Written {
  readonly shape: number[];
  readonly values: number[];
}

export function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../test/nn/fixtures/${name}.json`, import.meta.url), 'utf8'));
}

export const made = ({ values, shape }: Written): Tensor => tf.tensor(values, shape, 'float32');

/** Fails unless a tensor has the values that were written, to a part of the larger of 1 and the value. */
export function equals(got: Tensor, wanted: Written, what: string, tolerance = 1e-5): void {
  assert.deepEqual(got.shape, wanted.shape, `shape of ${what}`);
  close(got.dataSync(), wanted.values, what, tolerance);
}

export function close(got: ArrayLike<number>, wanted: readonly number[], what: string, tolerance = 1e-5): void {
  const wrong = wanted.findIndex(
    (value, i) => !(Math.abs(got[i]! - value) <= tolerance * Math.max(1, Math.abs(value))),
  );
  assert.ok(wrong < 0, `${what}: value ${wrong} must be ${wanted[wrong]}, got ${got[wrong]}`);
}
