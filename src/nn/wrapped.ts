// An optimizer around another: what changes gradients on their way to it. State, learning rate and count of steps are the inner one's.
import type { Optimizer, serialization } from '@tensorflow/tfjs-core';
import { rateOf, setRate } from '../tensor/rate.ts';
import type { Gradients, Named } from './gradients.ts';
import { tf } from './tensorflow.ts';

export abstract class WrappedOptimizer extends tf.Optimizer {
  readonly inner: Optimizer;

  constructor(inner: Optimizer) {
    super();
    this.inner = inner;
  }

  abstract override applyGradients(gradients: Gradients): void;

  get learningRate(): number {
    return rateOf(this.inner);
  }

  set learningRate(rate: number) {
    setRate(this.inner, rate);
  }

  override get iterations(): number {
    return this.inner.iterations;
  }

  /** What `iterations` will be after so many steps more. */
  iterationsAfter(steps: number): number {
    return iterationsAfter(this.inner, steps);
  }

  override dispose(): void {
    this.inner.dispose();
  }

  override getWeights(): Promise<Named> {
    return this.inner.getWeights();
  }

  override setWeights(weights: Named): Promise<void> {
    return this.inner.setWeights(weights);
  }

  override getConfig(): serialization.ConfigDict {
    return { optimizer: { className: this.inner.getClassName(), config: this.inner.getConfig() } };
  }
}

/** An optimizer's count after so many steps more. */
export function iterationsAfter(optimizer: Optimizer, steps: number): number {
  // For tfjs every optimizer is an instance of every class of them.
  return 'iterationsAfter' in optimizer
    ? (optimizer as WrappedOptimizer).iterationsAfter(steps)
    : optimizer.iterations + steps;
}

/** An optimizer of its saved configuration, `{ className, config }`. */
export function readOptimizer(saved: serialization.ConfigDictValue | undefined): Optimizer {
  const { className, config } = saved as { className: string; config: serialization.ConfigDict };
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (!known) throw new TypeError(`optimizer: the class ${className} must be registered with tf.serialization first`);
  const [make, fromConfig] = known;
  return fromConfig(make as serialization.SerializableConstructor<serialization.Serializable>, config) as Optimizer;
}
