// Gradient accumulation around any optimizer: the step of a batch that is too large for the memory, in parts.
import type { Optimizer, serialization, Tensor, Variable } from '@tensorflow/tfjs-core';
import { assignsOnlyIf } from '../tensor/trace/assigns.ts';
import { NotRecordable, recording } from '../tensor/trace/current.ts';
import { override } from '../tensor/trace/override.ts';
import { positive } from './check.ts';
import { type Gradients, listOf, mapGradients, type Named } from './gradients.ts';
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
  /** The same on the device, float32 []. */
  readonly counter: Variable = tf.variable(tf.scalar(0), false);
  /** The sums of the gradients that wait, by the place of their variables, in the form of tfjs's optimizers. */
  readonly sums: { readonly originalName: string; readonly variable: Variable }[] = [];

  constructor(optimizer: Optimizer, steps: number) {
    super(optimizer);
    this.steps = positive('accumulate', 'steps', steps);
  }

  override iterationsAfter(steps: number): number {
    return super.iterationsAfter(Math.floor((this.pending + steps) / this.steps));
  }

  override applyGradients(gradients: Gradients): void {
    tf.tidy(() => (recording() ? this.#record(gradients) : this.#apply(gradients)));
  }

  #apply(gradients: Gradients): void {
    const isLast = this.pending + 1 === this.steps;
    const whole = this.#added(gradients, (sum) => (isLast ? tf.zerosLike(sum) : sum));
    if (isLast) this.inner.applyGradients(whole);
    this.pending = isLast ? 0 : this.pending + 1;
    this.counter.assign(tf.scalar(this.pending));
  }

  /** A recorded step is the same each time: it makes the inner optimizer's update, and takes it back unless it is the last. */
  #record(gradients: Gradients): void {
    const { steps, counter } = this;
    const isLast = tf.equal(counter, steps - 1);
    const whole = this.#added(gradients, (sum) => tf.where(isLast, tf.zerosLike(sum), sum));
    const undo = countUpdates(innermost(this), () => this.pending, steps);
    try {
      assignsOnlyIf(isLast, () => this.inner.applyGradients(whole));
    } finally {
      undo();
    }
    counter.assign(tf.where(isLast, 0, tf.add(counter, 1)));
    recording()!.effect((done) => {
      const next = (this.pending + done) % steps;
      return () => {
        this.pending = next;
      };
    });
  }

  /** The means of what has come in, and each sum put to what `rest` makes of it. */
  #added(gradients: Gradients, rest: (sum: Tensor) => Tensor): Named {
    const sums = listOf(gradients).map(({ name, tensor }, i) => {
      if (!tensor) return { name, tensor };
      if (!this.sums[i] && recording()) throw new NotRecordable('accumulate has not made its state yet', true);
      this.sums[i] ??= { originalName: `${name}/sum`, variable: tf.variable(tf.zerosLike(tensor), false) };
      const { variable } = this.sums[i];
      const sum = tf.add(variable, tensor);
      variable.assign(rest(sum));
      return { name, tensor: sum };
    });
    return mapGradients(sums, (sum) => tf.div(sum, this.steps));
  }

  override dispose(): void {
    super.dispose();
    for (const { variable } of this.sums.splice(0)) variable.dispose();
    this.counter.dispose();
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

/** The optimizer that keeps the count of updates. For tfjs every optimizer is an instance of every class of them. */
function innermost({ inner }: WrappedOptimizer): Counting {
  return 'inner' in inner ? innermost(inner as WrappedOptimizer) : (inner as unknown as Counting);
}

/** An optimizer's count, which tfjs types as private. */
interface Counting {
  iterations: number;
  iterations_: number;
  incrementIterations(): void;
}

/** Counts as many updates as the steps of a call come to. */
function countUpdates(optimizer: Counting, pending: () => number, steps: number): () => void {
  return override(optimizer, {
    incrementIterations(this: Counting) {
      recording()!.effect((done) => {
        const next = this.iterations + Math.floor((pending() + done) / steps);
        return () => {
          this.iterations_ = next;
        };
      });
    },
  });
}

tf.serialization.registerClass(
  AccumulatingOptimizer as unknown as serialization.SerializableConstructor<AccumulatingOptimizer>,
);
