// `fit`'s loop over epochs and batches, compiled: in the place of tfjs's `fitLoop`, with the same callbacks, logs and history. What it
// computes between two hooks is one call on another thread.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { Step } from '../trace/loop.ts';
import type { Precision } from '../trace/precision.ts';
import { type AnyCallback, callbackList } from './callbacks.ts';
import { uninterrupted } from './interrupts.ts';
import type { Model } from './own.ts';
import { Runner } from './runner.ts';
import type { BatchStep } from './step.ts';

/** What tfjs's `fit` hands to its loop. */
export interface FitLoop {
  readonly step: Step;
  /** Inputs, targets and weights of samples; null where there are none of these. */
  readonly data: readonly (Tensor | null)[];
  readonly labels: readonly string[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly verbose: number;
  readonly shuffle: boolean;
  readonly callbacks: readonly AnyCallback[];
  /** Names of all logged values. */
  readonly metrics: readonly string[];
  readonly precision: Precision;
  readonly validation: { readonly step: Step; readonly data: readonly Tensor[] } | undefined;
}

/** tfjs's model, with members that it types as private. */
export interface TrainedModel extends Model {
  history: unknown;
  stopTraining_: boolean;
  testFunction: BatchStep<Tensor[]>;
}

type Logs = Record<string, number | Tensor>;

/** Trains; gives the history. */
export async function fitCompiled(model: TrainedModel, fit: FitLoop): Promise<unknown> {
  const { labels, data, batchSize, epochs, initialEpoch, step } = fit;
  const runner = new Runner({
    model,
    purpose: 'fit',
    data,
    batchSize,
    step,
    stopsAtNaN: true,
    epochs: epochs - initialEpoch,
    precision: fit.precision,
  });
  const { samples } = runner;
  const validation = fit.validation && new Runner({ model, purpose: 'evaluate', batchSize, ...fit.validation });
  const { list, history, everyBatch, hearing } = callbackList(
    fit.callbacks,
    fit.verbose,
    { epochs, initialEpoch, samples, steps: null, batchSize, doValidation: Boolean(validation), metrics: fit.metrics },
    model,
  );
  const scheduled = hearing.filter((callback) => callback.beforeStep);
  const beforeStep =
    scheduled.length > 0
      ? (step: number) => {
          for (const callback of scheduled) callback.beforeStep!(step);
        }
      : undefined;
  const going = uninterrupted();
  const release = () => {
    for (const each of [runner, validation]) each?.[Symbol.dispose]();
  };
  /** Never returns once the cell was interrupted: an error would be shown as one of the cell's. */
  const unless = async <T>(values: T | undefined): Promise<T> => {
    if (values !== undefined) return values;
    release();
    return new Promise(() => {});
  };
  model.history = history;
  await list.onTrainBegin();
  model.stopTraining_ = false;
  const places = Array.from({ length: samples }, (_, i) => i);
  try {
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining_; epoch++) {
      await list.onEpochBegin(epoch);
      const logs: Logs = {};
      if (fit.shuffle) core.util.shuffle(places);
      runner.begin(places);
      let from = 0;
      for (let batch = 0; from < samples && !model.stopTraining_; batch++) {
        const most = Math.min(...hearing.map((callback) => callback.mostSteps?.() ?? Infinity));
        const plan = runner.plan(from, everyBatch ? 1 : most);
        const batchLogs: Logs = {};
        // Of a call of many steps, the last stands for all.
        await list.onBatchBegin(batch + plan.steps - 1, batchLogs as never);
        const { steps, values } = await unless(await runner.runAside(plan, going, beforeStep));
        batch += steps - 1;
        from += steps * plan.size;
        Object.assign(batchLogs, { batch, size: plan.size });
        labels.forEach((label, i) => {
          batchLogs[label] = values[i]!;
        });
        if (from === samples && validation) {
          const means = await unless(await meansOver(validation, going));
          labels.forEach((label, i) => {
            logs[`val_${label}`] = means[i]!;
          });
        }
        await list.onBatchEnd(batch, batchLogs as never);
        for (const callback of hearing) await callback.afterSteps?.(steps, batch, () => runner.readMeans(from));
        for (const value of values) value.dispose();
      }
      const means = runner.means(from);
      labels.forEach((label, i) => {
        logs[label] = means[i]!;
      });
      await list.onEpochEnd(epoch, logs as never);
    }
  } finally {
    release();
  }
  await list.onTrainEnd();
  await (history as unknown as { syncData(): Promise<void> }).syncData();
  return history;
}

/** The means of a step's values over all data; nothing after an interrupt. */
async function meansOver(runner: Runner, going: () => boolean): Promise<Tensor[] | undefined> {
  runner.begin();
  for (let from = 0; from < runner.samples; ) {
    const plan = runner.plan(from);
    const done = await runner.runAside(plan, going);
    if (!done) return undefined;
    for (const value of done.values) value.dispose();
    from += done.steps * plan.size;
  }
  return runner.means(runner.samples);
}
