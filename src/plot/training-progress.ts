// What has happened in one training so far, and what follows from it: how far, how fast, how long still. Draws nothing.
import { Curve } from './curve.ts';
import type { Logs, TrainingEnd, TrainingFacts, TrainingInfo } from './monitor.ts';

export class TrainingProgress {
  readonly info: TrainingInfo;
  /** The present epoch, from 0 within this run, and its steps done. */
  epoch = 0;
  step = 0;
  /** Values at the end of each epoch, by name; `undefined` where an epoch brought none. */
  readonly epochs: Logs[] = [];
  /** Seconds since the beginning at the end of each epoch. */
  readonly times: number[] = [];
  /** Values within epochs, by name: over epochs from 0, or over steps while nobody knows how many make an epoch. */
  readonly steps = new Map<string, Curve>();
  /** The learning rate over the same. */
  readonly rates = new Curve();
  /** The newest values: means over the epoch so far, and those of the last epoch's end. */
  readonly latest: Record<string, number> = {};
  readonly #means = new Map<string, { sum: number; count: number }>();
  phase: string | undefined;
  ending: TrainingEnd | undefined;
  facts: TrainingFacts = {};
  /** The most bytes that tensors were seen to take. */
  peakBytes = 0;
  /** Where the loss was first not a number: in words, such as `epoch 2, step 31`, and as a place on the x axis. */
  broken: { readonly at: string; readonly x: number } | undefined;
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
    // Not `look`: a schedule sets the rate with the first step.
    this.facts = info.facts?.() ?? {};
  }

  takeStep(step: number, logs: Logs, now: number): void {
    this.#now = now;
    this.phase = undefined;
    this.step = step;
    this.#firstStep ??= { time: now, steps: this.#stepsDone(), fraction: this.fraction ?? 0 };
    for (const name in logs) {
      const value = logs[name]!;
      const mean = this.#means.get(name) ?? { sum: 0, count: 0 };
      this.#means.set(name, mean);
      mean.sum += value;
      mean.count++;
      this.latest[name] = mean.sum / mean.count;
      if (!Number.isFinite(value)) continue;
      const curve = this.steps.get(name) ?? new Curve();
      this.steps.set(name, curve);
      curve.add(this.x, value);
    }
    this.#checkLoss(logs);
  }

  takeEpoch(epoch: number, logs: Logs, now: number): void {
    this.#now = now;
    this.phase = undefined;
    if (this.#stepsPerEpoch === undefined && this.step > 0) this.#countByEpochs(this.step);
    Object.assign(this.latest, logs);
    this.#checkLoss(logs);
    this.#means.clear();
    const index = epoch - (this.info.initialEpoch ?? 0);
    this.epochs[index] = logs;
    this.times[index] = this.seconds;
    this.epoch = this.epochs.length;
    this.step = 0;
    this.look();
  }

  finish(ending: TrainingEnd, now: number): void {
    this.#now = now;
    this.phase = undefined;
    this.ending = ending;
    this.look();
  }

  /** Means over the steps of the present epoch so far. */
  get means(): Logs {
    return Object.fromEntries(Array.from(this.#means, ([name, { sum, count }]) => [name, sum / count]));
  }

  /** Asks for learning rate and memory. */
  look(): void {
    this.facts = this.info.facts?.() ?? {};
    const { learningRate, bytes } = this.facts;
    if (learningRate !== undefined) this.rates.add(this.x, learningRate);
    if (bytes !== undefined) this.peakBytes = Math.max(this.peakBytes, bytes);
  }

  #checkLoss(logs: Logs): void {
    if (this.broken || !('loss' in logs) || Number.isFinite(logs.loss)) return;
    const at = this.countsEpochs
      ? `epoch ${this.epochNumber}${this.step > 0 ? `, step ${this.step}` : ''}`
      : `step ${this.step}`;
    this.broken = { at, x: this.x };
  }

  /** So many steps make an epoch, as the first one's end has shown: what was counted by steps is counted by epochs. */
  #countByEpochs(steps: number): void {
    this.#stepsPerEpoch = steps;
    for (const curve of [...this.steps.values(), this.rates]) curve.scaleX(1 / steps);
    if (this.broken) this.broken = { ...this.broken, x: this.broken.x / steps };
  }

  /** Whether there are epochs: said beforehand, or seen. */
  get countsEpochs(): boolean {
    return this.info.epochs !== undefined || this.epochs.length > 0;
  }

  /** The unit of the x axis. */
  get unit(): 'epoch' | 'step' {
    const known = this.#stepsPerEpoch !== undefined || this.epochs.length > 0;
    return known && this.countsEpochs ? 'epoch' : 'step';
  }

  /** Where the training is on the x axis. */
  get x(): number {
    if (this.unit === 'step') return this.#stepsDone();
    return this.epoch + (this.#stepsPerEpoch ? Math.min(1, this.step / this.#stepsPerEpoch) : 0);
  }

  /** Where the x axis ends: of a run that is over, as far as it came. */
  get xMax(): number {
    const { total } = this;
    if (!this.ending && total !== undefined && this.unit === 'epoch') return Math.max(total, this.x);
    if (!this.ending && this.unit === 'step' && this.#stepsPerEpoch) return Math.max(this.#stepsPerEpoch, this.x);
    return this.x || 1;
  }

  /** Epochs asked for in this run, where that was said. */
  get total(): number | undefined {
    const { epochs, initialEpoch = 0 } = this.info;
    return epochs === undefined ? undefined : Math.max(1, epochs - initialEpoch);
  }

  /** The present epoch as a person counts, from 1, earlier runs included. */
  get epochNumber(): number {
    return Math.min(this.epoch + 1, this.total ?? Infinity) + (this.info.initialEpoch ?? 0);
  }

  get stepsPerEpoch(): number | undefined {
    return this.#stepsPerEpoch;
  }

  /** Share of the run that is done, 0…1; `undefined` where nobody knows its length. */
  get fraction(): number | undefined {
    const within = this.#stepsPerEpoch ? Math.min(1, this.step / this.#stepsPerEpoch) : 0;
    if (this.total !== undefined) return Math.min(1, (this.epoch + within) / this.total);
    return this.#stepsPerEpoch && this.epochs.length === 0 ? within : undefined;
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (this.#now - this.#begun) / 1000;
  }

  /** Seconds still to go, or `undefined` while there is no telling. */
  get secondsLeft(): number | undefined {
    const { fraction } = this;
    if (fraction === undefined) return undefined;
    const first = this.#firstStep ?? { time: this.#begun, fraction: 0 };
    const done = fraction - first.fraction;
    const time = this.#now - first.time;
    return done > 0 && time >= 200 ? ((1 - fraction) / done) * (time / 1000) : undefined;
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

  /** The values of each epoch's end under a name; NaN where one brought none. `undefined` when none did. */
  course(name: string): number[] | undefined {
    const values = Array.from(this.epochs, (logs) => logs?.[name] ?? Number.NaN);
    return values.some(Number.isFinite) ? values : undefined;
  }

  /** The best epoch by a name (from 1 within the run) and its value: the least, or the greatest of accuracies and their like. */
  best(name: string): { readonly epoch: number; readonly value: number } | undefined {
    const values = this.course(name);
    if (!values) return undefined;
    const sign = isGain(name) ? -1 : 1;
    let best = -1;
    values.forEach((value, i) => {
      if (Number.isFinite(value) && (best < 0 || sign * value < sign * values[best]!)) best = i;
    });
    return { epoch: best + 1, value: values[best]! };
  }
}

/** Whether more is better, as far as a name tells. */
export function isGain(name: string): boolean {
  return /acc|auc|precision|recall|f1|r2|iou|score|reward|similarity|bleu|psnr/i.test(name);
}
