// `jit(fn)`, as cells import it: a function of tensors that is compiled when it is called. Small: the compiler comes with TensorFlow.js.
import { compiler } from '../ambient.ts';
import type { JitOptions, JitStats } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: any function is taken, and given back with its own type.
type AnyFunction = (...values: any[]) => unknown;

/**
 * A function that does what `fn` does, as one compiled call: `const step = jit((x, y) => optimizer.minimize(() => loss(x, y)))`.
 *
 * `fn` is called once for each shape and dtype of its tensors, to record what it does; from then on the recording runs, gradients,
 * variables and the state of optimizers included. What it does beside its tensors (prints, counters of its own) is done while it is
 * recorded only, and numbers and tensors from outside are taken as they are then: give those that change as arguments (a number is
 * recorded anew for each value, so give `tf.scalar(n)` for one that changes often). Learning rates and other settings of tfjs's optimizers,
 * `trainable` flags and configurations of layers may change at any time. Random numbers are drawn anew at each call.
 *
 * What can't be compiled (it reads a value, its shapes depend on values) runs as it is, and one line says why and where. `fn` runs
 * in a `tf.tidy`. It must return a tensor, an array or object of tensors, or nothing.
 * @throws TypeError when it returns anything else.
 */
export function jit<F extends AnyFunction>(fn: F, options: JitOptions = {}): F {
  if (typeof fn !== 'function') throw new TypeError(`jit: must be given a function, got ${typeof fn}`);
  let compiled: AnyFunction | undefined;
  const run: AnyFunction = (...given) => {
    compiled ??= compiler()?.compile(fn, options);
    return compiled ? compiled(...given) : fn(...given);
  };
  Object.defineProperty(run, 'name', { value: options.name ?? fn.name });
  return run as F;
}

/** What has been compiled in this session: one row for each function and shape of its arguments, in the order of their first calls. */
jit.stats = (): JitStats[] => compiler()?.stats() ?? [];
