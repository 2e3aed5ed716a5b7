// Whole numbers where TensorFlow takes them and tfjs does not.
import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

/**
 * Makes `floor` take whole numbers, as they are. tfjs-layers floors the labels of `sparseCategoricalCrossentropy`, so without this
 * that loss refuses labels of the very dtype that labels have.
 */
export function floorIntegers(): void {
  const { floor } = core;
  const whole = (x: Tensor | TensorLike) => (x instanceof core.Tensor && x.dtype === 'int32' ? x.clone() : floor(x));
  Object.assign(core, { floor: whole });
}
