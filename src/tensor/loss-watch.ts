// Finds the step at which a loss became NaN, without reading every one: NaN stays, so the last loss tells of all before it.
import type { Scalar } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

/** All counted from 1; `step` over all epochs of the call. */
export interface StepPlace {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
}

interface Seen extends StepPlace {
  readonly loss: Scalar | number;
}

/** A training whose loss is NaN has nothing more to learn. */
export class NaNLossError extends Error {
  override name = 'NaNLossError';
  readonly at: StepPlace;
  /** The layer in which NaN appeared first, where `findNaN()` looked for it. */
  readonly layer: string | undefined;

  constructor(message: string, at: StepPlace, layer?: string) {
    super(message);
    this.at = at;
    this.layer = layer;
  }
}

/** `step 12 (epoch 1, batch 12 of 375)` */
export function placeText({ epoch, batch, step }: StepPlace, batches: number | undefined): string {
  return `step ${step} (epoch ${epoch}, batch ${batch}${batches ? ` of ${batches}` : ''})`;
}

/** The losses of steps that nobody has looked at yet. */
export class LossWatch {
  #seen: Seen[] = [];
  #step = 0;

  /** Takes the loss of the last of so many steps; epoch and batch from 0. */
  add(epoch: number, batch: number, loss: Scalar | number | undefined, steps = 1): void {
    this.#step += steps;
    if (loss === undefined) return;
    const kept = typeof loss === 'number' ? loss : core.keep(loss.clone());
    this.#seen.push({ epoch: epoch + 1, batch: batch + 1, step: this.#step, loss: kept });
  }

  /** The first step with a loss of NaN since the last look; reads one value when there is none. */
  async look(): Promise<StepPlace | undefined> {
    const seen = this.#seen;
    this.#seen = [];
    try {
      const last = seen.at(-1);
      if (!last || !Number.isNaN(await numberIn(last.loss))) return undefined;
      for (const one of seen) {
        const { epoch, batch, step, loss } = one;
        if (Number.isNaN(await numberIn(loss))) return { epoch, batch, step };
      }
      return undefined;
    } finally {
      for (const { loss } of seen) if (typeof loss !== 'number') loss.dispose();
    }
  }
}

async function numberIn(loss: Scalar | number): Promise<number> {
  return typeof loss === 'number' ? loss : (await loss.data())[0]!;
}
