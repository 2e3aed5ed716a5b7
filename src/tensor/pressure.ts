// When to let the garbage collector run for the sake of tensors: it does not see their memory, and what it finds is freed only when
// the event loop turns.
import { setImmediate } from 'node:timers';
import v8 from 'node:v8';
import vm from 'node:vm';
import { core } from './packages.ts';

const least = 256 * 2 ** 20;

/** Bytes of all tensors after the last collection. */
let base = 0;

/** Bytes of tensors, live and lost, that have come since the last collection. 0 before TensorFlow.js is loaded. */
export function nativeBytes(): number {
  if (!core) return 0;
  const now = core.engine().state.numBytes;
  if (now < base) base = now;
  return now - base;
}

/** Whether a collection is due: past the larger of 256 MB and half of what was live at the last. Cheap enough for every `await`. */
export function pressure(): boolean {
  return nativeBytes() > Math.max(least, base / 2);
}

const preparations: (() => void)[] = [];

/** What must be done before each collection. */
export function beforeCollections(prepare: () => void): void {
  preparations.push(prepare);
}

let gc: (() => void) | undefined;

/** Collects garbage and gives the event loop the turns in which the data of lost tensors is freed (5–30 ms). */
export async function collect(): Promise<void> {
  if (!gc) {
    v8.setFlagsFromString('--expose-gc');
    gc = vm.runInNewContext('gc') as () => void;
  }
  for (const prepare of preparations) prepare();
  // A variable is kept until the end of the job that made it, by its weak reference.
  await turn();
  forgetModels();
  gc();
  // Finalizers run in a task of their own, a turn after the collection.
  await turn();
  await turn();
  base = core ? core.engine().state.numBytes : 0;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** tfjs-layers remembers the order of layers of the last 100 models, and with it the models. It will work it out again. */
function forgetModels(): void {
  const flag = 'TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES';
  if (!core) return;
  const size = core.env().getNumber(flag);
  core.env().set(flag, 0);
  core.env().set(flag, size);
}
