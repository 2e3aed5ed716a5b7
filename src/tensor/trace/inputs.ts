// The inputs of a recorded function beside its arguments, gathered at each call: captured tensors, numbers of optimizers, seeds.
import type { HandleBackend } from '../tensorflow/backend.ts';
import type { GraphValue } from '../tensorflow/graph.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import type { EagerValue } from '../tensorflow/values.ts';
import type { Recorder, Source } from './recorder.ts';

/** A number as the scalar that it was made into; made again when it has changed. */
interface Scalar {
  readonly number: number;
  readonly value: EagerValue;
}

interface Steps {
  readonly steps: number;
  readonly room?: number;
}

export class Inputs {
  /** Their places in the graph, in the order of `with`. */
  readonly values: readonly GraphValue[];
  readonly #recorder: Recorder;
  readonly #scalars: (Scalar | undefined)[] = [];
  #backend: HandleBackend | undefined;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    const { inputs, seeds } = recorder;
    this.values = [...inputs.map(({ value }) => value), ...(seeds ? [seeds] : [])];
  }

  /**
   * Calls with the handles of all, which are good within the call only. Seeds are drawn for a number of steps, and there is `room` for
   * more: XLA compiles for each shape.
   */
  with<T>(backend: HandleBackend, { steps, room = steps }: Steps, call: (handles: readonly Pointer[]) => T): T {
    const { inputs, draws, seeds } = this.#recorder;
    this.#backend = backend;
    const handles = inputs.map(({ source }, i) => this.#handle(backend, source, i));
    if (!seeds) return call(handles);
    const numbers = new Int32Array(room * draws.length * 2);
    for (let step = 0, at = 0; step < steps; step++)
      for (const next of draws) for (const number of next()) numbers[at++] = number;
    const value = backend.values.make(numbers, 'int32', [room, draws.length, 2]);
    try {
      return call([...handles, value.handle]);
    } finally {
      backend.values.free(value);
    }
  }

  [Symbol.dispose](): void {
    for (const scalar of this.#scalars) if (scalar) this.#backend?.values.free(scalar.value);
  }

  #handle(backend: HandleBackend, source: Source, i: number): Pointer {
    if (source.kind === 'captured') return backend.handleOf(source.tensor).handle;
    if (source.kind === 'tensor') return backend.handleOf(source.read()).handle;
    const number = source.read();
    let scalar = this.#scalars[i];
    if (!scalar || !Object.is(scalar.number, number)) {
      if (scalar) backend.values.free(scalar.value);
      scalar = { number, value: backend.values.make([number], 'float32', []) };
      this.#scalars[i] = scalar;
    }
    return scalar.value.handle;
  }
}
