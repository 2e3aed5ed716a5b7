// The display of `fit` for a loop that a person writes: `training.track(…)`.
import { begun, type CellEnding, ended, type Open } from '../display/open.ts';
import { showLive } from '../session/outputs.ts';
import type { Logs, TrainingEnd, TrainingFacts } from './monitor.ts';
import type { Run } from './run.ts';
import { LiveTraining } from './training.ts';

export interface TrackOptions {
  /** What the run is called; default `run` and its number. */
  readonly name?: string;
  /** Epochs that are to come, where there are epochs. */
  readonly epochs?: number;
  /** Steps of an epoch, or of the whole loop where there are no epochs. */
  readonly steps?: number;
  /** Samples of a step: gives samples a second. */
  readonly batchSize?: number;
  /** Whose learning rate is shown. */
  readonly optimizer?: object;
  /** The learning rate, or what gives it, where there is no optimizer of tfjs's. */
  readonly learningRate?: number | (() => number);
  /** Whether it is shown; default true. `runs` keeps it in any case. */
  readonly show?: boolean;
}

/** A number, or a tensor of one value, which is read ten times a second at most; it may be disposed after the call. */
export type TrackedValue = number | { dataSync(): ArrayLike<number> };

/** Names as `fit` has them: `loss`, metrics, `val_…`. */
export type TrackedValues = Readonly<Record<string, TrackedValue>>;

/** ms between two readings of tensors: each waits for the device. */
const interval = 100;

/** Shows how a loop goes. `end` is called at the cell's end at the latest, with the error where one ended it. */
export class Tracker implements Open, Disposable {
  readonly #monitor: LiveTraining;
  readonly #options: TrackOptions;
  #epoch = 0;
  #step = 0;
  #next = 0;

  constructor(options: TrackOptions, memory: () => TrainingFacts) {
    this.#options = options;
    this.#monitor = new LiveTraining(showLive, options.show !== false, () => performance.now());
    const { name, epochs, steps, batchSize } = options;
    this.#monitor.begin({
      ...(name !== undefined && { name, title: name }),
      ...(epochs !== undefined && { epochs }),
      ...(steps !== undefined && { stepsPerEpoch: steps }),
      ...(batchSize !== undefined && { batchSize }),
      facts: factsOf(options, memory),
    });
    begun(this);
  }

  /** The run as `runs` keeps it. */
  get run(): Run {
    return this.#monitor.run!;
  }

  /** A step is done, with its values. @throws TypeError for what is neither a number nor a tensor. */
  step(values: TrackedValues = {}): void {
    this.#goOn();
    const due = performance.now() >= this.#next;
    const logs = this.#read(values, due);
    this.#monitor.batch(++this.#step, logs);
    if (due) this.#next = performance.now() + interval;
    const { epochs, steps } = this.#options;
    if (epochs === undefined && this.#epoch === 0 && this.#step === steps) this.end();
  }

  /** An epoch is done: the means of its steps, and what else there is to say of it, such as validation. */
  epoch(values: TrackedValues = {}): void {
    this.#goOn();
    const logs = { ...this.#monitor.progress!.means, ...this.#read(values, true) };
    this.#monitor.epoch(this.#epoch++, logs);
    this.#step = 0;
    if (this.#epoch === this.#options.epochs) this.end();
  }

  /** Names what is going on until the next step, such as `validating`. */
  phase(name: string): void {
    this.#monitor.phase(String(name));
  }

  /** The training is over: draws its chart. Nothing happens when it is called again. */
  end(ending: TrainingEnd = { status: 'done' }): void {
    ended(this);
    this.#monitor.end(ending);
  }

  cellEnds(ending: CellEnding): void {
    if (ending.status === 'ok') this.end();
    else this.end(ending);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  /** A loop in the background outlives the cell that began it. */
  #goOn(): void {
    if (!this.#monitor.progress!.ending) return;
    this.#monitor.goOn();
    begun(this);
  }

  #read(values: TrackedValues, tensors: boolean): Logs {
    const numbers: Record<string, number> = {};
    for (const name in values) {
      const value = values[name]!;
      if (typeof value === 'number') numbers[name] = value;
      else if (typeof (value as Partial<typeof value> | null)?.dataSync !== 'function')
        throw new TypeError(
          `training.track: ${name} must be a number or a tensor of one value, got ${value === null ? 'null' : typeof value}`,
        );
      else if (tensors) numbers[name] = value.dataSync()[0]!;
    }
    return numbers;
  }
}

function factsOf({ optimizer, learningRate }: TrackOptions, memory: () => TrainingFacts): () => TrainingFacts {
  // A run is kept for long, its optimizer is not.
  const ref = optimizer && new WeakRef(optimizer as { readonly learningRate?: unknown });
  let given = learningRate;
  const ask = (): unknown => {
    if (typeof given !== 'function') return given ?? ref?.deref()?.learningRate;
    try {
      return given();
    } catch (error) {
      given = undefined;
      console.warn(`training.track: learningRate threw and is not asked again: ${error}`);
      return undefined;
    }
  };
  return () => {
    const rate = ask();
    return { ...memory(), ...(typeof rate === 'number' && { learningRate: rate }) };
  };
}

/** Throws for options that can't be meant. */
export function checkTrackOptions(options: TrackOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`training.track: options must be an object, got ${options === null ? 'null' : typeof options}`);
  for (const name of ['epochs', 'steps', 'batchSize'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      throw new RangeError(`training.track: ${name} must be a whole number from 1 on, got ${String(value)}`);
  }
  const { name, optimizer } = options;
  if (name !== undefined && typeof name !== 'string')
    throw new TypeError(`training.track: name must be a string, got ${typeof name}`);
  if (optimizer !== undefined && (typeof optimizer !== 'object' || optimizer === null))
    throw new TypeError(
      `training.track: optimizer must be an optimizer, got ${optimizer === null ? 'null' : typeof optimizer}`,
    );
}
