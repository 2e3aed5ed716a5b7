// All kernels of the wasm backend that are ours: one table of families, put over tfjs's own. What neither has comes from cpu.
import { borrow } from './borrowed.ts';
import { type Kernel, replace } from './call.ts';
import { convKernels } from './conv.ts';
import { matmulKernels } from './matmul.ts';

/** Kernels by name; no two families name the same. */
const ours: Record<string, Kernel> = { ...matmulKernels, ...convKernels };

/** Kernels of the cpu backend that tfjs's wasm backend does not have (4.22.0). */
const missing =
  `Complex ComplexAbs Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput
Draw Einsum FFT IFFT Imag RaggedGather RaggedRange RaggedTensorToTensor Real StaticRegexReplace UnsortedSegmentSum`.split(
    /\s+/,
  );

/** Puts the table over the kernels that tfjs's package has registered. Called once, after that. */
export function registerKernels(): void {
  for (const name of missing) if (!ours[name]) replace(name, (call) => borrow(name, call));
  for (const [name, kernel] of Object.entries(ours)) replace(name, kernel);
}
