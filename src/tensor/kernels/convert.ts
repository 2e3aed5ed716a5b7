// Kernels that pass a tensor's values on, or turn them into another dtype: copies, casts, and the parts of complex tensors.
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { compose, type Kernel, type KernelCall, share, zeros } from './call.ts';

export const convertKernels: Record<string, Kernel> = {
  // tfjs copies the values here; a copy is what each tensor that the gradient tape saves would cost.
  Identity: ({ inputs, backend }) => share(backend, inputs.x!),
  Cast: cast,
  Complex: ({ inputs, backend }) => backend.makeComplex(inputs.real!, inputs.imag!),
  Real: ({ inputs, backend }) => share(backend, partsOf({ inputs, backend }).real, inputs.input!.shape),
  Imag: ({ inputs, backend }) => share(backend, partsOf({ inputs, backend }).imag, inputs.input!.shape),
  ComplexAbs: complexAbs,
};

type Pair = Pick<KernelCall, 'inputs' | 'backend'>;

function partsOf({ inputs, backend }: Pair): { real: TensorInfo; imag: TensorInfo } {
  const { complex } = backend.dataIdMap.get((inputs.input ?? inputs.x)!.dataId);
  if (!complex) throw new TypeError(`complex64 tensor expected, got ${(inputs.input ?? inputs.x)!.dtype}`);
  return complex;
}

/** Float → int32 truncates, anything → bool is "not zero", complex64 keeps its real part. */
function cast({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const x = inputs.x!;
  const dtype: DataType = attrs.dtype;
  if (x.dtype === dtype) return share(backend, x);
  if (x.dtype === 'complex64') {
    return compose(backend, (step) => step('Cast', { x: step('Real', { input: x }) }, { dtype }));
  }
  if (dtype === 'complex64') {
    const real = cast({ inputs: { x }, attrs: { dtype: 'float32' }, backend });
    const imag = zeros(backend, x.shape, 'float32');
    const out = backend.makeComplex(real, imag);
    for (const part of [real, imag]) backend.disposeData(part.dataId);
    return out;
  }
  if (x.dtype === 'string' || dtype === 'string') throw new TypeError(`cast: ${x.dtype} can't become ${dtype}`);
  const out = backend.makeOutput(x.shape, dtype);
  const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)];
  if (dtype === 'bool') for (let i = 0; i < from.length; i++) to[i] = from[i] !== 0 ? 1 : 0;
  else to.set(from);
  return out;
}

function complexAbs({ inputs, backend }: KernelCall): TensorInfo {
  const { real, imag } = partsOf({ inputs, backend });
  const out = backend.makeOutput(inputs.x!.shape, 'float32');
  const [re, im, to] = [real, imag, out].map((info) => backend.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < to.length; i++) to[i] = Math.hypot(re[i]!, im[i]!);
  return out;
}
