// Gradient accumulation around any optimizer: the step of a batch that is too large for the memory, in parts.
import type { Optimizer, serialization, Tensor, Variable } from '@tensorflow/tfjs-core';
import { refuseRecording } from '../tensor/trace/current.ts';
import { positive } from './check.ts';
import { type Gradients, listOf, mapGradients } from './gradients.ts';
import { tf } from './tensorflow.ts';
import { readOptimizer, WrappedOptimizer } from './wrapped.ts';

/**
 * An optimizer that gives `optimizer` the mean of the gradients of every `steps` steps, as Keras's `gradient_accumulation_steps`. The
 * weights change at every `steps`-th step only.
 * @throws RangeError unless `steps` is a whole number above 0
 */
export function accumulate(optimizer: Optimizer, steps: number): AccumulatingOptimizer {
  return new AccumulatingOptimizer(optimizer, steps);
}

export class AccumulatingOptimizer extends WrappedOptimizer {
  /** @nocollapse */
  static get className(): string {
    return 'AccumulatingOptimizer';
  }
  readonly steps: number;
  /** Steps whose gradients wait for the others, 0 … `steps` − 1. */
  pending = 0;
  readonly #sums = new Map<string, Variable>();

  constructor(optimizer: Optimizer, steps: number) {
    super(optimizer);
    this.steps = positive('accumulate', 'steps', steps);
  }

  override applyGradients(gradients: Gradients): void {
    refuseRecording('accumulate does another thing at every step');
    tf.tidy(() => {
      const list = listOf(gradients);
      const isLast = this.pending + 1 === this.steps;
      const sums = mapGradients(list, (gradient, name) => this.#sum(gradient, name));
      if (isLast) {
        this.inner.applyGradients(mapGradients(sums, (sum) => tf.div(sum, this.steps)));
        for (const sum of this.#sums.values()) sum.assign(tf.zerosLike(sum));
      } else for (const { name, tensor } of sums) if (tensor) this.#sums.get(name)!.assign(tensor);
      this.pending = isLast ? 0 : this.pending + 1;
    });
  }

  #sum(gradient: Tensor, name: string): Tensor {
    const sum = this.#sums.get(name) ?? tf.variable(tf.zerosLike(gradient), false);
    this.#sums.set(name, sum);
    return tf.add(sum, gradient);
  }

  override dispose(): void {
    super.dispose();
    for (const sum of this.#sums.values()) sum.dispose();
    this.#sums.clear();
    this.pending = 0;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), steps: this.steps };
  }

  /** @nocollapse */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(readOptimizer(config.optimizer), config.steps);
  }
}

tf.serialization.registerClass(
  AccumulatingOptimizer as unknown as serialization.SerializableConstructor<AccumulatingOptimizer>,
);
