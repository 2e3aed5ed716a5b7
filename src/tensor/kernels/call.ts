// How our kernels are written: functions from tensors' infos to infos, which run the wasm backend's other kernels and free what
// they made on the way.
import type { DataType, KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { WasmBackend } from '../wasm.ts';
import type { NativeFunction } from '../wasm-module.ts';

/** What a kernel is called with. Attributes are named and typed by tfjs-core (kernel_names). */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows the attributes of its own name.
  readonly attrs: any;
  readonly backend: WasmBackend;
}

export type Kernel = (call: KernelCall) => TensorInfo | TensorInfo[];

/** Runs a kernel of the wasm backend by its name, ours or tfjs's. The caller frees the outputs. */
export function runAll(
  backend: WasmBackend,
  name: string,
  inputs: Record<string, TensorInfo>,
  attrs: object = {},
): TensorInfo[] {
  const kernel = core.getKernel(name, 'wasm').kernelFunc as KernelFunc;
  const out = kernel({ inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend });
  return [out].flat();
}

/** A kernel with one output. */
export function run(
  backend: WasmBackend,
  name: string,
  inputs: Record<string, TensorInfo>,
  attrs: object = {},
): TensorInfo {
  return runAll(backend, name, inputs, attrs)[0]!;
}

/** One kernel of a composition. */
export type Step = (name: string, inputs: Record<string, TensorInfo>, attrs?: object) => TensorInfo;

/** Runs kernels one by one; all their outputs are freed at the end, except what `body` returns. */
export function compose(backend: WasmBackend, body: (step: Step) => TensorInfo): TensorInfo {
  const made: TensorInfo[] = [];
  const result = body((name, inputs, attrs) => {
    const out = run(backend, name, inputs, attrs);
    made.push(out);
    return out;
  });
  for (const info of made) if (info !== result) backend.disposeData(info.dataId);
  return result;
}

/** The same data under another shape: shared, counted as one more reference. */
export function share(backend: WasmBackend, info: TensorInfo, shape: readonly number[] = info.shape): TensorInfo {
  backend.incRef(info.dataId);
  return { dataId: info.dataId, shape: [...shape], dtype: info.dtype };
}

/** Byte offset of a tensor's values in the heap. */
export const offsetOf = (backend: WasmBackend, info: TensorInfo): number =>
  backend.dataIdMap.get(info.dataId).memoryOffset;

/** Number of a tensor in the binary. */
export const idOf = (backend: WasmBackend, info: TensorInfo): number => backend.dataIdMap.get(info.dataId).id;

/** The values of a float32 tensor; good until the next allocation, so take it after the output was made. */
export const floats = (backend: WasmBackend, info: TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(info) as Float32Array;

/** A new tensor of zeros. */
export function zeros(backend: WasmBackend, shape: readonly number[], dtype: DataType): TensorInfo {
  const out = backend.makeOutput(shape, dtype);
  backend.typedArrayFromHeap(out).fill(0);
  return out;
}

const originals = new Map<string, KernelFunc>();

/** Puts a kernel of ours in the place of tfjs's, which stays within reach of `original`. */
export function replace(name: string, kernel: Kernel): void {
  const present = core.getKernel(name, 'wasm');
  if (present) {
    originals.set(name, present.kernelFunc);
    core.unregisterKernel(name, 'wasm');
  }
  core.registerKernel({
    ...present,
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: kernel as unknown as KernelFunc,
  });
}

/** Runs tfjs's own kernel of a name that ours has taken. */
export function original(name: string, { inputs, attrs, backend }: KernelCall): TensorInfo | TensorInfo[] {
  return originals.get(name)!({ inputs, attrs, backend });
}

const natives = new WeakMap<object, Map<string, NativeFunction>>();

/** A function of the binary; `signature` has `n` for a number and `a` for an array of bytes, one letter an argument. */
export function native(backend: WasmBackend, name: string, signature: string): NativeFunction {
  const known = natives.get(backend.wasm) ?? new Map<string, NativeFunction>();
  natives.set(backend.wasm, known);
  const types = () => [...signature].map((letter) => (letter === 'a' ? 'array' : 'number'));
  const found = known.get(name) ?? backend.wasm.cwrap(name, null, types());
  known.set(name, found);
  return found;
}

/** Integers as the bytes that functions of the binary take for a shape. */
export const shapeBytes = (shape: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(shape).buffer);
