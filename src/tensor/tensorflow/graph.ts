// Records ops into a graph instead of running them (beside eager.ts). The shapes of what they will give are inferred by TensorFlow.
import { AttrSetter } from './attributes.ts';
import type { Context } from './context.ts';
import { type Dtype, dtypeCode, dtypeOf } from './dtypes.ts';
import type { GraphFunction } from './function.ts';
import type { Attrs, Inputs, Ops, Value } from './ops.ts';
import type { GraphOutput, Pointer } from './prototypes.ts';
import { type HostValues, Values } from './values.ts';

/** A recorded value: one output of an operation. */
export class GraphValue implements Value, GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
  readonly dtype: Dtype;
  readonly shape: readonly number[];

  constructor(oper: Pointer, index: number, dtype: Dtype, shape: readonly number[]) {
    this.oper = oper;
    this.index = index;
    this.dtype = dtype;
    this.shape = shape;
  }
}

/** Constants of at most this many values are written once. */
const small = 64;

/** A graph that grows by what is recorded into it. */
export class GraphOps implements Ops {
  readonly recording = true;
  readonly graph: Pointer;
  /** Operations so far, constants left out. */
  count = 0;
  /** Kinds of operations that were recorded. */
  readonly used = new Set<string>();
  readonly #context: Context;
  readonly #attrs: AttrSetter;
  readonly #values: Values;
  readonly #constants = new Map<string, GraphValue>();
  #names = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#attrs = new AttrSetter(context, 'operation');
    this.#values = new Values(context.library, context.status);
    this.graph = context.library.api.TF_NewGraph();
  }

  [Symbol.dispose](): void {
    this.#context.library.api.TF_DeleteGraph(this.graph);
  }

  run(op: string, inputs: Inputs, attrs?: Attrs): Value[] {
    this.count++;
    this.used.add(op);
    return this.#add(op, inputs, (description) => {
      if (attrs) this.#attrs.set(description, op, attrs);
    });
  }

  one(op: string, inputs: Inputs, attrs?: Attrs): Value {
    return this.run(op, inputs, attrs)[0]!;
  }

  constant(values: number | ArrayLike<number> | readonly string[], dtype: Dtype, shape?: readonly number[]): Value {
    const isNumber = typeof values === 'number';
    const lengths = shape ?? (isNumber ? [] : [values.length]);
    if (isNumber && lengths.length > 0)
      return this.one('Fill', [this.constant(lengths, 'int32'), this.constant(values, dtype)]);
    const list = isNumber ? [values] : values;
    if (list.length > small) return this.#constant(list, dtype, lengths);
    const text = Array.from(list as ArrayLike<unknown>, (value) => (Object.is(value, -0) ? '-0' : String(value)));
    const key = `${dtype} ${JSON.stringify(text)} ${lengths}`;
    let value = this.#constants.get(key);
    if (!value) {
      value = this.#constant(list, dtype, lengths);
      this.#constants.set(key, value);
    }
    return value;
  }

  /** A value that is given when the graph runs; −1 where a length is unknown. */
  placeholder(dtype: Dtype, shape: readonly number[]): GraphValue {
    return this.#add('Placeholder', [], (description) =>
      this.#attrs.set(description, 'Placeholder', { dtype, shape }),
    )[0]!;
  }

  /** Counts what another graph that it calls consists of as its own. */
  take({ count, used }: GraphOps): void {
    this.count += count;
    for (const op of used) this.used.add(op);
  }

  /** Repeats one function, from state to state, as long as another gives true. */
  loop(condition: GraphFunction, body: GraphFunction, state: readonly GraphValue[]): GraphValue[] {
    const { library, status } = this.#context;
    const { api } = library;
    for (const { pointer } of [condition, body]) {
      api.TF_GraphCopyFunction(this.graph, pointer, null, status.pointer);
      status.check();
    }
    const shapes = { output_shapes: state.map(({ shape }) => shape) };
    return this.#add('StatelessWhile', [state], (description) => {
      this.#attrs.set(description, 'StatelessWhile', shapes);
      api.TF_SetAttrFuncName(description, 'cond', condition.name, condition.name.length);
      api.TF_SetAttrFuncName(description, 'body', body.name, body.name.length);
    });
  }

  /** Calls a function, which gives values of the dtypes and shapes of `like`. */
  call(called: GraphFunction, inputs: readonly GraphValue[], like: readonly Value[]): GraphValue[] {
    const { library, status } = this.#context;
    library.api.TF_GraphCopyFunction(this.graph, called.pointer, null, status.pointer);
    status.check();
    const results = this.#add('PartitionedCall', [inputs], (description) => {
      library.api.TF_SetAttrFuncName(description, 'f', called.name, called.name.length);
      if (called.form === 'xla') library.api.TF_SetAttrBool(description, '_XlaMustCompile', 1);
      this.#attrs.set(description, 'PartitionedCall', { Tout: like.map(({ dtype }) => dtype) });
    });
    // What it gives is not inferred.
    return results.map(
      (value, i) => this.one('Reshape', [value, this.constant(like[i]!.shape, 'int32')]) as GraphValue,
    );
  }

  #constant(values: ArrayLike<number> | readonly string[], dtype: Dtype, shape: readonly number[]): GraphValue {
    const { library, status } = this.#context;
    const tensor = this.#values.tensor(values as HostValues, dtype, shape);
    try {
      return this.#add('Const', [], (description) => {
        library.api.TF_SetAttrType(description, 'dtype', dtypeCode(dtype));
        library.api.TF_SetAttrTensor(description, 'value', tensor, status.pointer);
        status.check();
      })[0]!;
    } finally {
      library.api.TF_DeleteTensor(tensor);
    }
  }

  #add(op: string, inputs: Inputs, describe: (description: Pointer) => void): GraphValue[] {
    const { library, status } = this.#context;
    const { api } = library;
    const description = api.TF_NewOperation(this.graph, op, `n${this.#names++}`);
    for (const input of inputs) {
      if (Array.isArray(input)) api.TF_AddInputList(description, outputList(input as GraphValue[]), input.length);
      else api.TF_AddInput(description, input as GraphValue);
    }
    describe(description);
    const oper = api.TF_FinishOperation(description, status.pointer);
    status.check();
    return Array.from({ length: api.TF_OperationNumOutputs(oper) }, (_, index) => this.#output(oper, index));
  }

  #output(oper: Pointer, index: number): GraphValue {
    const { library, status } = this.#context;
    const { api } = library;
    const output = { oper, index };
    const dtype = dtypeOf(api.TF_OperationOutputType(output));
    const rank = api.TF_GraphGetTensorNumDims(this.graph, output, status.pointer);
    // A rank that is not known is told apart from a scalar by a length that is not.
    if (rank < 0) return new GraphValue(oper, index, dtype, [-1]);
    const lengths = new BigInt64Array(Math.max(rank, 1));
    api.TF_GraphGetTensorShape(this.graph, output, lengths, rank, status.pointer);
    status.check();
    return new GraphValue(oper, index, dtype, Array.from(lengths.subarray(0, rank), Number));
  }
}

/** `TF_Output`s in memory: two words each. */
export function outputList(values: readonly GraphOutput[]): BigUint64Array {
  const list = new BigUint64Array(Math.max(values.length * 2, 1));
  values.forEach(({ oper, index }, i) => {
    list[i * 2] = oper;
    list[i * 2 + 1] = BigInt(index);
  });
  return list;
}
