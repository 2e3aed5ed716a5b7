// Keeps the weights of the best epoch and brings them back at the end.
import type { Tensor } from '@tensorflow/tfjs-core';
import { Improvement, type MonitorOptions } from './improvement.ts';
import { tf } from './tensorflow.ts';

export interface BestWeightsOptions extends MonitorOptions {
  /** Epochs without improvement after which training stops. Default: it does not. */
  readonly patience?: number;
  /** Whether the model has the best weights when training ends. Default true; else `restore()` brings them. */
  readonly restore?: boolean;
}

/**
 * Keeps the weights of the best epoch; the model has them when `fit` returns. After an interrupt, `restore()` brings them.
 * @example
 * const best = bestWeights({ monitor: 'val_loss', patience: 3 });
 * await model.fit(x, y, { epochs: 50, validationSplit: 0.1, callbacks: best });
 * best.epoch
 */
export function bestWeights(options: BestWeightsOptions = {}): BestWeights {
  return new BestWeights(options);
}

export class BestWeights extends tf.Callback {
  /** The best epoch, from 0; undefined before the first has ended. */
  epoch: number | undefined;
  readonly #options: BestWeightsOptions;
  readonly #improvement: Improvement;
  #weights: Tensor[] = [];
  #wait = 0;

  constructor(options: BestWeightsOptions) {
    super();
    this.#options = options;
    this.#improvement = new Improvement('bestWeights', options);
  }

  /** The value of the best epoch. */
  get value(): number | undefined {
    return this.#improvement.best;
  }

  override async onTrainBegin(): Promise<void> {
    this.dispose();
    this.#improvement.reset();
    this.epoch = undefined;
    this.#wait = 0;
  }

  override async onEpochEnd(epoch: number, logs: Parameters<Improvement['take']>[0] = {}): Promise<void> {
    const model = this.model;
    if (await this.#improvement.take(logs)) {
      const kept = model.getWeights().map((weight) => tf.keep(weight.clone()));
      tf.dispose(this.#weights);
      this.#weights = kept;
      this.epoch = epoch;
      this.#wait = 0;
    } else if (++this.#wait >= (this.#options.patience ?? Number.POSITIVE_INFINITY)) model.stopTraining = true;
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#options.restore ?? true) this.restore();
  }

  /** Gives the model the best weights; does nothing before there are any. */
  restore(): void {
    if (this.#weights.length > 0) this.model.setWeights(this.#weights);
  }

  /** Lets go of the weights. */
  dispose(): void {
    tf.dispose(this.#weights);
    this.#weights = [];
  }
}
