// Frees the data of tensors that nothing refers to any more, when the garbage collector finds them. A tensor made inside a scope is
// left to the scope; it is watched from the moment no scope answers for it.
import type { DataType, KernelBackend, Tensor } from '@tensorflow/tfjs-core';
import { clearLedger, type Entry, noteFreed, noteMade, runningEntry } from './ledger.ts';
import { core, type Engine } from './packages.ts';
import { holdWeakly } from './variables.ts';
import { watchLoop } from './warning.ts';

/** What the engine needs to count and free a tensor's data once the tensor itself is gone. Follows a variable's assignments. */
interface Remains {
  readonly shape: number[];
  readonly dtype: DataType;
  readonly size: number;
  dataId: object;
  freed: boolean;
}

type TensorContainer = Parameters<Engine['endScope']>[0];

const remainsOf = new WeakMap<Tensor, Remains>();

/** The engine's members that we replace or read, several of which tfjs types as private. */
interface Internals {
  state: { activeScope: Scope | null };
  trackTensor(tensor: Tensor, backend: KernelBackend): void;
  disposeTensor(tensor: Tensor): void;
  endScope(result?: TensorContainer): void;
  reset(): void;
}

/** An open `tf.tidy`. */
export interface Scope {
  readonly track: Tensor[];
}

const internals = () => core.engine() as unknown as Internals & Engine;

const registry = new FinalizationRegistry<Remains>((remains) => {
  if (remains.freed) return;
  remains.freed = true;
  // Runs as a task of its own, never inside a kernel, a scope's function or a gradient: those don't wait for the event loop.
  disposeData(remains as unknown as Tensor);
});

let disposeData: (tensor: Tensor) => void = () => {};

/** Hands a tensor to the garbage collector: from here on its data is freed when nothing refers to it. */
export function watch(tensor: Tensor): void {
  if (tensor.isDisposed || remainsOf.has(tensor)) return;
  const { shape, dtype, size, dataId } = tensor;
  const remains = { shape, dtype, size, dataId, freed: false };
  remainsOf.set(tensor, remains);
  registry.register(tensor, remains, remains);
}

/** What the engine knows of the tensor's data, and the account of the cell that made it. */
const infoOf = ({ dataId }: Tensor): { bytes: number; entry?: Entry } | undefined =>
  core.engine().state.tensorInfo.get(dataId);

/** As the engine counts them. */
const bytesOf = ({ dtype, size }: Tensor): number =>
  dtype === 'complex64' || dtype === 'string' ? 0 : size * core.util.bytesPerElement(dtype);

/** Begins to watch all tensors of the engine. Called once, before the first is made. */
export function watchTensors(): void {
  const engine = internals();
  const { trackTensor, disposeTensor, endScope, reset } = engine;
  disposeData = (tensor) => {
    const entry = infoOf(tensor)?.entry;
    if (entry) noteFreed(entry, bytesOf(tensor));
    disposeTensor.call(engine, tensor);
  };
  holdWeakly(engine);

  engine.trackTensor = function (tensor, backend) {
    trackTensor.call(this, tensor, backend);
    const info = infoOf(tensor)!;
    info.entry ??= runningEntry();
    noteMade(info.entry, bytesOf(tensor));
    watchLoop(this.state.activeScope);
    const remains = remainsOf.get(tensor);
    if (remains) {
      // A variable that was assigned another tensor's data.
      remains.dataId = tensor.dataId;
      remains.freed = false;
    } else if (!this.state.activeScope || tensor instanceof core.Variable) watch(tensor);
  };

  engine.disposeTensor = (tensor) => {
    const remains = remainsOf.get(tensor);
    if (remains?.freed) return;
    if (remains) {
      remains.freed = true;
      if (!(tensor instanceof core.Variable)) registry.unregister(remains);
    }
    disposeData(tensor);
  };

  engine.endScope = function (result) {
    const { track } = this.state.activeScope!;
    endScope.call(this, result);
    // Kept ones have left every scope; what an outer scope took over is its own.
    const outermost = !this.state.activeScope;
    for (const tensor of track) if (outermost || tensor.kept) watch(tensor);
  };

  engine.reset = function () {
    reset.call(this);
    clearLedger();
    holdWeakly(this);
  };
}
