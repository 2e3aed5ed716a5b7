// Trainings under way, in the user's hand: paused, resumed, stopped, given another learning rate. `fit` asks `gate()` between steps; small,
// since every session imports it.
import type { Optimizer } from '@tensorflow/tfjs-core';
import { checkTrackOptions, Tracker, type TrackOptions } from '../plot/track.ts';
import { tensorMemory } from './ambient.ts';
import { rateOf, setRate } from './rate.ts';

/** The model of a training, with the members in use. */
export interface Trained {
  readonly name: string;
  readonly optimizer: Optimizer;
  stopTraining: boolean;
}

/** A training under way. */
export interface Running {
  readonly model: Trained;
  /** Called when it is told to wait. */
  onPause(): void;
}

const running = new Set<Running>();
let waiting: { promise: Promise<void>; end(): void } | undefined;

export function trainingBegins(run: Running): void {
  running.add(run);
}

/** The last one to end leaves no pause behind. */
export function trainingEnds(run: Running): void {
  running.delete(run);
  if (running.size === 0) endPause();
}

/** What a training waits for before its next step; undefined when it may go on. */
export const gate = (): Promise<void> | undefined => waiting?.promise;

function endPause(): void {
  const ended = waiting;
  waiting = undefined;
  ended?.end();
}

function some(what: string): Set<Running> {
  if (running.size > 0) return running;
  throw new Error(
    `${what}: no training is running (a cell that awaits \`fit\` keeps later cells waiting: leave out its await)`,
  );
}

/**
 * The trainings that run: those begun without `await`, or seen from a callback, a timer or a comm.
 * @example
 * const run = model.fit(x, y, { epochs: 100 }); // in one cell
 * training.pause();                             // in another
 */
export const training = {
  /**
   * Shows how a loop of one's own goes, as `fit` does, and keeps it in `runs`. Its chart is drawn at `end()`, after the last epoch or
   * step that was said, and at the cell's end at the latest.
   * @throws TypeError, RangeError for options that can't be meant.
   * @example
   * const run = training.track({ epochs: 5, steps: batches.length, optimizer });
   * for (let epoch = 0; epoch < 5; epoch++) {
   *   for (const batch of batches) run.step({ loss: step(batch) }); // a number or a scalar
   *   run.epoch({ val_loss: evaluate() });
   * }
   */
  track(options: TrackOptions = {}): Tracker {
    checkTrackOptions(options);
    return new Tracker(options, tensorMemory);
  },

  /** Lets each training wait after the step it is in. The model can be used meanwhile. @throws Error when none runs. */
  pause(): void {
    some('training.pause');
    if (waiting) return;
    let end = () => {};
    const promise = new Promise<void>((resolve) => {
      end = resolve;
    });
    waiting = { promise, end };
    for (const run of running) run.onPause();
  },

  /** Lets them go on. @throws Error when none is paused. */
  resume(): void {
    if (!waiting) throw new Error('training.resume: no training is paused');
    endPause();
  },

  /** Ends each after the step it is in; `fit` returns with the history so far. @throws Error when none runs. */
  stop(): void {
    for (const { model } of some('training.stop')) model.stopTraining = true;
    endPause();
  },

  get running(): number {
    return running.size;
  },

  get paused(): boolean {
    return waiting !== undefined;
  },

  /** The learning rate of the trainings' next step; of the first, when it is read. @throws Error when none runs. */
  get learningRate(): number {
    const [first] = some('training.learningRate');
    return rateOf(first!.model.optimizer);
  },

  set learningRate(rate: number) {
    for (const { model } of some('training.learningRate')) setRate(model.optimizer, rate);
  },
};
