// What `fitDataset` reads from: a data set of tf.data that has the next batches made while a step runs, so that files and pictures are read
// and decoded meanwhile.
import { isDeterministic } from '../determinism.ts';

/** Batches that are made ahead. */
const ahead = 2;

interface Prefetching {
  prefetch(batches: number): unknown;
}

/** A data set that reads ahead; anything else, and all of a deterministic session (draws would come in another order), as it is. */
export function readAhead(dataset: unknown): unknown {
  const canPrefetch = typeof dataset === 'object' && dataset !== null && 'prefetch' in dataset;
  return canPrefetch && !isDeterministic() ? (dataset as Prefetching).prefetch(ahead) : dataset;
}
