// Gradient clipping around any optimizer, by Keras's formulas.
import type { Optimizer, serialization, Tensor } from '@tensorflow/tfjs-core';
import { recording } from '../tensor/trace/current.ts';
import { within } from './check.ts';
import { type Gradients, listOf, mapGradients } from './gradients.ts';
import { tf } from './tensorflow.ts';
import { readOptimizer, WrappedOptimizer } from './wrapped.ts';

/** One of the three. */
export interface ClipOptions {
  /** Bounds every value of a gradient to −clipValue … clipValue. */
  readonly clipValue?: number;
  /** Shortens each variable's gradient to this Euclidean norm. */
  readonly clipNorm?: number;
  /** Shortens all gradients by one factor, so that their norm together is at most this (Pascanu et al. 2013). */
  readonly globalClipNorm?: number;
}

const kinds = ['clipValue', 'clipNorm', 'globalClipNorm'] as const;

/**
 * An optimizer that clips gradients before `optimizer` applies them.
 * @throws TypeError unless exactly one option is given; RangeError unless it is above 0
 * @example model.compile({ optimizer: clip(tf.train.adam(1e-3), { globalClipNorm: 1 }), loss: 'meanSquaredError' })
 */
export function clip(optimizer: Optimizer, options: ClipOptions): ClippedOptimizer {
  return new ClippedOptimizer(optimizer, options);
}

export class ClippedOptimizer extends WrappedOptimizer {
  /** @nocollapse */
  static get className(): string {
    return 'ClippedOptimizer';
  }
  readonly kind: (typeof kinds)[number];
  /** Read at each step. */
  limit: number;

  constructor(optimizer: Optimizer, options: ClipOptions) {
    super(optimizer);
    const given = kinds.filter((kind) => options[kind] != null);
    if (given.length !== 1)
      throw new TypeError(`clip: takes one of ${kinds.join(', ')}, got ${given.join(' and ') || 'none'}`);
    this.kind = given[0]!;
    this.limit = within('clip', this.kind, options[this.kind]!, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  }

  override applyGradients(gradients: Gradients): void {
    tf.tidy(() => this.inner.applyGradients(this.#clipped(gradients)));
  }

  #clipped(gradients: Gradients): Gradients {
    const list = listOf(gradients);
    const { kind } = this;
    const limit = recording()?.number(() => this.limit) ?? this.limit;
    if (kind === 'clipValue') {
      const low = tf.neg(limit);
      return mapGradients(list, (gradient) => tf.minimum(tf.maximum(gradient, low), limit));
    }
    if (kind === 'clipNorm')
      return mapGradients(list, (gradient) => shortened(gradient, tf.sqrt(squares(gradient)), limit));
    const all = list.flatMap(({ tensor }) => (tensor ? [squares(tensor)] : []));
    if (all.length === 0) return mapGradients(list, (gradient) => gradient);
    const norm = tf.sqrt(all.length === 1 ? all[0]! : tf.addN(all));
    return mapGradients(list, (gradient) => shortened(gradient, norm, limit));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), [this.kind]: this.limit };
  }

  /** @nocollapse */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(readOptimizer(config.optimizer), config);
  }
}

const squares = (gradient: Tensor): Tensor => tf.sum(tf.square(gradient));

/** Not longer than `limit`, without reading the norm. */
const shortened = (gradient: Tensor, norm: Tensor, limit: number | Tensor): Tensor =>
  tf.mul(gradient, tf.div(limit, tf.maximum(norm, limit)));

tf.serialization.registerClass(ClippedOptimizer as unknown as serialization.SerializableConstructor<ClippedOptimizer>);
