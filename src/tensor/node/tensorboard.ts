// The callback of `model.fit` that writes losses, metrics and weights for TensorBoard.
import { join } from 'node:path';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layers } from '../packages.ts';
import { summaryFileWriter } from './summaries.ts';

/** How often what is written. */
export interface TensorBoardArgs {
  /** Losses and metrics at the end of each epoch, as `epoch_loss`; 'batch': also of each batch, as `batch_loss`. Default 'epoch'. */
  readonly updateFreq?: 'batch' | 'epoch';
  /** Histograms of the weights every so many epochs; 0, the default: never. */
  readonly histogramFreq?: number;
}

type Logs = Readonly<Record<string, number | Scalar>> | undefined;

/** What the logs have beside losses and metrics. */
const counts = ['batch', 'size', 'num_steps'];

/** A callback that writes to the folders `train` and `val` of `logdir`; show them with `tensorboard --logdir`. */
export function tensorBoard(logdir = './logs', args: TensorBoardArgs = {}): InstanceType<typeof layers.Callback> {
  const { updateFreq = 'epoch', histogramFreq = 0 } = args;
  if (updateFreq !== 'epoch' && updateFreq !== 'batch') {
    throw new RangeError(
      `tf.node.tensorBoard: updateFreq must be 'batch' or 'epoch', got ${JSON.stringify(updateFreq)}`,
    );
  }
  if (!Number.isInteger(histogramFreq) || histogramFreq < 0) {
    throw new RangeError(
      `tf.node.tensorBoard: histogramFreq must be a whole number of at least 0, got ${histogramFreq}`,
    );
  }
  const writer = (part: 'train' | 'val') => summaryFileWriter(join(logdir, part));
  const writeMetrics = (prefix: string, logs: Logs, step: number) => {
    for (const [name, value] of Object.entries(logs ?? {})) {
      if (counts.includes(name)) continue;
      const validation = name.startsWith('val_');
      writer(validation ? 'val' : 'train').scalar(prefix + (validation ? name.slice(4) : name), value, step);
    }
  };

  // The class is made here because its base comes with a package that loads late.
  class TensorBoard extends layers.Callback {
    #batches = 0;

    override async onBatchEnd(_batch: number, logs?: Logs): Promise<void> {
      this.#batches++;
      if (updateFreq === 'batch') writeMetrics('batch_', logs, this.#batches);
    }

    override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
      writeMetrics('epoch_', logs, epoch + 1);
      if (histogramFreq === 0 || epoch % histogramFreq !== 0) return;
      const { weights } = this.model as LayersModel;
      for (const weight of weights) writer('train').histogram(weight.name, weight.read(), epoch);
    }
  }

  return new TensorBoard();
}
