// Gradient accumulation around any optimizer: the step of a batch that is too large for the memory, in parts.
import type { Optimizer, serialization, Variable } from '@tensorflow/tfjs-core';
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
  /** The sums of the gradients that wait, by the place of their variables, in the form of tfjs's optimizers. */
  readonly sums: { readonly originalName: string; readonly variable: Variable }[] = [];

  constructor(optimizer: Optimizer, steps: number) {
    super(optimizer);
    this.steps = positive('accumulate', 'steps', steps);
  }

  override applyGradients(gradients: Gradients): void {
    refuseRecording('accumulate does another thing at every step');
    tf.tidy(() => {
      const isLast = this.pending + 1 === this.steps;
      const whole = listOf(gradients).map(({ name, tensor }, i) => {
        if (!tensor) return { name, tensor };
        this.sums[i] ??= { originalName: `${name}/sum`, variable: tf.variable(tf.zerosLike(tensor), false) };
        const { variable } = this.sums[i];
        const sum = tf.add(variable, tensor);
        variable.assign(isLast ? tf.zerosLike(sum) : sum);
        return { name, tensor: sum };
      });
      if (isLast) this.inner.applyGradients(mapGradients(whole, (sum) => tf.div(sum, this.steps)));
      this.pending = isLast ? 0 : this.pending + 1;
    });
  }

  override dispose(): void {
    super.dispose();
    for (const { variable } of this.sums.splice(0)) variable.dispose();
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
