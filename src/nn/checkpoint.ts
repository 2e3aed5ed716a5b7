// Checkpoints of a training on disk, and a training that goes on from one as if it had never stopped.
import { mkdir } from 'node:fs/promises';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FitArgs, Preparing } from '../tensor/fit.ts';
import { callsOf, setCalls } from '../tensor/random/dropout.ts';
import { type RandomState, randomState, setRandomState } from '../tensor/random/seeds.ts';
import { hearsCalls } from '../tensor/training/callbacks.ts';
import { positive } from './check.ts';
import {
  type CheckpointState,
  readCheckpoint,
  removeCheckpoints,
  removeUnfinished,
  type Saved,
  stepsIn,
  writeCheckpoint,
} from './checkpoint-files.ts';
import { goOn } from './go-on.ts';
import { readState, writeState } from './optimizer-state.ts';
import { RunningMeans } from './running-means.ts';
import { tf } from './tensorflow.ts';

export interface CheckpointOptions {
  /** Steps between two checkpoints, or `'epoch'` for one at the end of each. Default `'epoch'`. */
  readonly every?: number | 'epoch';
  /** How many stay, the newest. Default 2. */
  readonly keep?: number;
  /** What to do with a checkpoint that is there: go on from it, or (false) remove it. By default that is an error. */
  readonly resume?: boolean;
}

/**
 * A callback that saves weights, the optimizer's state, the place in the training and the session's randomness to a folder. With
 * `resume: true` the same call of `fit` goes on from the newest one: with the numbers that it would have had without a break, if the data
 * are the same tensors (the order in which a data set of `tf.data` shuffles is not kept).
 * @example await model.fit(x, y, { epochs: 50, callbacks: checkpoint('runs/digits', { every: 500, resume: true }) });
 */
export function checkpoint(folder: string, options: CheckpointOptions = {}): Checkpoint {
  return new Checkpoint(folder, options);
}

type Logs = Readonly<Record<string, number | Tensor>>;

export class Checkpoint extends tf.Callback implements Preparing {
  readonly folder: string;
  readonly #options: CheckpointOptions;
  readonly #every: number;
  #epoch = 0;
  #step = 0;
  #iterations = 0;
  #skip = 0;
  /** Whether steps run many at once: it is told of calls, and not of each batch. */
  #hearsCalls = false;
  #first: RandomState | undefined;
  #epochs: RandomState[] = [];
  readonly #means = new RunningMeans();

  constructor(folder: string, options: CheckpointOptions) {
    super();
    const { every = 'epoch' } = options;
    this.folder = folder;
    this.#options = options;
    this.#every = every === 'epoch' ? 0 : positive('checkpoint', 'every', every);
    positive('checkpoint', 'keep', options.keep ?? 2);
    if (this.#every === 0) return;
    this.onBatchEnd = (batch, logs) => this.#afterBatch(batch, logs as Logs);
    hearsCalls(this, {
      mostSteps: () => this.#stepsToNext(),
      afterSteps: (steps, batch, means) => this.#afterSteps(steps, batch, means),
    });
  }

  async prepare(model: LayersModel, atEnd: (undo: () => void) => void): Promise<Partial<FitArgs>> {
    this.#step = 0;
    this.#skip = 0;
    this.#hearsCalls = false;
    this.#epochs = [];
    this.#first = undefined;
    await mkdir(this.folder, { recursive: true });
    await removeUnfinished(this.folder);
    const newest = (await stepsIn(this.folder)).at(-1);
    if (newest === undefined) return {};
    if (this.#options.resume === undefined)
      throw new Error(
        `checkpoint: ${this.folder} has a checkpoint of step ${newest}: say resume: true to go on from it, or false to remove it`,
      );
    if (!this.#options.resume) {
      await removeCheckpoints(this.folder);
      return {};
    }
    const { state } = await load(this.folder, model);
    const { epoch, batch, step, epochs } = state;
    console.log(`checkpoint: going on from step ${step} of ${this.folder} (epoch ${epoch + 1}, batch ${batch + 1})`);
    this.#step = step;
    this.#skip = batch;
    this.#epochs = epochs.slice(0, batch > 0 ? -1 : undefined);
    this.#first = batch > 0 ? epochs.at(-1) : state.random;
    atEnd(goOn(model, state, () => restoreRandom(model, state)));
    return { initialEpoch: epoch };
  }

  override async onTrainBegin(): Promise<void> {
    this.#iterations = this.model.optimizer.iterations;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.#first) setRandomState(this.#first);
    this.#first = undefined;
    this.#epoch = epoch;
    this.#epochs.push(randomState());
    this.#means.reset();
  }

  async #afterBatch(batch: number, logs: Logs): Promise<void> {
    if (this.#hearsCalls) return;
    this.#means.add(logs);
    await this.#afterSteps(1, batch, () => this.#means.read());
  }

  #stepsToNext(): number {
    this.#hearsCalls = true;
    return this.#skip > 0 ? 1 : this.#every - (this.#step % this.#every);
  }

  async #afterSteps(steps: number, batch: number, means: () => Promise<number[]>): Promise<void> {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.#step += steps;
    if (this.#step % this.#every === 0) await this.#save(this.#epoch, batch + 1, await means());
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    if (this.#every > 0) return;
    const { iterations } = this.model.optimizer;
    this.#step += iterations - this.#iterations;
    this.#iterations = iterations;
    await this.#save(epoch + 1, 0, []);
  }

  async #save(epoch: number, batch: number, means: number[]): Promise<void> {
    const { model } = this;
    const { numbers, tensors } = readState(model.optimizer);
    const state: CheckpointState = {
      version: 1,
      epoch,
      batch,
      step: this.#step,
      weights: model.weights.map(({ name }) => name),
      optimizer: { className: model.optimizer.getClassName(), numbers },
      random: randomState(),
      epochs: this.#epochs,
      dropouts: Object.fromEntries(model.layers.map((layer) => [layer.name, callsOf(layer)])),
      means,
    };
    await writeCheckpoint(this.folder, { state, tensors: allTensors(model, tensors) }, this.#options.keep ?? 2);
  }
}

function allTensors(model: LayersModel, optimizer: Record<string, Tensor>): Record<string, Tensor> {
  const weights = model.getWeights().map((weight, i) => [`weights/${i}`, weight]);
  const slots = Object.entries(optimizer).map(([name, tensor]) => [`optimizer/${name}`, tensor]);
  return Object.fromEntries([...weights, ...slots]);
}

/**
 * Gives a compiled model the weights and its optimizer the state of a folder's newest checkpoint, and the session its randomness.
 * @returns the place of the training: epoch and batch under way, from 0, and steps done
 * @throws Error when there is none, or when it is another model's
 */
export async function loadCheckpoint(
  folder: string,
  model: LayersModel,
): Promise<Pick<CheckpointState, 'epoch' | 'batch' | 'step'>> {
  const { state } = await load(folder, model);
  restoreRandom(model, state);
  const { epoch, batch, step } = state;
  return { epoch, batch, step };
}

async function load(folder: string, model: LayersModel): Promise<Saved> {
  const saved = await readCheckpoint(folder);
  const { state, tensors } = saved;
  try {
    check(folder, model, saved);
    model.setWeights(state.weights.map((_, i) => tensors[`weights/${i}`]!));
    const slots = Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith('optimizer/') ? [[name.slice('optimizer/'.length), tensor]] : [],
    );
    writeState(model.optimizer, { numbers: state.optimizer.numbers, tensors: Object.fromEntries(slots) });
    return saved;
  } finally {
    tf.dispose(tensors);
  }
}

function check(folder: string, model: LayersModel, { state, tensors }: Saved): void {
  const kind = model.optimizer.getClassName();
  if (kind !== state.optimizer.className)
    throw new Error(`checkpoint: ${folder} is of an optimizer ${state.optimizer.className}, got a model with ${kind}`);
  const told = (shapes: readonly (readonly (number | null)[])[]) => shapes.map((shape) => `[${shape}]`).join(', ');
  const own = told(model.weights.map(({ shape }) => shape));
  const written = told(state.weights.map((_, i) => tensors[`weights/${i}`]!.shape));
  if (own !== written)
    throw new Error(`checkpoint: ${folder} is of a model with weights of shapes ${written}; got one with ${own}`);
}

function restoreRandom(model: LayersModel, { random, dropouts }: CheckpointState): void {
  setRandomState(random);
  for (const layer of model.layers) setCalls(layer, dropouts[layer.name] ?? 0);
}
