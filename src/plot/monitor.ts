// What training tells about itself while it runs. Types only: `fit` and `training.track` call, training.ts draws.

/** Name → value, such as `loss`, `acc`, `val_loss`, `val_acc`. */
export type Logs = Readonly<Record<string, number>>;

/** What is known before the first step. */
export interface TrainingInfo {
  /** What is trained, such as a model's name. */
  readonly title?: string;
  /** What the run is called among others; default the title and a number. */
  readonly name?: string;
  /** Epochs of this run; the first is number `initialEpoch` (default 0) counted from 0. Unknown for a loop that never said. */
  readonly epochs?: number;
  readonly initialEpoch?: number;
  /** Unknown for a data set whose size is not known before its first epoch. */
  readonly stepsPerEpoch?: number;
  readonly batchSize?: number;
  /** Training samples of an epoch. */
  readonly samples?: number;
  /** Names that `epoch` will bring, `loss` and `val_…` included, where known; others that come are drawn too. */
  readonly metrics?: readonly string[];
  /** Asked a few times a second and at each epoch's end; must not throw. */
  readonly facts?: () => TrainingFacts;
}

/** How things stand at a moment. */
export interface TrainingFacts {
  /** Of the next step. */
  readonly learningRate?: number;
  /** Tensors alive and their bytes. */
  readonly tensors?: number;
  readonly bytes?: number;
}

/** Why training ended. `stopped`: before its last epoch, by a callback (early stopping). */
export type TrainingEnd =
  | { readonly status: 'done' }
  | { readonly status: 'stopped' | 'interrupted' | 'error'; readonly message?: string };

/** Hears of one training. Each call is cheap (a few µs; drawing is limited by time) and none throws. */
export interface TrainingMonitor {
  /** Nobody looks: values within an epoch need not be read. */
  readonly quiet?: boolean;
  begin(info: TrainingInfo): void;
  /** Steps done of the present epoch (from 1; may skip some), with that step's or the running values; `{}` if none were read. */
  batch(step: number, logs: Logs): void;
  /** An epoch's end, counted from 0, with its values. */
  epoch(epoch: number, logs: Logs): void;
  /** Validation or another phase without steps has begun, such as `validating`; until the next call. */
  phase?(name: string): void;
  end(reason: TrainingEnd): void;
}

/** Makes the monitor of one training; one that is not shown is remembered all the same. */
export type MonitorFactory = (shown?: boolean) => TrainingMonitor;
