// Kernels borrowed from the plain JavaScript backend, with their data copied there and back: the last resort, so that every kernel
// works on wasm. Each is reported once.
import type { KernelFunc, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { WasmBackend } from '../wasm.ts';
import type { KernelCall } from './call.ts';

type CpuBackend = import('@tensorflow/tfjs-backend-cpu').MathBackendCPU;
type Inputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[] | null | undefined>>;

const reported = new Set<string>();
let report: (kernel: string) => void = () => {};

/** Calls `listener` once for each kernel that wasm lacks and that is now computed, slower, in plain JavaScript. */
export function onBorrowed(listener: (kernel: string) => void): void {
  report = listener;
}

/** Computes a kernel on the cpu backend; its inputs and outputs are the wasm backend's. */
export function borrow(kernel: string, { inputs, attrs, backend }: KernelCall): TensorInfo | TensorInfo[] {
  // Opens the cpu backend at its first use; its kernels come with it.
  const cpu = core.engine().findBackend('cpu') as CpuBackend;
  const { kernelFunc } = core.getKernel(kernel, 'cpu') as { kernelFunc: KernelFunc };
  // Strings are plain JavaScript's in any case: nothing is slower for it.
  const strings = [Object.values(inputs)].flat(2).some((info) => info?.dtype === 'string');
  if (!strings && !reported.has(kernel)) {
    reported.add(kernel);
    report(kernel);
  }
  const made: TensorInfo[] = [];
  const copies = mapInputs(inputs, (info) => {
    made.push(copyIn(info, backend, cpu));
    return made.at(-1)!;
  });
  const out = kernelFunc({ inputs: copies, attrs, backend: cpu });
  const results = [out].flat().map((info) => copyOut(info, cpu, backend));
  for (const info of [...made, ...[out].flat()]) free(info, cpu);
  return Array.isArray(out) ? results : results[0]!;
}

/** Some kernels of the cpu backend return tensors that the engine counts. */
function free(info: TensorInfo | Tensor, cpu: CpuBackend): void {
  if ('dispose' in info) info.dispose();
  else cpu.disposeData(info.dataId);
}

/** Inputs are a record or an array of tensors, or of arrays of tensors (ragged ones); some may be absent. */
function mapInputs(inputs: Inputs, copy: (info: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  const each = (value: Inputs[string]): unknown =>
    Array.isArray(value) ? value.map(copy) : value && copy(value as TensorInfo);
  const mapped = Array.isArray(inputs)
    ? inputs.map(each)
    : Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, each(value)]));
  return mapped as NamedTensorInfoMap;
}

function copyIn({ dataId, shape, dtype }: TensorInfo, from: WasmBackend, cpu: CpuBackend): TensorInfo {
  const { complex } = from.dataIdMap.get(dataId);
  if (!complex) return cpu.makeTensorInfo(shape, dtype, from.readSync(dataId) as Float32Array);
  const [real, imag] = [complex.real, complex.imag].map((part) => copyIn({ ...part, shape }, from, cpu));
  const { kernelFunc } = core.getKernel('Complex', 'cpu') as { kernelFunc: KernelFunc };
  const joined = kernelFunc({ inputs: { real: real!, imag: imag! }, backend: cpu, attrs: {} }) as TensorInfo;
  // The complex tensor holds its parts from here on.
  for (const part of [real!, imag!]) cpu.disposeData(part.dataId);
  return joined;
}

function copyOut({ dataId, shape, dtype }: TensorInfo, cpu: CpuBackend, to: WasmBackend): TensorInfo {
  const { complexTensorInfos } = cpu.data.get(dataId);
  if (!complexTensorInfos) return to.makeOutput(shape, dtype, undefined, cpu.readSync(dataId));
  const [real, imag] = [complexTensorInfos.real, complexTensorInfos.imag].map((part) => copyOut(part, cpu, to));
  const joined = to.makeComplex({ ...real!, shape }, { ...imag!, shape });
  for (const part of [real!, imag!]) to.disposeData(part.dataId);
  return joined;
}
