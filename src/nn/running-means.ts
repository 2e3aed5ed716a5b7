// Means of loss and metrics over an epoch's batches, kept on the device until they are asked for.
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from './tensorflow.ts';

export class RunningMeans {
  #sums: Tensor[] = [];
  #seen = 0;

  reset(): void {
    tf.dispose(this.#sums);
    this.#sums = [];
    this.#seen = 0;
  }

  /** Takes a batch's logs, `batch` and `size` among them. */
  add(logs: Readonly<Record<string, number | Tensor>>): void {
    const size = logs.size as number;
    this.#seen += size;
    const values = Object.entries(logs).flatMap(([name, value]) =>
      name === 'batch' || name === 'size' ? [] : [value],
    );
    const before = this.#sums;
    this.#sums = values.map((value, i) => tf.keep(tf.tidy(() => tf.add(tf.mul(value, size), before[i] ?? 0))));
    tf.dispose(before);
  }

  async read(): Promise<number[]> {
    const sums = await Promise.all(this.#sums.map((sum) => sum.data()));
    return sums.map(([sum]) => sum! / this.#seen);
  }
}
