// What a layer takes for its weights (initializers, regularizers, constraints), read by tfjs: it keeps its readers of names and
// configurations to itself, so a dense layer that is never built reads them.
import type { serialization } from '@tensorflow/tfjs-core';
import type { constraints, initializers, regularizers } from '@tensorflow/tfjs-layers';
import { tf } from './tensorflow.ts';

const names = [
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
] as const;

/** As of `tf.layers.dense`. */
export type WeightArgs = Pick<Parameters<typeof tf.layers.dense>[0], (typeof names)[number]>;

export type Initializer = ReturnType<typeof initializers.zeros>;
export type Regularizer = ReturnType<typeof regularizers.l1>;
export type Constraint = ReturnType<typeof constraints.nonNeg>;

/** What `addWeight` takes for kernels and for biases; regularizers and constraints may be null. */
export interface WeightParts {
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: Regularizer;
  readonly biasRegularizer: Regularizer;
  readonly kernelConstraint: Constraint;
  readonly biasConstraint: Constraint;
  /** The arguments as a configuration that can be saved. */
  readonly config: serialization.ConfigDict;
}

/** Reads the arguments; kernels default to `glorotUniform`, biases to zeros. @throws for a name that tfjs does not know. */
export function readWeights(args: WeightArgs): WeightParts {
  const given = names.flatMap((name) => (args[name] == null ? [] : [[name, args[name]]]));
  // A name of its own leaves the count by which tfjs names layers alone.
  const dense = tf.layers.dense({
    name: 'weights',
    units: 1,
    kernelInitializer: 'glorotUniform',
    ...Object.fromEntries(given),
  });
  const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, kernelConstraint, biasConstraint } =
    dense as unknown as WeightParts;
  const whole = dense.getConfig();
  return {
    kernelInitializer,
    biasInitializer,
    kernelRegularizer,
    biasRegularizer,
    kernelConstraint,
    biasConstraint,
    config: Object.fromEntries(names.map((name) => [name, whole[name] ?? null])),
  };
}
