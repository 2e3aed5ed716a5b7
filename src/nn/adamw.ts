// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
import type { serialization } from '@tensorflow/tfjs-core';
import { recording } from '../tensor/trace/current.ts';
import { within } from './check.ts';
import { type Gradients, listOf, type Named } from './gradients.ts';
import { tf } from './tensorflow.ts';

export interface AdamWOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** The part of a weight that a step at a learning rate of 1 would take away. Default 0.004, as in Keras. */
  readonly weightDecay?: number;
  /** Variables whose names contain one of these do not decay; `['bias', 'gamma', 'beta']` is common. Default: none. */
  readonly exclude?: readonly string[];
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * The optimizer: each step takes `learningRate · weightDecay` of the weights away, then is Adam's. Its numbers are PyTorch's.
 * @throws RangeError for options out of their range
 * @example model.compile({ optimizer: new AdamW({ learningRate: 3e-4, weightDecay: 0.01 }), loss: 'meanSquaredError' })
 */
export class AdamW extends tf.AdamOptimizer {
  /** @nocollapse */
  static override get className(): string {
    return 'AdamW';
  }
  /** Read at each step. */
  weightDecay: number;
  readonly exclude: readonly string[];

  constructor(options: AdamWOptions = {}) {
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    super(
      within('AdamW', 'learningRate', learningRate, 0, Number.POSITIVE_INFINITY),
      within('AdamW', 'beta1', beta1, 0, 1, 'excluded'),
      within('AdamW', 'beta2', beta2, 0, 1, 'excluded'),
      within('AdamW', 'epsilon', epsilon, 0, Number.POSITIVE_INFINITY),
    );
    this.weightDecay = within('AdamW', 'weightDecay', options.weightDecay ?? 0.004, 0, Number.POSITIVE_INFINITY);
    this.exclude = options.exclude ?? [];
  }

  /** Whether a variable of this name decays. */
  decays(name: string): boolean {
    return !this.exclude.some((part) => name.includes(part));
  }

  override applyGradients(gradients: Gradients): void {
    const { registeredVariables } = tf.engine();
    const left = () => 1 - this.learningRate * this.weightDecay;
    const factor = recording()?.number(left) ?? left();
    if (factor !== 1) {
      for (const { name, tensor } of listOf(gradients)) {
        const value = registeredVariables[name];
        if (tensor && value && this.decays(name)) tf.tidy(() => value.assign(tf.mul(value, factor)));
      }
    }
    // tfjs types the named form as a map of variables here, and reads a map of tensors.
    super.applyGradients(gradients as Named);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), weightDecay: this.weightDecay, exclude: [...this.exclude] };
  }

  /** @nocollapse */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}

tf.serialization.registerClass(AdamW as unknown as serialization.SerializableConstructor<AdamW>);
