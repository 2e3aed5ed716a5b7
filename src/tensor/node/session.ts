// One run of a loaded graph: tensors go in and come out through TensorFlow's handles, cast to and from the dtypes of the graph.
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { openContext } from '../tensorflow/context.ts';
import type { EagerOps } from '../tensorflow/eager.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import type { EagerValue, HostValues } from '../tensorflow/values.ts';
import { graphDtype, sessionDtype, type TensorFacts } from './meta-graphs.ts';

/** The values of an output; strings as bytes. */
export interface Output {
  readonly values: ReturnType<EagerOps['values']['read']>;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** Runs what `outputs` need of a graph with `tensors` for its `inputs`. */
export function runGraph(
  ops: EagerOps,
  { graph, session }: { readonly graph: Pointer; readonly session: Pointer },
  inputs: readonly TensorFacts[],
  tensors: readonly Tensor[],
  outputs: readonly TensorFacts[],
): Output[] {
  const { library, status } = openContext();
  const { api } = library;
  const owned: EagerValue[] = [];
  const own = (value: EagerValue): EagerValue => {
    owned.push(value);
    return value;
  };
  const given: Pointer[] = [];
  try {
    inputs.forEach((input, i) => {
      const { shape, dtype } = tensors[i]!;
      const value = own(ops.values.make(tensors[i]!.dataSync() as HostValues, dtype, shape));
      const tensor = api.TFE_TensorHandleResolve(cast(ops, value, graphDtype(input)).handle, status.pointer);
      status.check();
      given.push(tensor);
    });
    const results = new BigUint64Array(outputs.length);
    const [from, to] = [inputs, outputs].map((list) => places(graph, list));
    api.TF_SessionRun(
      session,
      null,
      from!,
      BigUint64Array.from(given),
      given.length,
      to!,
      results,
      results.length,
      null,
      0,
      null,
      status.pointer,
    );
    status.check();
    const values = Array.from(results, (tensor) => {
      const handle = api.TFE_NewTensorHandle(tensor, status.pointer);
      api.TF_DeleteTensor(tensor);
      return own(ops.values.adopt(handle));
    });
    return values.map((value) => {
      const dtype = sessionDtype(value.dtype);
      return { values: ops.values.read(cast(ops, value, dtype)), shape: [...value.shape], dtype };
    });
  } finally {
    for (const tensor of given) api.TF_DeleteTensor(tensor);
    for (const value of owned) ops.values.free(value);
  }
}

function cast(ops: EagerOps, value: EagerValue, to: EagerValue['dtype']): EagerValue {
  return value.dtype === to ? value : (ops.one('Cast', [value], { DstT: to }) as EagerValue);
}

/** `TF_Output`s: two words each, the operation and the number of its output. */
function places(graph: Pointer, tensors: readonly TensorFacts[]): BigUint64Array {
  const { api } = openContext().library;
  const words = tensors.flatMap(({ name }) => {
    const [operation = name, output = '0'] = name.split(':');
    const found = api.TF_GraphOperationByName(graph, operation);
    if (!found) throw new Error(`the graph has no operation ${operation}`);
    return [found, BigInt(output)];
  });
  return BigUint64Array.from(words);
}
