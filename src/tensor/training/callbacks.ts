// The callbacks of a compiled training, called as tfjs calls them. Who wants each batch gets each batch; who wants only epochs lets many
// steps run in one call.
import type { Callback } from '@tensorflow/tfjs-layers';
import { layers } from '../packages.ts';

/** tfjs's classes, with members that it types as private. */
export interface AnyCallback {
  setParams(params: object): void;
  setModel(model: object): void;
  onBatchBegin: unknown;
  onBatchEnd: unknown;
}

interface Custom extends AnyCallback {
  readonly batchBegin?: unknown;
  readonly batchEnd?: unknown;
  readonly yieldEvery?: unknown;
}

const registered: { readonly verbosity: number; readonly make: new () => AnyCallback }[] = [];

/** Remembers what is registered for every training (`tf.registerCallbackConstructor`), which tfjs does not tell. */
export function noteRegistered(): void {
  const { registerCallbackConstructor } = layers;
  Object.assign(layers, {
    registerCallbackConstructor: (verbosity: number, make: never) => {
      registerCallbackConstructor(verbosity, make);
      registered.push({ verbosity, make });
    },
  });
}

/** A callback that hears of batches without slowing them: a call of many steps counts as one, of which it is told the last. */
export interface Unhurried {
  /** Steps that may run before it must hear of the last of them. Default: any number. */
  mostSteps?(): number;
  /** Told before each step of a call reads its numbers: its place in the call. */
  beforeStep?(step: number): void;
  /** Told after a call: its steps, the number of the last batch, and the means of the logged values over the epoch so far. */
  afterSteps?(steps: number, batch: number, means: () => Promise<number[]>): Promise<void>;
}

const unhurried = new WeakMap<object, Unhurried>();

export function hearsCalls(callback: Callback, hears: Unhurried = {}): void {
  unhurried.set(callback, hears);
}

/** Whether a callback must hear of each batch. */
function wantsBatches(callback: AnyCallback): boolean {
  if (unhurried.has(callback)) return false;
  if ((callback as object) instanceof layers.CustomCallback) {
    const { batchBegin, batchEnd, yieldEvery } = callback as Custom;
    return batchBegin != null || batchEnd != null || yieldEvery === 'batch';
  }
  const { onBatchBegin, onBatchEnd } = layers.Callback.prototype as unknown as AnyCallback;
  return callback.onBatchBegin !== onBatchBegin || callback.onBatchEnd !== onBatchEnd;
}

/** All callbacks of one training in tfjs's order, but for the one that averages, which the loop does. */
export function callbackList(callbacks: readonly AnyCallback[], verbose: number, params: object, model: object) {
  const history = new layers.History();
  const standing = registered.filter(({ verbosity }) => verbose >= verbosity).map(({ make }) => new make());
  const all = [...standing, ...callbacks, history as unknown as AnyCallback];
  const list = new layers.CallbackList(all as never);
  list.setParams({ ...params, verbose } as never);
  list.setModel(model as never);
  const everyBatch = [...standing, ...callbacks].some(wantsBatches);
  return { list, history, everyBatch, hearing: callbacks.flatMap((callback) => unhurried.get(callback) ?? []) };
}
