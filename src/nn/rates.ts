// Learning rates as functions of the step, counted from 0: numbers in, numbers out. `learningRate(schedule)` (rate-callback.ts) makes
// `fit` follow one; by hand, set `optimizer.learningRate`.
import { positive } from './check.ts';

/** The learning rate of a step, or of an epoch, counted from 0. */
export type Schedule = (step: number) => number;

interface WarmUp {
  /** Steps in which the rate rises in a line from `from` to `rate`, before all else. Default 0. */
  readonly warmUp?: number;
  /** Where it rises from. Default 0. */
  readonly from?: number;
}

export interface CosineOptions extends WarmUp {
  /** The highest rate. */
  readonly rate: number;
  /** Steps from the highest to the lowest, after the warm-up. */
  readonly steps: number;
  /** The rate at the end and after it. Default 0. */
  readonly end?: number;
}

/** Falls as half a cosine (Loshchilov & Hutter 2017), after a warm-up where one is asked for. */
export function cosine(options: CosineOptions): Schedule {
  const { rate, end = 0 } = options;
  const steps = positive('cosine', 'steps', options.steps);
  return afterWarmUp(options, (step) => between(end, rate, halfCosine(Math.min(step, steps) / steps)));
}

export interface RestartOptions extends CosineOptions {
  /** How much longer each fall is than the one before. Default 2. */
  readonly longer?: number;
  /** What the height of each is multiplied by. Default 1. */
  readonly lower?: number;
}

/** Falls as half a cosine and starts again, each time longer (SGDR, Loshchilov & Hutter 2017). `steps` is the first fall's. */
export function cosineRestarts(options: RestartOptions): Schedule {
  const { rate, end = 0, longer = 2, lower = 1 } = options;
  const first = positive('cosineRestarts', 'steps', options.steps);
  return afterWarmUp(options, (step) => {
    let [length, height, at] = [first, 1, step];
    for (; at >= length; height *= lower) {
      at -= length;
      length *= longer;
    }
    return between(end, rate, height * halfCosine(at / length));
  });
}

export interface StepOptions extends WarmUp {
  readonly rate: number;
  /** Steps between two changes. */
  readonly every: number;
  /** What each multiplies the rate by. Default 0.1. */
  readonly factor?: number;
}

/** Multiplies by a factor every so many steps. */
export function step(options: StepOptions): Schedule {
  const { rate, factor = 0.1 } = options;
  const every = positive('step', 'every', options.every);
  return afterWarmUp(options, (at) => rate * factor ** Math.floor(at / every));
}

export interface PiecewiseOptions {
  /** The last steps of all rates but the last, ascending. */
  readonly boundaries: readonly number[];
  readonly rates: readonly number[];
}

/** One rate up to each boundary, that step included. */
export function piecewise({ boundaries, rates }: PiecewiseOptions): Schedule {
  if (rates.length !== boundaries.length + 1)
    throw new RangeError(
      `piecewise: rates must be one more than boundaries, got ${rates.length} and ${boundaries.length}`,
    );
  return (at) => rates[boundaries.findIndex((boundary) => at <= boundary)] ?? rates.at(-1)!;
}

export interface ExponentialOptions extends WarmUp {
  readonly rate: number;
  /** Steps in which the rate is multiplied by `factor`, little by little. */
  readonly steps: number;
  readonly factor: number;
}

/** Falls by a factor in every so many steps, evenly. */
export function exponential(options: ExponentialOptions): Schedule {
  const { rate, factor } = options;
  const steps = positive('exponential', 'steps', options.steps);
  return afterWarmUp(options, (at) => rate * factor ** (at / steps));
}

export interface OneCycleOptions {
  /** The highest rate. */
  readonly peak: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** Part of the steps that the rise takes. Default 0.3. */
  readonly rise?: number;
  /** The first rate. Default `peak / 25`. */
  readonly from?: number;
  /** The last rate. Default `from / 10,000`. */
  readonly end?: number;
}

/** One rise and one longer fall, both half cosines (Smith & Topin 2018), as PyTorch's OneCycleLR. */
export function oneCycle({ peak, steps, rise = 0.3, from = peak / 25, end = from / 1e4 }: OneCycleOptions): Schedule {
  positive('oneCycle', 'steps', steps);
  const top = rise * steps - 1;
  const last = steps - 1;
  return (at) => {
    if (at <= top) return between(peak, from, halfCosine(at / top));
    return between(end, peak, halfCosine(Math.min(1, (at - top) / (last - top))));
  };
}

/** 1 at 0, 0 at 1. */
const halfCosine = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;

const between = (low: number, high: number, part: number): number => low + (high - low) * part;

function afterWarmUp({ rate, warmUp = 0, from = 0 }: WarmUp & { readonly rate: number }, schedule: Schedule): Schedule {
  return (at) => (at < warmUp ? between(from, rate, at / warmUp) : schedule(at - warmUp));
}
