// The learning rate of any optimizer of tfjs, read and set while it trains.
import type { Optimizer } from '@tensorflow/tfjs-core';

/** SGD and Momentum keep a tensor of theirs, which only their method renews. */
interface Rated {
  learningRate?: unknown;
  setLearningRate?: (rate: number) => void;
}

/** The rate of the next step. @throws TypeError for an optimizer without one. */
export function rateOf(optimizer: Optimizer): number {
  const { learningRate } = optimizer as unknown as Rated;
  if (typeof learningRate === 'number') return learningRate;
  throw new TypeError(`learningRate: an optimizer must have a number of this name, got ${typeof learningRate}`);
}

/** Sets the rate from the next step on. @throws RangeError for what is not a number from 0 on. */
export function setRate(optimizer: Optimizer, rate: number): void {
  if (typeof rate !== 'number' || !(rate >= 0) || rate === Number.POSITIVE_INFINITY)
    throw new RangeError(`learningRate: must be a finite number from 0 on, got ${rate}`);
  const rated = optimizer as unknown as Rated;
  if (rated.setLearningRate) rated.setLearningRate(rate);
  else {
    rateOf(optimizer);
    rated.learningRate = rate;
  }
}
