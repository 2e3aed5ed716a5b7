// What has happened in one training so far, and what follows from it: how far, how fast, how long still. Draws nothing.
import { Curve } from './curve.ts';
import type { Logs, TrainingEnd, TrainingInfo } from './monitor.ts';

export class TrainingProgress {
  readonly info: TrainingInfo;
  /** The present epoch, from 0 within this run, and its steps done. */
  epoch = 0;
  step = 0;
  /** Values at the end of each epoch, by name; `undefined` where an epoch brought none. */
  readonly epochs: Logs[] = [];
  /** Values within epochs, by name, over epochs from 0. */
  readonly steps = new Map<string, Curve>();
  /** The newest values: means over the epoch so far, and those of the last epoch's end. */
  readonly latest: Record<string, number> = {};
  readonly #means = new Map<string, { sum: number; count: number }>();
  phase: string | undefined;
  ending: TrainingEnd | undefined;
  /** Where the loss was first not a number, such as `epoch 2, step 31`. */
  brokenAt: string | undefined;
  #stepsPerEpoch: number | undefined;
  readonly #begun: number;
  #now: number;
  /** Time of the first step: what came before (compiling) says nothing of the speed. */
  #firstStep: { time: number; steps: number; fraction: number } | undefined;

  /** Times are in ms, of any clock. */
  constructor(info: TrainingInfo, now: number) {
    this.info = info;
    this.#begun = this.#now = now;
    this.#stepsPerEpoch =
      info.stepsPerEpoch ?? (info.samples && info.batchSize ? Math.ceil(info.samples / info.batchSize) : undefined);
  }

  takeStep(step: number, logs: Logs, now: number): void {
    this.#now = now;
    this.phase = undefined;
    this.step = step;
    this.#firstStep ??= { time: now, steps: this.#stepsDone(), fraction: this.fraction };
    const perEpoch = this.#stepsPerEpoch;
    for (const name in logs) {
      const value = logs[name]!;
      const mean = this.#means.get(name) ?? { sum: 0, count: 0 };
      this.#means.set(name, mean);
      mean.sum += value;
      mean.count++;
      this.latest[name] = mean.sum / mean.count;
      if (perEpoch === undefined || !Number.isFinite(value)) continue;
      const curve = this.steps.get(name) ?? new Curve();
      this.steps.set(name, curve);
      curve.add(this.epoch + step / perEpoch, value);
    }
    this.#checkLoss(logs);
  }

  takeEpoch(epoch: number, logs: Logs, now: number): void {
    this.#now = now;
    this.phase = undefined;
    this.#stepsPerEpoch ??= this.step || undefined;
    Object.assign(this.latest, logs);
    this.#checkLoss(logs);
    this.#means.clear();
    this.epochs[epoch - (this.info.initialEpoch ?? 0)] = logs;
    this.epoch = this.epochs.length;
    this.step = 0;
  }

  finish(ending: TrainingEnd, now: number): void {
    this.#now = now;
    this.phase = undefined;
    this.ending = ending;
  }

  #checkLoss(logs: Logs): void {
    if (this.brokenAt === undefined && 'loss' in logs && !Number.isFinite(logs.loss))
      this.brokenAt = `epoch ${this.epochNumber}${this.step > 0 ? `, step ${this.step}` : ''}`;
  }

  /** Epochs asked for in this run. */
  get total(): number {
    return Math.max(1, this.info.epochs - (this.info.initialEpoch ?? 0));
  }

  /** The present epoch as a person counts, from 1, earlier runs included. */
  get epochNumber(): number {
    return Math.min(this.epoch + 1, this.total) + (this.info.initialEpoch ?? 0);
  }

  get stepsPerEpoch(): number | undefined {
    return this.#stepsPerEpoch;
  }

  /** Share of the run that is done, 0…1. */
  get fraction(): number {
    const within = this.#stepsPerEpoch ? Math.min(1, this.step / this.#stepsPerEpoch) : 0;
    return Math.min(1, (this.epoch + within) / this.total);
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (this.#now - this.#begun) / 1000;
  }

  /** Seconds still to go, or `undefined` while there is no telling. */
  get secondsLeft(): number | undefined {
    const first = this.#firstStep ?? { time: this.#begun, fraction: 0 };
    const done = this.fraction - first.fraction;
    const time = this.#now - first.time;
    return done > 0 && time >= 200 ? ((1 - this.fraction) / done) * (time / 1000) : undefined;
  }

  /** Training samples (or steps, where the size of a batch is not known) a second, validation included. */
  get speed(): { readonly value: number; readonly unit: string } | undefined {
    const first = this.#firstStep;
    if (!first || this.#now - first.time < 50) return undefined;
    const steps = ((this.#stepsDone() - first.steps) / (this.#now - first.time)) * 1000;
    if (steps <= 0) return undefined;
    const { batchSize } = this.info;
    return batchSize ? { value: steps * batchSize, unit: 'samples/s' } : { value: steps, unit: 'steps/s' };
  }

  #stepsDone(): number {
    return this.epoch * (this.#stepsPerEpoch ?? 0) + this.step;
  }

  /** Names of metrics without their `val_`, the loss first. */
  get metricNames(): string[] {
    const names = new Set<string>(['loss']);
    for (const logs of [
      ...(this.info.metrics ? [this.info.metrics] : []),
      ...this.epochs.map((epoch) => Object.keys(epoch ?? {})),
      [...this.steps.keys()],
    ])
      for (const name of logs) names.add(name.replace(/^val_/, ''));
    return [...names];
  }
}
