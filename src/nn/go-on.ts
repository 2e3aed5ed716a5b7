// Brings a call of tfjs's `fit` to the place of a checkpoint within an epoch: the order of the samples is shuffled as it was, and the
// batches that were done pass without a step.
import type { Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { setRandomState } from '../tensor/random/seeds.ts';
import { NotRecordable, recording } from '../tensor/trace/current.ts';
import type { CheckpointState } from './checkpoint-files.ts';
import { tf } from './tensorflow.ts';

type Step = (data: unknown) => Scalar[];

/** The member of a model that `fit` asks for its step; tfjs types it as protected. */
interface StepMaker {
  makeTrainFunction(): Step;
}

/**
 * Prepares the next call of `fit`. `atPlace` is called when it is there: after the last step that was done, or at once.
 * @returns what undoes it, if `fit` has not
 */
export function goOn(model: LayersModel, state: CheckpointState, atPlace: () => void): () => void {
  const undos = [replayShuffles(state)];
  if (state.batch === 0) atPlace();
  else undos.push(skipSteps(model as unknown as StepMaker, state, atPlace));
  return () => {
    for (const undo of undos) undo();
  };
}

/** `fit` shuffles one list again and again, so an epoch's order stands on those of all before it. */
function replayShuffles({ epochs, batch, random }: CheckpointState): () => void {
  const util = tf.util as { shuffle(list: unknown[]): void };
  const { shuffle } = util;
  const [before, now] = batch > 0 ? [epochs.slice(0, -1), epochs.at(-1)!] : [epochs, random];
  util.shuffle = (list) => {
    util.shuffle = shuffle;
    for (const state of before) {
      setRandomState(state);
      shuffle(list);
    }
    setRandomState(now);
    shuffle(list);
  };
  return () => {
    util.shuffle = shuffle;
  };
}

/** A step that was done gives the means of all that were: the epoch's come out as they would have. */
function skipSteps(model: StepMaker, { batch, means }: CheckpointState, atPlace: () => void): () => void {
  const undo = () => {
    delete (model as Partial<StepMaker>).makeTrainFunction;
  };
  model.makeTrainFunction = () => {
    undo();
    const step = model.makeTrainFunction();
    let left = batch;
    return (data) => {
      if (left === 0) return step(data);
      // Afterwards: until then it does another thing at every step.
      if (recording()) throw new NotRecordable('a training goes on within an epoch', 'next');
      if (--left === 0) atPlace();
      return means.map((mean) => tf.scalar(mean));
    };
  };
  return undo;
}
