// One training as a person keeps it: its history as data, its chart, and more places on the page that follow it.
import { inspect } from 'node:util';
import type { Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import type { TrainingEnd } from './monitor.ts';
import type { Row } from './rows.ts';
import { endDisplay, liveDisplay } from './training-display.ts';
import type { TrainingProgress } from './training-progress.ts';
import { endingText, progressLine } from './training-text.ts';

/** What a run stands on, for what compares runs. */
export let progressOf: (run: Run) => TrainingProgress;

/** A training that has run or is running. Shown, it draws its chart as it stands. */
export class Run implements Drawable {
  /** What it is called in comparisons; may be set. */
  name: string;
  /** Place among the session's runs, from 1. */
  readonly number: number;
  readonly #progress: TrainingProgress;
  readonly #follow: () => void;

  static {
    progressOf = (run) => run.#progress;
  }

  /** `follow` shows the training in one more place, which is redrawn as long as it runs. */
  constructor(progress: TrainingProgress, number: number, follow: () => void) {
    this.#progress = progress;
    this.#follow = follow;
    this.number = number;
    this.name = progress.info.name ?? `${progress.info.title ?? 'run'} ${number}`;
  }

  get status(): 'running' | TrainingEnd['status'] {
    return this.#progress.ending?.status ?? 'running';
  }

  /** Seconds so far, or that it took. */
  get seconds(): number {
    return this.#progress.seconds;
  }

  /** Values at the end of each epoch, by name; NaN where an epoch brought none. */
  get history(): Record<string, number[]> {
    const names = this.#progress.metricNames.flatMap((name) => [name, `val_${name}`]);
    return Object.fromEntries(
      names.flatMap((name) => {
        const course = this.#progress.course(name);
        return course ? [[name, course]] : [];
      }),
    );
  }

  /**
   * Values within epochs, by name: at most 512 points each, neighbours averaged. `x` counts epochs from 0, or steps in a loop that knows
   * no epochs.
   */
  get steps(): Record<string, { readonly x: readonly number[]; readonly y: readonly number[] }> {
    return Object.fromEntries(Array.from(this.#progress.steps, ([name, { x, y }]) => [name, { x: [...x], y: [...y] }]));
  }

  /** A row for each epoch, as `plot` takes them: run, epoch (from 1), seconds, and the values. */
  rows(): Row[] {
    const { epochs, times, info } = this.#progress;
    const first = (info.initialEpoch ?? 0) + 1;
    return Array.from(epochs, (logs, i) => ({
      run: this.name,
      epoch: first + i,
      seconds: times[i] ?? null,
      ...logs,
    }));
  }

  /** Shows it here too, and redraws it as long as it runs: for a page that was closed meanwhile, or a later cell. */
  show(): void {
    this.#follow();
  }

  [drawSymbol](): Display {
    return this.#progress.ending ? endDisplay(this.#progress) : liveDisplay(this.#progress);
  }

  [inspect.custom](): string {
    return `Run ${this.toString()}`;
  }

  toString(): string {
    const text = this.#progress.ending ? endingText(this.#progress).join(' · ') : progressLine(this.#progress);
    return `"${this.name}": ${text}`;
  }
}
