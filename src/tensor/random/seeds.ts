// Where the session's randomness comes from: one seed, and a count of what was drawn since it was set. `tf.setSeed(n)` sets both.
import { randomInt } from 'node:crypto';
import { refuseRecording } from '../trace/current.ts';
import { type Seed, sequence } from './philox.ts';

let seed = randomInt(2 ** 31);
let drawn = 0;

/** Steps below it are the session's, from it on those of layers with a seed of their own. */
export const layerSteps = 2 ** 30;

/**
 * Makes all that is random from here on repeatable: random tensors, initial weights, dropout, shuffles. What is given a seed of its own
 * goes by that.
 * @throws TypeError for what is not a finite number.
 */
export function setSeed(n: number): void {
  if (typeof n !== 'number' || !Number.isFinite(n))
    throw new TypeError(`tf.setSeed: must be a finite number, got ${n}`);
  seed = foldSeed(n);
  drawn = 0;
}

/** Where the session's randomness is. */
export interface RandomState {
  readonly seed: number;
  readonly drawn: number;
}

export const randomState = (): RandomState => ({ seed, drawn });

/** Draws from here on what was drawn from `randomState()` on. */
export function setRandomState(state: RandomState): void {
  ({ seed, drawn } = state);
}

/** The seed of the next draw. */
export function nextSeed(): Seed {
  refuseRecording('it draws random numbers by tf.multinomial, tf.randomGamma or a shuffle');
  const step = drawn;
  drawn = (drawn + 1) % layerSteps;
  return [seed, step];
}

/** A number in (0, 1) for what takes a number as its seed and would take 0 for none. */
export const nextFraction = (): number => sequence(nextSeed())() || 2 ** -32;

/** A user's seed as 31 bits: itself where it is a whole number that fits, else a mixture of its bits. */
export function foldSeed(n: number): number {
  if (n === (n & 0x7fffffff)) return n;
  const [low, high] = new Int32Array(new Float64Array([n]).buffer);
  return (low! ^ Math.imul(high!, 0x9e3779b1)) & 0x7fffffff;
}
