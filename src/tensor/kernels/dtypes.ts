// What tfjs's wasm kernels make of dtypes: several take any memory for float32, and a bool's memory, a quarter as long, is then
// written past its end. Here stands what each can take; anything else is computed by the cpu backend.

import { borrow } from './borrowed.ts';
import type { Kernel, KernelCall } from './call.ts';

/** Right for float32 alone. */
const floats = `Acos Acosh Asin Asinh Atanh AvgPool3D Ceil Cos Cosh Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput Elu EluGrad Erf
Expm1 Floor FusedBatchNorm IsFinite IsInf IsNan LRN LRNGrad Log Log1p Mod Reciprocal ResizeBilinear ResizeBilinearGrad
ResizeNearestNeighbor ResizeNearestNeighborGrad Rsqrt Selu Sigmoid Sin Sinh Softmax Sqrt Tan Tanh`;

/** Right for float32 and int32. */
const numbers = `Abs Add AddN Atan Atan2 Cumprod Cumsum Equal Exp FloorDiv Greater GreaterEqual LeakyRelu Less LessEqual
Maximum Minimum Multiply Neg NotEqual Pow Prod RealDiv Relu Relu6 Reverse Round Sign Softplus Square SquaredDifference Step Sub
Sum TopK`;

/** Kernels whose strings tfjs's wasm backend knows. */
const strings = 'Concat ExpandDims Pack Reshape StringNGrams StringSplit StringToHashBucketFast';

/** Kernels that pass on what they get, complex tensors included. */
const complex = 'ExpandDims Reshape';

const words = (text: string) => new Set(text.split(/\s+/));
const sets = { floats: words(floats), numbers: words(numbers), strings: words(strings), complex: words(complex) };

/** The same kernel for the dtypes that it is right for, the cpu backend's for others. */
export function guarded(name: string, kernel: Kernel): Kernel {
  const allowed: Record<string, boolean> = {
    float32: true,
    int32: !sets.floats.has(name),
    bool: !sets.floats.has(name) && !sets.numbers.has(name),
    string: sets.strings.has(name),
    complex64: sets.complex.has(name),
  };
  return (call) => (takes(allowed, call) ? kernel(call) : borrow(name, call));
}

function takes(allowed: Readonly<Record<string, boolean>>, { inputs }: KernelCall): boolean {
  for (const key in inputs) {
    const info = inputs[key];
    if (info?.dtype && !allowed[info.dtype]) return false;
  }
  return true;
}
