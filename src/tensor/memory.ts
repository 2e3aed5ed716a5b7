// Frees the data of tensors that nothing refers to any more, when the garbage collector finds them. A tensor made inside a scope is
// left to the scope; it is watched from the moment no scope answers for it.
import { setImmediate } from 'node:timers';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';
import { beforeCollections } from './pressure.ts';
import { watchLoop } from './warning.ts';

/** What the engine needs to count and free a tensor's data once the tensor itself is gone. Follows a variable's assignments. */
interface Remains {
  readonly shape: number[];
  readonly dtype: DataType;
  readonly size: number;
  dataId: object;
  freed: boolean;
}

const remainsOf = new WeakMap<Tensor, Remains>();

const registry = new FinalizationRegistry<Remains>((remains) => {
  if (remains.freed) return;
  remains.freed = true;
  // Runs as a task of its own, never inside a kernel, a scope's function or a gradient: those don't wait for the event loop.
  freeData(remains as unknown as Tensor);
});

let freeData: (tensor: Tensor) => void = () => {};

/** What frees the data of a tensor that is gone. */
export function watchData(free: (tensor: Tensor) => void): void {
  freeData = free;
  beforeCollections(registerFresh);
}

/**
 * Tensors that are handed to the garbage collector together: to register one costs as much as a small op, and most are disposed soon
 * after they are made. Until then they are held, so they are few, and few bytes.
 */
const fresh: Tensor[] = [];
let freshSize = 0;
let turnAwaited = false;

/** At most so many, and so many values in all, wait to be registered. */
const mostFresh = 256;
const mostValues = 2 ** 22;

/** Hands a tensor to the garbage collector: from here on its data is freed when nothing refers to it. */
export function watch(tensor: Tensor): void {
  if (tensor.isDisposed) return;
  fresh.push(tensor);
  freshSize += tensor.size;
  if (fresh.length >= mostFresh || freshSize >= mostValues) watchLoop(registerFresh());
  if (turnAwaited) return;
  turnAwaited = true;
  setImmediate(() => {
    turnAwaited = false;
    registerFresh();
  });
}

/** The same for a variable, once it is made and whenever it is assigned another tensor's data. */
export function watchVariable(variable: Tensor): void {
  const remains = remainsOf.get(variable);
  if (!remains) return register(variable);
  remains.dataId = variable.dataId;
  remains.freed = false;
}

/** Registers all that wait for it; how many of them nobody has disposed. */
export function registerFresh(): number {
  let count = 0;
  for (const tensor of fresh) {
    if (tensor.isDisposed) continue;
    count++;
    if (!remainsOf.has(tensor)) register(tensor);
  }
  fresh.length = 0;
  freshSize = 0;
  return count;
}

function register(tensor: Tensor): void {
  const { shape, dtype, size, dataId } = tensor;
  const remains = { shape, dtype, size, dataId, freed: false };
  remainsOf.set(tensor, remains);
  registry.register(tensor, remains, remains);
}

/** Whether a tensor's data was freed, by its finalizer or by `forget`. */
export const isFreed = (tensor: Tensor): boolean => remainsOf.get(tensor)?.freed === true;

/** Watches a tensor no longer, whose data is being freed. A variable may get other data. */
export function forget(tensor: Tensor): void {
  const remains = remainsOf.get(tensor);
  if (!remains) return;
  remains.freed = true;
  if (!(tensor instanceof core.Variable)) registry.unregister(remains);
}
