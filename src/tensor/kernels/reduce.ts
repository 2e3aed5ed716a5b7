// Sums and means: over the first axes (the gradient of every bias) row by row, where tfjs transposes the whole tensor; of int32 and
// bool, where the binary has other types in mind; and of nothing.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { borrow } from './borrowed.ts';
import { compose, type Kernel, type KernelCall, original } from './call.ts';

export const reduceKernels: Record<string, Kernel> = {
  Sum: sum,
  Mean: withFloats('Mean'),
  Prod: notEmpty('Prod'),
  Max: notEmpty('Max'),
  Min: notEmpty('Min'),
  All: notEmpty('All'),
  Any: notEmpty('Any'),
};

const isEmpty = ({ inputs }: KernelCall) => core.util.sizeFromShape(inputs.x!.shape) === 0;

/** The binary leaves the result of no values as it finds it. */
function notEmpty(name: string): Kernel {
  return (call) => (isEmpty(call) ? borrow(name, call) : original(name, call));
}

function withFloats(name: string): Kernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    if (isEmpty(call)) return borrow(name, call);
    if (inputs.x!.dtype === 'float32') return original(name, call);
    return compose(backend, (step) => step(name, { x: step('Cast', { x: inputs.x! }, { dtype: 'float32' }) }, attrs));
  };
}

function sum(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const x = inputs.x!;
  if (isEmpty(call) || x.dtype === 'complex64') return borrow('Sum', call) as TensorInfo;
  if (x.dtype === 'bool') {
    return compose(backend, (step) => step('Sum', { x: step('Cast', { x }, { dtype: 'int32' }) }, attrs));
  }
  const axes = core.util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
  const leading = axes.length < x.shape.length && axes.every((axis, i) => axis === i);
  return leading ? sumRows(call, axes.length) : (original('Sum', call) as TensorInfo);
}

/** x [...rows, ...inner] → [...inner], over the first `count` axes. */
function sumRows({ inputs, attrs, backend }: KernelCall, count: number): TensorInfo {
  const x = inputs.x!;
  const shape = x.shape.slice(count);
  const out = backend.makeOutput(attrs.keepDims ? [...x.shape.slice(0, count).fill(1), ...shape] : shape, x.dtype);
  const values = backend.typedArrayFromHeap(x);
  // In double precision: a step's biases sum over 100,000 rows.
  const sums = new Float64Array(core.util.sizeFromShape(shape));
  for (let from = 0; from < values.length; from += sums.length) {
    for (let i = 0; i < sums.length; i++) sums[i]! += values[from + i]!;
  }
  backend.typedArrayFromHeap(out).set(sums);
  return out;
}
