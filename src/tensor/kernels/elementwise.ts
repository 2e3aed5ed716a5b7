// Kernels that tfjs's binary has only in part: limits with NaN and int32, slopes that broadcast, choices between bools, strings to
// fill with, counts of more than one axis.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { borrow } from './borrowed.ts';
import { compose, type Kernel, type KernelCall, original } from './call.ts';

export const elementwiseKernels: Record<string, Kernel> = {
  ClipByValue: clip,
  Prelu: prelu,
  Select: select,
  // Of x as one row, whatever its shape.
  Bincount: (call) => original('Bincount', { ...call, inputs: { ...call.inputs, x: flat(call.inputs.x!) } }),
  Fill: (call) => (typeof call.attrs.value === 'string' ? borrow('Fill', call) : original('Fill', call)),
};

/** NaN stays NaN. */
function clip({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const x = inputs.x!;
  const { clipValueMin: least, clipValueMax: most } = attrs;
  const out = backend.makeOutput(x.shape, x.dtype);
  const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)];
  for (let i = 0; i < from.length; i++) {
    to[i] = Math.min(Math.max(from[i]!, least), most);
  }
  return out;
}

/** x where x ≥ 0, else x · alpha. The binary takes alpha as a row of the last axes of x. */
function prelu(call: KernelCall): TensorInfo {
  const { inputs, backend } = call;
  const { x, alpha } = inputs as { x: TensorInfo; alpha: TensorInfo };
  const own = alpha.shape.slice(alpha.shape.findIndex((size) => size !== 1));
  const lastAxes = own.every((size, i) => size === x.shape[x.shape.length - own.length + i]);
  if (lastAxes && x.dtype === 'float32' && alpha.dtype === 'float32') return original('Prelu', call) as TensorInfo;
  return compose(backend, (step) => {
    const [value, slope] = [x, alpha].map((info) => step('Cast', { x: info }, { dtype: 'float32' })) as [
      TensorInfo,
      TensorInfo,
    ];
    const zero = step('ZerosLike', { x: value });
    const negative = step('Minimum', { a: value, b: zero });
    return step('Add', { a: step('Maximum', { a: value, b: zero }), b: step('Multiply', { a: negative, b: slope }) });
  });
}

function select(call: KernelCall): TensorInfo {
  const { inputs, backend } = call;
  const { condition, t, e } = inputs as { condition: TensorInfo; t: TensorInfo; e: TensorInfo };
  if (t.dtype !== 'bool') return (core.util.sizeFromShape(t.shape) ? original : borrow)('Select', call) as TensorInfo;
  return compose(backend, (step) => {
    const wide = (x: TensorInfo) => step('Cast', { x }, { dtype: 'int32' });
    return step('Cast', { x: step('Select', { condition, t: wide(t), e: wide(e) }) }, { dtype: 'bool' });
  });
}

const flat = (x: TensorInfo): TensorInfo => ({ ...x, shape: [core.util.sizeFromShape(x.shape)] });
