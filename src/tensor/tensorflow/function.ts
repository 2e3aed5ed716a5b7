// A graph as a function of TensorFlow's: named, in the context's library, called with handles. In one of two forms: its ops run one by
// one, or XLA compiles them as a whole at the first call for each shape.
import { nativeCall } from '../../session/native-calls.ts';
import { compiledCall, managerOf } from './cancellation.ts';
import type { Context } from './context.ts';
import { type GraphOps, type GraphValue, outputList } from './graph.ts';
import type { Pointer } from './prototypes.ts';
import { Status } from './status.ts';

export type Form = 'graph' | 'xla';

/** The AttrValue `{ b: true }` (field 5). */
const yes = Uint8Array.of(0x28, 1);

/** A call on another thread. */
export interface Aside {
  /** The handles of the outputs, which the caller owns; rejected with TensorFlow's message. */
  readonly done: Promise<BigUint64Array>;
  /** Whether the outputs are there: also seen by a loop in which no promise is ever settled. False for good after an error. */
  isDone(): boolean;
}

let made = 0;

/** A function in the context's library. */
interface Added {
  readonly context: Context;
  readonly name: string;
  readonly pointer: Pointer;
}

const added = new Set<Added>();

/** Takes functions out whose owners are gone: those of models and steps that nothing refers to. */
const lost = new FinalizationRegistry<Added>(remove);

function remove(one: Added): void {
  const { library, pointer, status } = one.context;
  library.api.TFE_ContextRemoveFunction(pointer, one.name, status.pointer);
  library.api.TF_DeleteFunction(one.pointer);
  added.delete(one);
}

/** How many functions TensorFlow knows of ours. */
export const functionCount = (): number => added.size;

/** What a call uses, again and again. */
interface Caller {
  readonly op: Pointer;
  readonly status: Status;
  readonly count: Int32Array;
}

let here: Caller | undefined;
/** Callers of other threads that are at rest: a call keeps its own until it is over. */
const resting: Caller[] = [];

function makeCaller({ library, pointer }: Context): Caller {
  const status = new Status(library.api);
  return { op: library.api.TFE_NewOp(pointer, 'Identity', status.pointer), status, count: new Int32Array(1) };
}

/** One function. Whoever made it disposes of it. */
export class GraphFunction {
  readonly name: string;
  readonly form: Form;
  readonly outputs: number;
  /** `TF_Function`, for graphs that name it. */
  readonly pointer: Pointer;
  readonly #context: Context;
  readonly #added: Added;

  /** The graph stays its owner's; it may be made into other functions too. @throws Error with TensorFlow's message. */
  constructor(
    context: Context,
    ops: GraphOps,
    inputs: readonly GraphValue[],
    outputs: readonly GraphValue[],
    form: Form = 'graph',
  ) {
    const { library, pointer, status } = context;
    const { api } = library;
    this.#context = context;
    this.name = `tensorcell_${made++}`;
    this.form = form;
    this.outputs = outputs.length;
    this.pointer = api.TF_GraphToFunction(
      ops.graph,
      this.name,
      0,
      -1,
      null,
      inputs.length,
      outputList(inputs),
      outputs.length,
      outputList(outputs),
      null,
      null,
      null,
      status.pointer,
    );
    status.check();
    if (form === 'xla') {
      api.TF_FunctionSetAttrValueProto(this.pointer, '_XlaMustCompile', yes, yes.length, status.pointer);
      status.check();
    }
    api.TFE_ContextAddFunction(pointer, this.pointer, status.pointer);
    status.check();
    this.#added = { context, name: this.name, pointer: this.pointer };
    added.add(this.#added);
    lost.register(this, this.#added, this);
  }

  /** Handles of the outputs, which the caller owns. @throws Error with TensorFlow's message. */
  call(inputs: readonly Pointer[]): BigUint64Array {
    here ??= makeCaller(this.#context);
    const { api } = this.#context.library;
    const outputs = this.#prepare(here, inputs);
    // What XLA has compiled listens to nobody.
    if (this.form === 'graph')
      api.TFE_OpSetCancellationManager(here.op, managerOf(this.#context.library), here.status.pointer);
    nativeCall[0] = compiledCall(this.form);
    api.TFE_Execute(here.op, outputs, here.count, here.status.pointer);
    nativeCall[0] = 0;
    here.status.check();
    return outputs;
  }

  /** The same on another thread: prints, charts and interrupts go on. The inputs may be freed meanwhile. */
  callAside(inputs: readonly Pointer[]): Aside {
    const caller = resting.pop() ?? makeCaller(this.#context);
    const { op, status, count } = caller;
    const outputs = this.#prepare(caller, inputs);
    const done = this.#context.library.executeAside(op, outputs, count, status.pointer).then(() => {
      resting.push(caller);
      status.check();
      // As long as the call runs, this is no garbage.
      return this.outputs > 0 ? outputs : new BigUint64Array();
    });
    return { done, isDone: () => outputs[0] !== 0n };
  }

  [Symbol.dispose](): void {
    lost.unregister(this);
    if (added.has(this.#added)) remove(this.#added);
  }

  #prepare({ op, status, count }: Caller, inputs: readonly Pointer[]): BigUint64Array {
    const { library, device } = this.#context;
    const { api } = library;
    api.TFE_OpReset(op, this.name, device, status.pointer);
    status.check();
    for (const input of inputs) api.TFE_OpAddInput(op, input, status.pointer);
    status.check();
    count[0] = this.outputs;
    return new BigUint64Array(Math.max(this.outputs, 1));
  }
}
