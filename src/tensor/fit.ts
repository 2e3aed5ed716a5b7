// `model.fit` and `model.fitDataset` as a session needs them: each tells a monitor how it goes, lets the event loop turn (so that
// prints, charts and interrupts get through), and stops for good when its cell was interrupted. What they compute is unchanged.
import type { Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel, ModelFitArgs } from '@tensorflow/tfjs-layers';
import { shortNumber } from '../display/numbers.ts';
import type { Logs, TrainingFacts, TrainingMonitor } from '../plot/monitor.ts';
import { tensorMemory, trainingMonitor } from './ambient.ts';
import { gate, type Running, type Trained, trainingBegins, trainingEnds } from './control.ts';
import { LossWatch, NaNLossError, placeText } from './loss-watch.ts';
import { layers } from './packages.ts';
import { onReset } from './scopes.ts';
import { hearsCalls } from './training/callbacks.ts';

/** Values are read, and the event loop turns, at most this often (ms): reading costs a wait on a GPU. */
const interval = 40;

/** One call of `fit`. */
interface Run extends Running {
  readonly model: Trained & { isTraining: boolean };
  readonly monitor: TrainingMonitor | undefined;
  interrupted: boolean;
  /** What callbacks have changed, to be put back. */
  readonly undos: (() => void)[];
}

const running = new Set<Run>();

// An interrupt drops the promise of a running `fit`, or lets it run on in the background: either way it is over.
onReset(() => {
  for (const run of running) {
    run.interrupted = true;
    run.model.isTraining = false;
    run.monitor?.end({ status: 'interrupted' });
    close(run);
  }
  running.clear();
});

export type FitArgs = Partial<Pick<ModelFitArgs, 'callbacks' | 'verbose' | 'yieldEvery' | 'initialEpoch'>> & {
  compile?: boolean;
  name?: string;
};

/** A callback that has a say before the training begins: in its arguments, such as the epoch to start from. */
export interface Preparing {
  /**
   * Called before tfjs's `fit`. What it returns takes the place of the arguments of the same names; what it gives to `atEnd` is called
   * when the training is over, also by an error or an interrupt.
   */
  prepare(model: LayersModel, atEnd: (undo: () => void) => void): Promise<Partial<FitArgs>>;
}

type Fit = (this: LayersModel, ...values: unknown[]) => Promise<unknown>;

/** The name of a `Sequential`, whose training is done by a model inside it. */
const titles = new WeakMap<object, string>();

/** Puts ours around tfjs's methods. Called once, when TensorFlow.js is loaded. */
export function watchTraining(): void {
  const model = layers.LayersModel.prototype as unknown as Record<string, Fit>;
  const sequential = layers.Sequential.prototype as unknown as Record<string, Fit>;
  for (const [name, at] of [
    ['fit', 2],
    ['fitDataset', 1],
  ] as const) {
    const train = model[name]!;
    model[name] = function (...values) {
      return follow(this, (values[at] ?? {}) as FitArgs, (args) => {
        values[at] = args;
        return train.apply(this, values);
      });
    };
    const outer = sequential[name]!;
    sequential[name] = function (...values) {
      const { model: inner } = this as unknown as { model?: object };
      if (inner) titles.set(inner, this.name);
      return outer.apply(this, values);
    };
  }
}

async function follow(model: LayersModel, args: FitArgs, train: (args: FitArgs) => Promise<unknown>): Promise<unknown> {
  const monitor = await trainingMonitor(args.verbose !== 0);
  const run: Run = {
    model: model as unknown as Run['model'],
    monitor,
    interrupted: false,
    undos: [],
    onPause: () => monitor?.phase?.('paused'),
  };
  const follower = makeFollower(run, titles.get(model) ?? model.name, args.name);
  running.add(run);
  trainingBegins(run);
  try {
    const callbacks = standard(args);
    const prepared = await prepare(model, callbacks, run);
    const history = await train({ ...args, ...prepared, callbacks: [...callbacks, follower] });
    run.monitor?.end(follower.finished() ? { status: 'done' } : { status: 'stopped', ...whyStopped(callbacks) });
    return history;
  } catch (error) {
    run.monitor?.end({ status: 'error', message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    running.delete(run);
    close(run);
  }
}

function close(run: Run): void {
  trainingEnds(run);
  for (const undo of run.undos.splice(0)) undo();
}

async function prepare(model: LayersModel, callbacks: readonly Callback[], run: Run): Promise<Partial<FitArgs>> {
  const prepared: Partial<FitArgs> = {};
  for (const callback of callbacks)
    if ('prepare' in callback)
      Object.assign(prepared, await (callback as unknown as Preparing).prepare(model, (undo) => run.undos.push(undo)));
  return prepared;
}

type Callback = InstanceType<typeof layers.Callback>;

/** The user's callbacks as tfjs would make them: it takes either callbacks or their configurations, never both in one list. */
function standard({ callbacks, yieldEvery }: FitArgs): Callback[] {
  const list = [callbacks ?? {}].flat() as unknown[];
  if (list.length > 0 && 'setParams' in (list[0] as object)) return list as Callback[];
  return list.map((config) => new layers.CustomCallback(config as object, yieldEvery) as unknown as Callback);
}

/** What tfjs tells a callback of the training before it begins. */
interface Params {
  readonly epochs: number;
  readonly initialEpoch: number | null;
  readonly samples: number | null;
  readonly steps: number | null;
  readonly batchSize: number | null;
  readonly doValidation: boolean;
  readonly metrics: readonly string[];
}

type RawLogs = Readonly<Record<string, number | Scalar>>;

/** The members of tfjs's EarlyStopping, which it types as private. */
interface Stopper {
  readonly monitor: string;
  readonly patience: number;
  readonly best: number;
  readonly stoppedEpoch: number;
}

/** What a callback stopped for, where it is tfjs's own. */
function whyStopped(callbacks: readonly Callback[]): { message?: string } {
  const stopper = callbacks.find((callback) => callback instanceof layers.EarlyStopping) as Stopper | undefined;
  if (!stopper || !(stopper.stoppedEpoch > 0)) return {};
  const { monitor, patience, best } = stopper;
  const epochs = patience > 1 ? ` for ${patience} epochs` : '';
  return { message: `${monitor} got no better than ${shortNumber(best)}${epochs}` };
}

/** The learning rate and memory, asked as long as the model is there: what is kept of a run does not hold it. */
function factsOf(model: Trained): () => TrainingFacts {
  const ref = new WeakRef(model);
  return () => {
    const rate = (ref.deref()?.optimizer as { learningRate?: unknown } | undefined)?.learningRate;
    return { ...tensorMemory(), ...(typeof rate === 'number' && { learningRate: rate }) };
  };
}

function makeFollower(run: Run, title: string, name: string | undefined): Callback & { finished(): boolean } {
  const { monitor } = run;

  class Follower extends layers.Callback {
    #epochs = 0;
    #lastEpoch = -1;
    #stepsPerEpoch: number | undefined;
    #next = 0;
    #epoch = 0;
    #batch = -1;
    readonly #losses = new LossWatch();

    override async onTrainBegin(): Promise<void> {
      const params = this.params as unknown as Params;
      this.#epochs = params.epochs;
      const { samples, batchSize } = params;
      this.#stepsPerEpoch = params.steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined);
      monitor?.begin({
        title,
        ...(typeof name === 'string' && { name }),
        epochs: params.epochs,
        ...(params.initialEpoch && { initialEpoch: params.initialEpoch }),
        ...(this.#stepsPerEpoch && { stepsPerEpoch: this.#stepsPerEpoch }),
        ...(batchSize && { batchSize }),
        ...(samples && { samples }),
        metrics: params.metrics,
        facts: factsOf(run.model),
      });
    }

    override async onEpochBegin(epoch: number): Promise<void> {
      this.#epoch = epoch;
      this.#batch = -1;
    }

    override async onBatchBegin(batch: number): Promise<void> {
      const last = batch + 1 === this.#stepsPerEpoch;
      // tfjs validates within the last step.
      if (last && (this.params as unknown as Params).doValidation) monitor?.phase?.('validating');
    }

    override async onBatchEnd(batch: number, logs: RawLogs): Promise<void> {
      const due = performance.now() >= this.#next;
      // A compiled call of many steps is told of once, and ends where a loss is NaN.
      this.#losses.add(this.#epoch, batch, logs.loss, batch - this.#batch);
      this.#batch = batch;
      monitor?.batch(batch + 1, due && !monitor.quiet ? await read(logs) : {});
      if (!due) return;
      await this.#refuseNaN();
      await new Promise((resolve) => setImmediate(resolve));
      this.#next = performance.now() + interval;
      await park(run);
    }

    override async onEpochEnd(epoch: number, logs: RawLogs): Promise<void> {
      this.#lastEpoch = epoch;
      await this.#refuseNaN();
      monitor?.epoch(epoch, await read(logs));
      await park(run);
    }

    async #refuseNaN(): Promise<void> {
      const at = await this.#losses.look();
      if (!at) return;
      const advice =
        "a lower learning rate, `clip` around the optimizer or data without NaN may help; `findNaN()` of 'tensorcell/nn' as a callback " +
        'tells the layer';
      throw new NaNLossError(`fit: the loss became NaN at ${placeText(at, this.#stepsPerEpoch)}: ${advice}`, at);
    }

    finished(): boolean {
      return this.#lastEpoch + 1 >= this.#epochs;
    }
  }

  const follower = new Follower() as unknown as Callback & { finished(): boolean };
  hearsCalls(follower);
  return follower;
}

/** Waits while trainings are paused. Never returns in one whose cell was interrupted: an error would be shown as one of the cell's. */
async function park(run: Run): Promise<void> {
  while (gate()) await gate();
  if (run.interrupted) await new Promise(() => {});
}

/** The values of the logs, without the two that count. */
async function read(logs: RawLogs): Promise<Logs> {
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(logs)) {
    if (name === 'batch' || name === 'size') continue;
    values[name] = typeof value === 'number' ? value : (await value.data())[0]!;
  }
  return values;
}
