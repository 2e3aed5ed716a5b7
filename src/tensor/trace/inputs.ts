// The inputs of a recorded function beside its arguments, gathered at each call: captured tensors, numbers of optimizers, seeds.
import type { HandleBackend } from '../tensorflow/backend.ts';
import type { GraphValue } from '../tensorflow/graph.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import type { EagerValue } from '../tensorflow/values.ts';
import type { Recorder } from './recorder.ts';

interface Steps {
  readonly steps: number;
  /** Steps that there is room for: XLA compiles for each shape. */
  readonly room?: number;
  /** Called before the numbers of a step are read: what changes them from step to step. */
  readonly beforeStep?: ((step: number) => void) | undefined;
}

/** Numbers that are the same in all steps, as the value that they were made into. */
interface Same {
  readonly numbers: readonly number[];
  readonly value: EagerValue;
}

export class Inputs {
  /** Their places in the graph, in the order of `with`. */
  readonly values: readonly GraphValue[];
  readonly #recorder: Recorder;
  #same: Same | undefined;
  #backend: HandleBackend | undefined;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    const { inputs, numbers, seeds } = recorder;
    this.values = [...inputs.map(({ value }) => value), ...[numbers, seeds].filter((value) => value !== undefined)];
  }

  /** Calls with the handles of all, which are good within the call only. */
  with<T>(
    backend: HandleBackend,
    { steps, room = steps, beforeStep }: Steps,
    call: (handles: readonly Pointer[]) => T,
  ): T {
    const { inputs, numbers, seeds } = this.#recorder;
    this.#backend = backend;
    const handles = inputs.map(({ source }) => {
      const tensor = source.kind === 'captured' ? source.tensor : source.read();
      return backend.handleOf(tensor).handle;
    });
    const made: EagerValue[] = [];
    if (numbers && beforeStep) made.push(this.#numbersOf(backend, steps, room, beforeStep));
    else if (numbers) handles.push(this.#sameNumbers(backend, room).handle);
    if (seeds) made.push(this.#drawn(backend, steps, room));
    try {
      return call([...handles, ...made.map(({ handle }) => handle)]);
    } finally {
      for (const value of made) backend.values.free(value);
    }
  }

  [Symbol.dispose](): void {
    if (this.#same) this.#backend?.values.free(this.#same.value);
  }

  #numbersOf({ values }: HandleBackend, steps: number, room: number, beforeStep: (step: number) => void): EagerValue {
    const { reads } = this.#recorder;
    const numbers = new Float32Array(room * reads.length);
    for (let step = 0, at = 0; step < steps; step++) {
      beforeStep(step);
      for (const read of reads) numbers[at++] = read();
    }
    return values.make(numbers, 'float32', [room, reads.length]);
  }

  /** Kept for the next call, until one of them has changed. */
  #sameNumbers({ values }: HandleBackend, room: number): EagerValue {
    const numbers = this.#recorder.reads.map((read) => read());
    const old = this.#same;
    if (old && numbers.every((number, i) => Object.is(number, old.numbers[i]))) return old.value;
    const all = new Float32Array(room * numbers.length);
    for (let step = 0; step < room; step++) all.set(numbers, step * numbers.length);
    const value = values.make(all, 'float32', [room, numbers.length]);
    this.#same = { numbers, value };
    if (old) values.free(old.value);
    return value;
  }

  #drawn({ values }: HandleBackend, steps: number, room: number): EagerValue {
    const { draws } = this.#recorder;
    const numbers = new Int32Array(room * draws.length * 2);
    for (let step = 0, at = 0; step < steps; step++)
      for (const next of draws) for (const number of next()) numbers[at++] = number;
    return values.make(numbers, 'int32', [room, draws.length, 2]);
  }
}
