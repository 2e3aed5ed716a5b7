// A step over batches of a data set, repeated within one call: data and state stay on the device, batches are gathered by index, and
// the number of steps is an input, so that one program serves any.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import { openContext } from '../tensorflow/context.ts';
import { GraphFunction } from '../tensorflow/function.ts';
import { GraphOps, type GraphValue } from '../tensorflow/graph.ts';
import { cast } from '../tensorflow/kernels/arrange.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import { EagerValue } from '../tensorflow/values.ts';
import { Forms, type FormsReport } from './forms.ts';
import { Guard } from './guard.ts';
import { Inputs } from './inputs.ts';
import { type Lowered, type Recorded, record } from './record.ts';
import type { Recorder } from './recorder.ts';
import { store } from './store.ts';

/** Steps of one call at most. */
export const mostSteps = 2048;

/** Gives scalars, the values to be logged, for a batch of each tensor of the data. */
export type Step = (batch: Tensor[]) => Tensor[];

/** What one call is to do. */
export interface Order {
  /** int32 [n]: places of samples in the data, in the order in which they are taken. */
  readonly order: EagerValue;
  /** Where in `order` the first batch begins. */
  readonly from: number;
  readonly steps: number;
  /** Called before the numbers of each step are read (its place in the call): schedules. */
  readonly beforeStep?: ((step: number) => void) | undefined;
  /** Steps that will come after these. */
  readonly ahead: number;
  /** Sums of the logged values over samples, from before. The call takes them over. */
  readonly sums: readonly EagerValue[];
}

/** What one call gives. */
export interface Outcome {
  /** Steps that were done: fewer than ordered where the first logged value is NaN after the last of them. */
  readonly steps: number;
  readonly sums: EagerValue[];
  /** Values of the last step. */
  readonly last: EagerValue[];
}

export interface LoopOptions extends Lowered {
  readonly stopsAtNaN?: boolean;
}

/** The loop's own inputs, which come before those of the step. */
const own = ['step', 'steps', 'from', 'order'] as const;

export class Loop {
  readonly batch: number;
  readonly guard: Guard;
  readonly operations: number;
  readonly recordMs: number;
  /** How many values are logged. */
  readonly labels: number;
  readonly #stopsAtNaN: boolean;
  readonly #recorded: Recorded;
  /** In the order of the outputs. */
  #changed: Recorded['changed'] = [];
  readonly #inputs: Inputs;
  readonly #forms: Forms;
  readonly #parts: GraphFunction[];

  /**
   * @param data tensors [n, …] whose first axis is gathered from.
   * @throws NotRecordable with the reason; whatever `step` throws.
   */
  constructor(
    step: Step,
    data: readonly Tensor[],
    batch: number,
    { stopsAtNaN = false, ...lowered }: LoopOptions = {},
  ) {
    const begun = performance.now();
    this.batch = batch;
    this.#stopsAtNaN = stopsAtNaN;
    const places: GraphValue[] = [];
    this.#recorded = record((recorder) => {
      const { ops } = recorder;
      places.push(...own.slice(0, 3).map(() => ops.placeholder('int32', [])));
      places.push(ops.placeholder('int32', [data[0]!.shape[0]!]));
      places.push(...data.map(({ dtype, shape }) => ops.placeholder(dtype, shape)));
      recorder.step = places[0]!;
      return step(gathered(recorder, places, batch));
    }, lowered);
    const { recorder, results, changed } = this.#recorded;
    this.labels = results.length;
    // Also of variables that are only written: the loop carries what it writes.
    for (const { read } of changed) recorder.recorded(read());
    try {
      this.#inputs = new Inputs(recorder);
      const [whole, parts] = this.#build(recorder, places);
      this.#parts = parts;
      this.operations = recorder.ops.count;
      this.#forms = new Forms(openContext(), whole.ops, whole.inputs, whole.outputs, {
        xla: lowered.xla ?? true,
        recorded: recorder.ops,
      });
      whole.ops[Symbol.dispose]();
      this.guard = new Guard(this.#recorded);
    } finally {
      recorder.dispose();
    }
    this.recordMs = performance.now() - begun;
  }

  /** Runs on another thread and stores what variables are then, unless `wanted` says meanwhile that nobody wants it any more. */
  async runAside(
    backend: HandleBackend,
    data: readonly Tensor[],
    order: Order,
    wanted: () => boolean,
  ): Promise<Outcome | undefined> {
    let outputs: BigUint64Array;
    try {
      outputs = await this.#with(backend, data, order, (inputs) =>
        this.#forms.callAside(inputs, order.steps, order.ahead),
      );
    } finally {
      for (const sum of order.sums) backend.values.free(sum);
    }
    if (wanted()) return this.#finish(backend, outputs, order.steps);
    for (const handle of outputs) backend.values.freeHandle(handle);
    return undefined;
  }

  /** The same at once. */
  run(backend: HandleBackend, data: readonly Tensor[], order: Order): Outcome {
    const outputs = this.#with(backend, data, order, (inputs) => this.#forms.call(inputs, order.steps, order.ahead));
    for (const sum of order.sums) backend.values.free(sum);
    return this.#finish(backend, outputs, order.steps);
  }

  report(): FormsReport {
    return this.#forms.report();
  }

  [Symbol.dispose](): void {
    this.#forms[Symbol.dispose]();
    this.#inputs[Symbol.dispose]();
    for (const part of [...this.#parts, ...this.#recorded.recorder.functions]) part[Symbol.dispose]();
  }

  /** The loop as a graph of its own, and the functions of which it is made. */
  #build(recorder: Recorder, places: readonly GraphValue[]): [Whole, GraphFunction[]] {
    const { ops } = recorder;
    const { results, changed } = this.#recorded;
    const carried = new Map(changed.map((change) => [recorder.recorded(change.read()), change]));
    this.#changed = this.#inputs.values.flatMap((input) => carried.get(input) ?? []);
    const next = new Map([...carried].map(([place, { value }]) => [place, value]));
    const sums = results.map(() => ops.placeholder('float32', []));
    const last = results.map(() => ops.placeholder('float32', []));
    const inputs = [...places, ...this.#inputs.values, ...sums, ...last];
    const size = ops.constant(this.batch, 'float32');
    const logged = results.map((result) => cast(ops, result, 'float32'));
    const newSums = sums.map((sum, i) => ops.one('AddV2', [sum, ops.one('Mul', [logged[i]!, size])]));
    const outputs = [
      ops.one('AddV2', [places[0]!, ops.constant(1, 'int32')]),
      ...places.slice(1),
      ...this.#inputs.values.map((value) => next.get(value) ?? value),
      ...newSums,
      ...logged,
    ] as GraphValue[];
    const context = openContext();
    const body = new GraphFunction(context, ops, inputs, outputs);

    const asking = new GraphOps(context);
    const asked = inputs.map(({ dtype, shape }) => asking.placeholder(dtype, shape));
    const left = asking.one('Less', [asked[0]!, asked[1]!]);
    const value = asked[asked.length - results.length]!;
    // The first step is always done: its logged values are 0 before.
    const sound = this.#stopsAtNaN ? asking.one('Equal', [value, value]) : left;
    const more = asking.one('LogicalAnd', [left, sound]) as GraphValue;
    const condition = new GraphFunction(context, asking, asked, [more]);
    asking[Symbol.dispose]();

    const whole = new GraphOps(context);
    const given = inputs.slice(1).map(({ dtype, shape }) => whole.placeholder(dtype, shape));
    const done = whole.loop(condition, body, [whole.constant(0, 'int32') as GraphValue, ...given]);
    const wanted = inputs.flatMap((input, i) =>
      next.has(input) || i >= inputs.length - 2 * results.length ? [i] : [],
    );
    wanted.push(0);
    return [{ ops: whole, inputs: given, outputs: wanted.map((i) => done[i]!) }, [body, condition]];
  }

  #with<T>(backend: HandleBackend, data: readonly Tensor[], order: Order, call: (inputs: Pointer[]) => T): T {
    const { values } = backend;
    const numbers = [order.steps, order.from].map((number) => values.make([number], 'int32', []));
    const zero = values.make([0], 'float32', []);
    try {
      return this.#inputs.with(backend, { steps: order.steps, room: mostSteps, beforeStep: order.beforeStep }, (more) =>
        call([
          ...numbers.map(({ handle }) => handle),
          order.order.handle,
          ...data.map((tensor) => backend.handleOf(tensor).handle),
          ...more,
          ...order.sums.map(({ handle }) => handle),
          ...order.sums.map(() => zero.handle),
        ]),
      );
    } finally {
      for (const value of [...numbers, zero]) values.free(value);
    }
  }

  #finish(backend: HandleBackend, outputs: BigUint64Array, ordered: number): Outcome {
    const { recorder } = this.#recorded;
    const done = new EagerValue(outputs.at(-1)!, 'int32', []);
    const steps = this.#stopsAtNaN ? (backend.values.read(done)[0] as number) : ordered;
    backend.values.free(done);
    const updates = this.#changed.map(({ read, value: { dtype, shape } }, i) => ({
      tensor: read(),
      value: new EagerValue(outputs[i]!, dtype, shape),
    }));
    store(backend, updates, recorder.effects, steps);
    const scalars = Array.from(outputs.subarray(updates.length, -1), (handle) => new EagerValue(handle, 'float32', []));
    return { steps, sums: scalars.slice(0, this.labels), last: scalars.slice(this.labels) };
  }
}

interface Whole {
  readonly ops: GraphOps;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** A batch of each tensor of the data, in the running step. */
function gathered(recorder: Recorder, places: readonly GraphValue[], batch: number): Tensor[] {
  const { ops } = recorder;
  const number = (value: number) => ops.constant(value, 'int32');
  const [step, , from, order, ...data] = places;
  const start = ops.one('AddV2', [from!, ops.one('Mul', [step!, number(batch)])]);
  // Not a slice: XLA would take where it begins for a constant, and compile for each.
  const within = ops.constant(
    Int32Array.from({ length: batch }, (_, i) => i),
    'int32',
  );
  const indices = ops.one('GatherV2', [order!, ops.one('AddV2', [start, within]), number(0)]);
  return data.map((all) => recorder.tensorOf(ops.one('GatherV2', [all, indices, number(0)]) as GraphValue));
}

/** A value as a tensor of the running scope, which takes it over. */
export function tensorOf(backend: HandleBackend, value: EagerValue): Tensor {
  const { dataId, shape, dtype } = backend.give(value);
  return core.engine().makeTensorFromDataId(dataId, shape, dtype, backend);
}
