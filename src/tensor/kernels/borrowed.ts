// Kernels borrowed from the plain JavaScript backend, with their data copied there and back: the last resort, so that every kernel
// works on the wasm and the webgpu backend.
import type {
  KernelBackend,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';

type Inputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[] | null | undefined>>;

/** A call of a kernel of a backend that has no such kernel. */
export interface BorrowedCall {
  readonly inputs: Inputs;
  readonly attrs: unknown;
  readonly backend: KernelBackend;
}

/** Computes a kernel on the cpu backend; its inputs and outputs are the given backend's. */
export function borrow(kernel: string, { inputs, attrs, backend }: BorrowedCall): TensorInfo | TensorInfo[] {
  // Opens the cpu backend at its first use; its kernels come with it.
  const cpu = core.engine().findBackend('cpu');
  const { kernelFunc } = core.getKernel(kernel, 'cpu') as { kernelFunc: KernelFunc };
  const made: TensorInfo[] = [];
  const copies = mapInputs(inputs, (info) => {
    made.push(copy(info, backend, cpu));
    // Some kernels look at the rank, as if they were given tensors.
    return Object.assign(made.at(-1)!, { rank: info.shape.length });
  });
  const out = kernelFunc({ inputs: copies, attrs: attrs as NamedAttrMap, backend: cpu });
  const results = [out].flat().map((info) => copy(info, cpu, backend));
  for (const info of [...made, ...[out].flat()]) free(info, cpu);
  return Array.isArray(out) ? results : results[0]!;
}

/** Some kernels of the cpu backend return tensors that the engine counts. */
function free(info: TensorInfo | Tensor, cpu: KernelBackend): void {
  if ('dispose' in info) info.dispose();
  else cpu.disposeData(info.dataId);
}

/** Inputs are a record or an array of tensors, or of arrays of tensors (ragged ones); some may be absent. */
function mapInputs(inputs: Inputs, copyOf: (info: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  const each = (value: Inputs[string]): unknown =>
    Array.isArray(value) ? value.map(copyOf) : value && copyOf(value as TensorInfo);
  const mapped = Array.isArray(inputs)
    ? inputs.map(each)
    : Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, each(value)]));
  return mapped as NamedTensorInfoMap;
}

/** The same tensor on another backend. The session's backends take the values of complex tensors in pairs (`move`). */
function copy({ dataId, shape, dtype }: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
  const copied = { dataId: {}, shape, dtype };
  to.move(copied.dataId, from.readSync(dataId), shape, dtype, 1);
  return copied;
}
