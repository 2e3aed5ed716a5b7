// What training tells about itself while it runs. Types only: `fit` calls, training.ts draws.

/** Name → value, such as `loss`, `acc`, `val_loss`, `val_acc`. */
export type Logs = Readonly<Record<string, number>>;

/** What is known before the first step. */
export interface TrainingInfo {
  /** What is trained, such as a model's name. */
  readonly title?: string;
  /** Epochs of this run; the first is number `initialEpoch` (default 0) counted from 0. */
  readonly epochs: number;
  readonly initialEpoch?: number;
  /** Unknown for a data set whose size is not known before its first epoch. */
  readonly stepsPerEpoch?: number;
  readonly batchSize?: number;
  /** Training samples of an epoch. */
  readonly samples?: number;
  /** Names that `epoch` will bring, `loss` and `val_…` included, where known; others that come are drawn too. */
  readonly metrics?: readonly string[];
}

/** Why training ended. `stopped`: before its last epoch, by a callback (early stopping). */
export type TrainingEnd =
  | { readonly status: 'done' }
  | { readonly status: 'stopped' | 'interrupted' | 'error'; readonly message?: string };

/** Hears of one training. Each call is cheap (a few µs; drawing is limited by time) and none throws. */
export interface TrainingMonitor {
  begin(info: TrainingInfo): void;
  /** Steps done of the present epoch (from 1; may skip some), with that step's or the running values; `{}` if none were read. */
  batch(step: number, logs: Logs): void;
  /** An epoch's end, counted from 0, with its values. */
  epoch(epoch: number, logs: Logs): void;
  /** Validation or another phase without steps has begun, such as `validating`; until the next call. */
  phase?(name: string): void;
  end(reason: TrainingEnd): void;
}

/** Makes the monitor of one training. */
export type MonitorFactory = () => TrainingMonitor;
