// Normalisation layers that tfjs lacks, with Keras's arguments and weights: of groups of channels (Wu & He 2018) and by the root mean
// square (Zhang & Sennrich 2019). Both stand on what tfjs's LayerNormalization stands on in a session (tensor/standardize.ts).
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { alongAxes, standardize } from '../tensor/standardize.ts';
import { positive } from './check.ts';
import { firstShape, type LayerArgs, type Shape, tf, type Weight } from './tensorflow.ts';
import { type Initializer, readWeights, type WeightArgs } from './weights.ts';

export interface GroupNormalizationArgs extends LayerArgs {
  /** Groups of channels, which must divide their number; −1: each channel is its own (instance normalisation). Default 32. */
  groups?: number;
  /** The axis of the channels. Default −1. */
  axis?: number;
  /** Added to the variance. Default 1e-3. */
  epsilon?: number;
  /** Whether to add a weight `beta`. Default true. */
  center?: boolean;
  /** Whether to multiply by a weight `gamma`. Default true. */
  scale?: boolean;
  /** Default `zeros`. */
  betaInitializer?: WeightArgs['biasInitializer'];
  /** Default `ones`. */
  gammaInitializer?: WeightArgs['biasInitializer'];
}

/** Brings every group of channels of every sample to mean 0 and deviation 1. `[n, …]` to the same shape, float32. */
export class GroupNormalization extends tf.layers.Layer {
  /** @nocollapse */
  static readonly className = 'GroupNormalization';
  readonly groups: number;
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #beta: { initializer: Initializer; config: serialization.ConfigDictValue };
  readonly #gamma: { initializer: Initializer; config: serialization.ConfigDictValue };
  #weights: { gamma: Weight | undefined; beta: Weight | undefined } | undefined;

  constructor(args: GroupNormalizationArgs = {}) {
    super(args);
    this.groups = args.groups === -1 ? -1 : positive('GroupNormalization', 'groups', args.groups ?? 32);
    this.axis = args.axis ?? -1;
    this.epsilon = args.epsilon ?? 1e-3;
    this.center = args.center ?? true;
    this.scale = args.scale ?? true;
    this.#beta = initializer(args.betaInitializer ?? 'zeros');
    this.#gamma = initializer(args.gammaInitializer ?? 'ones');
    this.supportsMasking = true;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = firstShape(inputShape);
    const channels = shape.at(this.axis);
    if (!channels)
      throw new TypeError(`GroupNormalization: axis ${this.axis} must have a length, got shape [${shape}]`);
    const groups = this.groups === -1 ? channels : this.groups;
    if (channels % groups !== 0)
      throw new RangeError(`GroupNormalization: groups must divide the ${channels} channels, got ${groups}`);
    const add = (name: string, initial: Initializer) =>
      this.addWeight(name, [channels], 'float32', initial) as unknown as Weight;
    this.#weights = {
      gamma: this.scale ? add('gamma', this.#gamma.initializer) : undefined,
      beta: this.center ? add('beta', this.#beta.initializer) : undefined,
    };
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = [inputs].flat()[0]!;
    const axis = this.axis < 0 ? x.rank + this.axis : this.axis;
    const channels = x.shape[axis]!;
    const groups = this.groups === -1 ? channels : this.groups;
    return tf.tidy(() => {
      const split = tf.reshape(x, [...x.shape.slice(0, axis), groups, channels / groups, ...x.shape.slice(axis + 1)]);
      const axes = Array.from({ length: split.rank }, (_, i) => i).filter((i) => i !== 0 && i !== axis);
      let y = tf.reshape(standardize(split, axes, this.epsilon), x.shape);
      const { gamma, beta } = this.#weights!;
      if (gamma) y = tf.mul(y, alongAxes(gamma.read(), [axis], x.rank));
      return beta ? tf.add(y, alongAxes(beta.read(), [axis], x.rank)) : y;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    const { groups, axis, epsilon, center, scale } = this;
    const initializers = { betaInitializer: this.#beta.config, gammaInitializer: this.#gamma.config };
    return { ...super.getConfig(), groups, axis, epsilon, center, scale, ...initializers };
  }
}

function initializer(given: WeightArgs['biasInitializer']) {
  const { biasInitializer, config } = readWeights(given ? { biasInitializer: given } : {});
  return { initializer: biasInitializer, config: config.biasInitializer! };
}

export interface RMSNormalizationArgs extends LayerArgs {
  /** The axis, or the axes, that a mean is taken over. Default −1. */
  axis?: number | number[];
  /** Added to the mean of the squares. Default 1e-6. */
  epsilon?: number;
}

/** Divides by the root mean square over the last axis and multiplies by a weight `scale`. Any shape to the same, float32. */
export class RMSNormalization extends tf.layers.Layer {
  /** @nocollapse */
  static readonly className = 'RMSNormalization';
  readonly axis: number | number[];
  readonly epsilon: number;
  #scale: Weight | undefined;

  constructor(args: RMSNormalizationArgs = {}) {
    super(args);
    this.axis = args.axis ?? -1;
    this.epsilon = args.epsilon ?? 1e-6;
    this.supportsMasking = true;
  }

  #axes(rank: number): number[] {
    return [this.axis]
      .flat()
      .map((axis) => (axis < 0 ? rank + axis : axis))
      .sort((a, b) => a - b);
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = firstShape(inputShape);
    const lengths = this.#axes(shape.length).map((axis) => shape[axis]!);
    this.#scale = this.addWeight('scale', lengths, 'float32', tf.initializers.ones()) as unknown as Weight;
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = [inputs].flat()[0]!;
    const axes = this.#axes(x.rank);
    return tf.tidy(() =>
      tf.mul(standardize(x, axes, this.epsilon, false), alongAxes(this.#scale!.read(), axes, x.rank)),
    );
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}

tf.serialization.registerClass(GroupNormalization);
tf.serialization.registerClass(RMSNormalization);
