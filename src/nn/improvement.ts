// Whether a value of an epoch is the best so far: what several callbacks of `fit` ask.
import type { Scalar } from '@tensorflow/tfjs-core';

export interface MonitorOptions {
  /** The value of the epoch that counts. Default `'val_loss'`, or `'loss'` where nothing is validated. */
  readonly monitor?: string;
  /** Whether low or high is good. Default: high for accuracies (a name that contains `acc`), else low. */
  readonly mode?: 'min' | 'max';
  /** What counts as better. Default 0. */
  readonly minDelta?: number;
}

type Logs = Readonly<Record<string, number | Scalar | undefined>>;

export class Improvement {
  readonly #who: string;
  readonly #options: MonitorOptions;
  /** The best value; undefined before the first. */
  best: number | undefined;

  constructor(who: string, options: MonitorOptions) {
    this.#who = who;
    this.#options = options;
  }

  reset(): void {
    this.best = undefined;
  }

  /** Whether an epoch's values beat the best. @throws ReferenceError when the value that counts is not among them. */
  async take(logs: Logs): Promise<boolean> {
    const name = this.#options.monitor ?? ('val_loss' in logs ? 'val_loss' : 'loss');
    const given = logs[name];
    if (given === undefined)
      throw new ReferenceError(
        `${this.#who}: monitor must be one of ${Object.keys(logs).join(', ') || 'the values of an epoch, of which there are none'}; got ${name}`,
      );
    const value = typeof given === 'number' ? given : (await given.data())[0]!;
    const sign = (this.#options.mode ?? (name.includes('acc') ? 'max' : 'min')) === 'max' ? -1 : 1;
    const isBetter =
      !Number.isNaN(value) &&
      (this.best === undefined || sign * value < sign * this.best - (this.#options.minDelta ?? 0));
    if (isBetter) this.best = value;
    return isBetter;
  }
}
