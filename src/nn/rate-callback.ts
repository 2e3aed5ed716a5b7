// Callbacks of `fit` that set the learning rate: by a schedule, or when a value no longer improves.
import { rateOf, setRate } from '../tensor/rate.ts';
import { hearsCalls } from '../tensor/training/callbacks.ts';
import { Improvement, type MonitorOptions } from './improvement.ts';
import type { Schedule } from './rates.ts';
import { tf } from './tensorflow.ts';
import { iterationsAfter } from './wrapped.ts';

export interface RateOptions {
  /** Whether the schedule counts steps of the optimizer, over all calls of `fit`, or epochs. Default `'step'`. */
  readonly every?: 'step' | 'epoch';
}

/**
 * Makes `fit` follow a schedule.
 * @example await model.fit(x, y, { callbacks: learningRate(cosine({ rate: 1e-3, steps: 2000, warmUp: 100 })) })
 */
export function learningRate(schedule: Schedule, options: RateOptions = {}): RateCallback {
  return new RateCallback(schedule, options.every ?? 'step');
}

/** Sets the rate before each step or epoch, also of many steps that run at once. */
export class RateCallback extends tf.Callback {
  readonly schedule: Schedule;
  readonly every: 'step' | 'epoch';

  constructor(schedule: Schedule, every: 'step' | 'epoch') {
    super();
    if (typeof schedule !== 'function')
      throw new TypeError(`learningRate: a schedule must be a function of the step, got ${typeof schedule}`);
    this.schedule = schedule;
    this.every = every;
    if (every !== 'step') return;
    const setAfter = (steps: number) => this.#set(iterationsAfter(this.model.optimizer, steps));
    this.onBatchBegin = async () => setAfter(0);
    hearsCalls(this, { beforeStep: setAfter });
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.every === 'epoch') this.#set(epoch);
  }

  #set(step: number): void {
    setRate(this.model.optimizer, this.schedule(step));
  }
}

export interface PlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are borne. Default 10. */
  readonly patience?: number;
  /** Epochs after a change in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The lowest rate. Default 0. */
  readonly minimum?: number;
}

/** Lowers the learning rate when a value no longer improves, as Keras's ReduceLROnPlateau. */
export function reduceOnPlateau(options: PlateauOptions = {}): PlateauCallback {
  return new PlateauCallback(options);
}

export class PlateauCallback extends tf.Callback {
  readonly #options: Required<Pick<PlateauOptions, 'factor' | 'patience' | 'cooldown' | 'minimum'>>;
  readonly #improvement: Improvement;
  #wait = 0;
  #cooldown = 0;

  constructor(options: PlateauOptions) {
    super();
    const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0 } = options;
    if (!(factor < 1)) throw new RangeError(`reduceOnPlateau: factor must be below 1, got ${factor}`);
    this.#options = { factor, patience, cooldown, minimum };
    this.#improvement = new Improvement('reduceOnPlateau', { minDelta: 1e-4, ...options });
  }

  override async onTrainBegin(): Promise<void> {
    this.#improvement.reset();
    this.#wait = 0;
    this.#cooldown = 0;
  }

  override async onEpochEnd(_: number, logs: Parameters<Improvement['take']>[0] = {}): Promise<void> {
    const { factor, patience, cooldown, minimum } = this.#options;
    const improved = await this.#improvement.take(logs);
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.#wait = 0;
    }
    if (improved) {
      this.#wait = 0;
      return;
    }
    if (this.#cooldown > 0) return;
    this.#wait++;
    const { optimizer } = this.model;
    const rate = rateOf(optimizer);
    if (this.#wait < patience || rate <= minimum) return;
    setRate(optimizer, Math.max(minimum, rate * factor));
    this.#cooldown = cooldown;
    this.#wait = 0;
  }
}
