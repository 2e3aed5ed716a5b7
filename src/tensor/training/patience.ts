// When to try again what can't be recorded yet: the first step of an optimizer makes its state, one that accumulates gradients makes it
// after several.

/** Tries at most, of which the last comes after some 500 steps. */
const mostTries = 10;

export class Patience {
  #tries = 0;
  #left = 0;

  /** Whether it is time for another try. To be asked at each step. */
  isDue(): boolean {
    return this.#left-- <= 0;
  }

  /** To be told of a try in vain: the next comes after 1 step, then after 2, 4, … Whether there will be one. */
  goesOn(): boolean {
    this.#left = 2 ** this.#tries++ - 1;
    return this.#tries < mostTries;
  }
}
