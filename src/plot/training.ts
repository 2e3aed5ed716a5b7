// A training as one live display, redrawn as time allows; it is kept as a run, shown or not.
import type { Display } from '../display/bundle.ts';
import type { LiveDisplay } from '../session/outputs.ts';
import type { MonitorFactory, TrainingMonitor } from './monitor.ts';
import type { Run } from './run.ts';
import { keepRun, named } from './runs.ts';
import { endDisplay, liveDisplay } from './training-display.ts';
import { TrainingProgress } from './training-progress.ts';

/** Shows a display and hands out what redraws it: `showLive` of the session's outputs. */
export type Show = (display: Display) => LiveDisplay;

/** Redraws at most this often (ms), and never for more than this share of the time. */
const interval = 150;
const share = 0.02;

/** Makes monitors that draw through `show`; `now` is a clock in ms. */
export function trainingMonitors(show: Show, now: () => number = () => performance.now()): MonitorFactory {
  return (shown = true) => new LiveTraining(show, shown, now);
}

/** A monitor that knows what it has heard. */
export class LiveTraining implements TrainingMonitor {
  readonly quiet: boolean;
  readonly #show: Show;
  readonly #now: () => number;
  #progress: TrainingProgress | undefined;
  #run: Run | undefined;
  readonly #places: LiveDisplay[] = [];
  #next = 0;

  constructor(show: Show, shown: boolean, now: () => number) {
    this.#show = show;
    this.#now = now;
    this.quiet = !shown;
  }

  /** There is one from the beginning on. */
  get run(): Run | undefined {
    return this.#run;
  }

  get progress(): TrainingProgress | undefined {
    return this.#progress;
  }

  begin(info: Parameters<TrainingMonitor['begin']>[0]): void {
    const progress = new TrainingProgress(named(info), this.#now());
    this.#progress = progress;
    const follow = () => {
      const place = this.#show(liveDisplay(progress));
      if (progress.ending) place.end(endDisplay(progress));
      this.#places.push(place);
    };
    this.#run = keepRun(progress, follow);
    if (!this.quiet) follow();
    this.#next = this.#now() + interval;
  }

  batch(step: number, logs: Parameters<TrainingMonitor['batch']>[1]): void {
    const now = this.#now();
    this.#progress?.takeStep(step, logs, now);
    if (now >= this.#next) this.#redraw();
  }

  epoch(epoch: number, logs: Parameters<TrainingMonitor['epoch']>[1]): void {
    const now = this.#now();
    this.#progress?.takeEpoch(epoch, logs, now);
    if (now >= this.#next) this.#redraw();
  }

  phase(name: string): void {
    if (this.#progress) this.#progress.phase = name;
    if (this.#now() >= this.#next) this.#redraw();
  }

  end(reason: Parameters<TrainingMonitor['end']>[0]): void {
    const progress = this.#progress;
    if (!progress || progress.ending) return;
    progress.finish(reason, this.#now());
    if (this.#places.length === 0) return;
    const display = endDisplay(progress);
    for (const place of this.#places) place.end(display);
  }

  /** It was taken for ended, and goes on. */
  goOn(): void {
    if (this.#progress) this.#progress.ending = undefined;
  }

  /** Draws, and makes the time until the next longer where drawing takes long. */
  #redraw(): void {
    const progress = this.#progress;
    if (!progress || progress.ending) return;
    const start = this.#now();
    if (this.#places.length > 0) {
      progress.look();
      const display = liveDisplay(progress);
      for (const place of this.#places) place.update(display);
    }
    const end = this.#now();
    this.#next = end + Math.max(interval, (end - start) / share);
  }
}
