// `%backend`: which backend computes, and another from here on. Tensors that are there move when an operation needs them.
import { backends } from './backends.ts';
import { load } from './load.ts';
import { type BackendState, backendStates } from './states.ts';
import { type Context, openContext } from './tensorflow/context.ts';

/** Every backend as it stands in this session. */
export function currentStates(): BackendState[] {
  return backendStates(load().getBackend());
}

/**
 * Computes on a backend from here on: a name of the table, or a GPU of the `tensorflow` backend as `cuda` or `cuda:1`.
 * @throws RangeError for a name that there is not; Error for one that can't run here, with the reason.
 */
export function switchBackend(wanted: string): void {
  const gpu = /^cuda(?::(\d+))?$/.exec(wanted);
  const name = gpu ? 'tensorflow' : wanted;
  const row = backends.find((each) => each.name === name);
  if (!row) {
    const names = [...backends.map((each) => each.name), 'cuda', 'cuda:1'];
    throw new RangeError(`%backend: must be one of ${names.join(', ')}, got ${wanted}`);
  }
  const state = row.check();
  if (!state.available) throw new Error(`%backend: ${wanted} can't be used here: ${state.reason}`);
  const tf = load();
  try {
    row.prepare?.(true);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`%backend: ${wanted} can't be used here: ${words}`, { cause });
  }
  if (name === 'tensorflow') {
    const context = openContext();
    context.device = gpu ? gpuOf(context, wanted, Number(gpu[1] ?? 0)) : null;
  }
  // Synchronous for the backends of the table; the promise only repeats the outcome.
  void tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`%backend: ${wanted} did not start`);
}

/** TensorFlow's name of a GPU; null for the first, which it takes by itself. */
function gpuOf({ devices }: Context, wanted: string, index: number): string | null {
  const gpus = devices.filter(({ type }) => type === 'GPU');
  const gpu = gpus.find(({ name }) => name.endsWith(`:${index}`));
  if (gpu) return index === 0 ? null : gpu.name;
  const seen = gpus.length === 0 ? 'no GPU' : gpus.map((_, i) => `cuda:${i}`).join(', ');
  const fix =
    gpus.length === 0 ? '; tensorcell doctor tells of the driver, tensorcell setup --cuda gets the library' : '';
  throw new Error(`%backend: ${wanted} can't be used here: TensorFlow sees ${seen}${fix}`);
}
