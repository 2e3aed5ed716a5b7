// How many steps a call is given: as many as last about as long as a glance, so that prints, charts, interrupts and `stopTraining` get
// through, and the cost of a call is small beside its work.

/** ms that a call is meant to last. */
const aim = 30;

export class Pace {
  #msPerStep = Infinity;

  /** Steps of the next call; the first is a single one. */
  steps(most: number): number {
    return Math.max(1, Math.min(most, Math.round(aim / this.#msPerStep)));
  }

  /** Told how long a call has taken. */
  took(ms: number, steps: number): void {
    const now = ms / steps;
    // The first call makes ready, and later ones may be slow for reasons of the machine's: growth is slow, shrinking is not.
    this.#msPerStep = Number.isFinite(this.#msPerStep) ? Math.max(now, this.#msPerStep / 4) : now;
  }
}
