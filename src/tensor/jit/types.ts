// What `jit` takes and tells.
import type { Precision } from '../trace/precision.ts';

export interface JitOptions {
  /** How notes and `jit.stats()` call it; the function's own name by default. */
  readonly name?: string;
  /** Whether XLA may compile the function, or parts of it. Default true: it takes over where it is faster. */
  readonly xla?: boolean;
  /**
   * What products and convolutions round their inputs to; all else stays float32. Default `'float32'`. `'float16'` scales the losses that
   * `optimizer.minimize` takes, and leaves out steps whose gradients are not finite.
   */
  readonly precision?: Precision;
}

/** One function for one shape of its arguments. */
export interface JitStats {
  readonly name: string;
  /** dtypes and shapes, and values of arguments that are no tensors: `float32[32,784],int32[32]`. */
  readonly arguments: string;
  /** What runs: TensorFlow's ops one by one as a graph, compiled by XLA, or the function as it is. */
  readonly form: 'graph' | 'xla' | 'eager';
  /** Why it is not compiled, or not by XLA. */
  readonly reason?: string;
  readonly calls: number;
  /** Times it was recorded: again after a setting that it depends on has changed. */
  readonly recordings: number;
  readonly operations?: number;
  /** ms of the last recording. */
  readonly recordMs?: number;
  /** ms that XLA took on another thread. */
  readonly compileMs?: number;
  /** The shortest measured calls of each form, ms. */
  readonly stepMs?: { readonly graph?: number; readonly xla?: number };
  /** When it was last recorded. */
  readonly at?: Date;
}
