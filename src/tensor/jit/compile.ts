// The half of `jit` that needs TensorFlow.js: one program for each shape of the arguments, recorded at the first call, recorded anew when
// what it has taken for granted changes, and the function itself where nothing can be compiled.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { placeOf } from '../place.ts';
import { profiling } from '../profiling.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import { NotRecordable, recording } from '../trace/current.ts';
import { LossScale } from '../trace/loss-scale.ts';
import { checkPrecision } from '../trace/precision.ts';
import { Program } from '../trace/program.ts';
import type { Lowered } from '../trace/record.ts';
import { fill, keyOf, type Template, templateOf } from '../trace/template.ts';
import { compiledRow, tell } from './stats.ts';
import type { JitOptions, JitStats } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: a user's function.
type Fn = (...values: any[]) => unknown;

/** Shapes of arguments that are compiled for a function; further ones run as they are. */
const mostShapes = 16;
/** From so many shapes on, a line says so. */
const manyShapes = 8;
/** Calls that a function may need to make what it needs: an optimizer that accumulates makes its state after several. */
const mostTries = 12;
/** Recordings of one shape: what changes at each call is better not compiled. */
const mostRecordings = 32;

/** What there is for one shape of the arguments. */
interface Entry {
  readonly key: string;
  program?: Program;
  /** Why it runs as it is. */
  reason?: string;
  calls: number;
  recordings: number;
  at?: Date;
  /** Times it could not be recorded yet. */
  tries: number;
}

export class Compiled {
  readonly #fn: Fn;
  readonly #name: string;
  readonly #options: Lowered & JitOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #said = new Set<string>();
  readonly #others = new Map<unknown, number>();

  constructor(fn: Fn, options: JitOptions) {
    this.#fn = fn;
    const precision = checkPrecision('jit', options.precision);
    this.#options = { ...options, precision, ...(precision === 'float16' && { scale: new LossScale() }) };
    this.#name = options.name || fn.name || 'function';
  }

  /** Calls the function, compiled where it can be. */
  call(given: readonly unknown[]): unknown {
    const { gradientDepth } = core.engine().state as unknown as { gradientDepth: number };
    // Within a recording it is part of that; within a gradient, the tape needs its operations.
    if (recording() || gradientDepth > 0 || profiling()) return this.#fn(...given);
    const { template, tensors } = templateOf(given, isArgument, (value) => value);
    for (const tensor of tensors)
      if (tensor.isDisposed) throw new Error(`jit: ${this.#name}: an argument has been disposed, ${told(tensor)}`);
    const entry = this.#entryOf(template, tensors);
    entry.calls++;
    const backend = core.backend() as Partial<HandleBackend>;
    if (!backend.handleOf) return this.#plainly(entry, given, onlyTensorflow);
    if (entry.reason !== undefined) return this.#run(given);
    const broken = entry.program?.guard.broken();
    if (broken) this.#forget(entry);
    if (!entry.program) {
      if (entry.recordings >= mostRecordings)
        return this.#plainly(
          entry,
          given,
          `it has been recorded ${entry.recordings} times, the last because ${broken}`,
        );
      const refusal = this.#record(entry, template, tensors);
      if (refusal) return this.#afterRefusal(entry, given, refusal, broken);
    }
    return entry.program!.run(backend as HandleBackend, tensors);
  }

  stats(): JitStats[] {
    return Array.from(this.#entries.values(), ({ key, program, reason, calls, recordings, at }) => {
      const base = { name: this.#name, arguments: key, calls, recordings };
      if (!program) return { ...base, form: 'eager' as const, ...(reason !== undefined && { reason }) };
      return compiledRow({ ...base, ...(at && { at }) }, program);
    });
  }

  #entryOf(template: Template, tensors: readonly Tensor[]): Entry {
    const key = keyOf(
      template,
      (index) => shapeOf(tensors[index]!),
      (value) => this.#otherName(value),
    ).slice(1, -1);
    let entry = this.#entries.get(key);
    if (entry) return entry;
    entry = { key, calls: 0, recordings: 0, tries: 0 };
    if (this.#entries.size >= mostShapes) {
      entry.reason = `it has been compiled for ${mostShapes} shapes of its arguments already`;
      return entry;
    }
    this.#entries.set(key, entry);
    if (this.#entries.size === manyShapes)
      this.#say(
        `is compiled for each of ${manyShapes} shapes of its arguments, the last ${key}: give batches of one shape (drop or pad the ` +
          `last), and numbers that change as tf.scalar(n); from ${mostShapes} on it runs uncompiled`,
      );
    return entry;
  }

  /** Arguments that are no tensors: numbers and texts by what they are, objects and functions by which they are. */
  #otherName(value: unknown): string {
    if (value instanceof core.Tensor) return `variable ${(value as Tensor & { name: string }).name}`;
    if (typeof value === 'string') return JSON.stringify(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return String(value);
    if (!this.#others.has(value)) this.#others.set(value, this.#others.size);
    return `${typeof value} ${this.#others.get(value)}`;
  }

  /** Makes the entry's program, or tells why it can't be. */
  #record(entry: Entry, template: Template, tensors: readonly Tensor[]): unknown {
    try {
      entry.program = new Program(
        (...like) => this.#fn(...(fill(template, like) as unknown[])),
        tensors,
        this.#options,
      );
      entry.recordings++;
      entry.at = new Date();
      return undefined;
    } catch (error) {
      return error ?? new Error('it throws nothing');
    }
  }

  /** Runs the function as it is: it tells its own errors, and may make what a recording lacked. */
  #afterRefusal(entry: Entry, given: readonly unknown[], refusal: unknown, broken: string | undefined): unknown {
    if (refusal instanceof NotRecordable) {
      const again = refusal.later && entry.tries++ < mostTries;
      return again ? this.#run(given) : this.#plainly(entry, given, refusal.message, placeOf(refusal));
    }
    const error = refusal instanceof Error ? refusal : new Error(String(refusal));
    if (broken?.endsWith('.isDisposed has changed'))
      error.message = `jit: ${this.#name}: a tensor that it uses from outside has been disposed: ${error.message}`;
    if (broken?.endsWith('.isDisposed has changed')) throw error;
    const result = this.#run(given);
    this.#note(entry, `it can't be recorded: ${error.message}`, placeOf(error));
    return result;
  }

  #plainly(entry: Entry, given: readonly unknown[], reason: string, place = ''): unknown {
    this.#note(entry, reason, place);
    return this.#run(given);
  }

  #note(entry: Entry, reason: string, place: string): void {
    if (reason !== onlyTensorflow) entry.reason = reason + place;
    this.#say(`runs uncompiled: ${reason}${place}`);
  }

  #say(words: string): void {
    if (this.#said.has(words)) return;
    this.#said.add(words);
    console.warn(`jit: ${this.#name} ${words}`);
  }

  #run(given: readonly unknown[]): unknown {
    return core.tidy(() => {
      const result = this.#fn(...given);
      templateOf(result, () => true);
      return result as Tensor;
    });
  }

  #forget(entry: Entry): void {
    entry.program?.[Symbol.dispose]();
    delete entry.program;
  }
}

const onlyTensorflow = 'only the tensorflow backend compiles (tensorcell setup gets its library)';

/** Variables are not arguments, but state that a function reads and writes. */
const isArgument = (tensor: Tensor): boolean => !(tensor instanceof core.Variable);

const shapeOf = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;
const told = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(', ')}]`;

/** The function that `jit` hands out. */
export function compile(fn: Fn, options: JitOptions): Fn {
  const compiled = new Compiled(fn, options);
  tell(compiled);
  return (...given) => compiled.call(given);
}
