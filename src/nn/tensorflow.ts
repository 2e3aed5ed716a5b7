// The session's TensorFlow.js, which what 'tensorcell/nn' exports extends: importing that loads it.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { load } from '../tensor/load.ts';

export const tf = load();

/** What every layer of tfjs takes: `name`, `inputShape`, `trainable`, … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** Lengths of axes; null where the batch decides. */
export type Shape = (number | null)[];

/** A weight of a layer. */
export interface Weight {
  read(): Tensor;
}

/** The one shape, or the first of several. */
export function firstShape(shape: Shape | Shape[]): Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
}
