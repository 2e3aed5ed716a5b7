// A recorded function, ready to run: gathers its inputs, calls it in one of its forms, stores what it has changed and hands its results
// out as tensors.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import { openContext } from '../tensorflow/context.ts';
import type { GraphValue } from '../tensorflow/graph.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import { EagerValue } from '../tensorflow/values.ts';
import { Forms, type FormsReport } from './forms.ts';
import { Guard } from './guard.ts';
import { Inputs } from './inputs.ts';
import { type Lowered, type Recorded, record } from './record.ts';
import { store } from './store.ts';
import { fill } from './template.ts';

/** One function for arguments of certain shapes and dtypes. Whoever made it disposes of it. */
export class Program {
  readonly operations: number;
  /** Milliseconds that recording took. */
  readonly recordMs: number;
  readonly guard: Guard;
  readonly #recorded: Recorded;
  readonly #inputs: Inputs;
  readonly #forms: Forms;
  readonly #outputs: readonly GraphValue[];

  /**
   * @param fn called once, with tensors that stand for the arguments.
   * @throws NotRecordable with the reason; whatever `fn` throws.
   */
  constructor(fn: (...given: Tensor[]) => unknown, like: readonly Tensor[], lowered: Lowered = {}) {
    const begun = performance.now();
    let given: GraphValue[] = [];
    this.#recorded = record((recorder) => {
      given = like.map(({ dtype, shape }) => recorder.ops.placeholder(dtype, shape));
      return fn(...given.map((value) => recorder.tensorOf(value)));
    }, lowered);
    const { recorder, results, changed } = this.#recorded;
    try {
      this.#inputs = new Inputs(recorder);
      const values = [...given, ...this.#inputs.values];
      this.#outputs = [...results, ...changed.map(({ value }) => value)].map(
        (value) => recorder.ops.one('Identity', [value]) as GraphValue,
      );
      this.operations = recorder.ops.count;
      const options = { xla: lowered.xla ?? true, recorded: recorder.ops };
      this.#forms = new Forms(openContext(), recorder.ops, values, this.#outputs, options);
      this.guard = new Guard(this.#recorded);
    } finally {
      recorder.dispose();
    }
    this.recordMs = performance.now() - begun;
  }

  /** Runs it; the tensors of the result are the caller's. */
  run(backend: HandleBackend, given: readonly Tensor[]): unknown {
    const { results, changed, template, recorder } = this.#recorded;
    const handles: Pointer[] = given.map((tensor) => backend.handleOf(tensor).handle);
    const outputs = this.#inputs.with(backend, { steps: 1 }, (more) => this.#forms.call([...handles, ...more]));
    const values = this.#outputs.map(({ dtype, shape }, i) => new EagerValue(outputs[i]!, dtype, shape));
    const updates = changed.map(({ read }, i) => ({ tensor: read(), value: values[results.length + i]! }));
    store(backend, updates, recorder.effects);
    const tensors = values.slice(0, results.length).map((value) => {
      const { dataId, shape, dtype } = backend.give(value);
      return core.engine().makeTensorFromDataId(dataId, shape, dtype, backend);
    });
    return fill(template, tensors);
  }

  report(): FormsReport {
    return this.#forms.report();
  }

  [Symbol.dispose](): void {
    this.#forms[Symbol.dispose]();
    this.#inputs[Symbol.dispose]();
    for (const part of this.#recorded.recorder.functions) part[Symbol.dispose]();
  }
}
