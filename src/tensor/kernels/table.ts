// All kernels of the wasm backend: tfjs's behind a guard of dtypes, over them one table of ours by families, and for what neither
// has the cpu backend's.
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { adamKernels } from './adam.ts';
import { borrow } from './borrowed.ts';
import { type Kernel, replace } from './call.ts';
import { convKernels } from './conv.ts';
import { convertKernels } from './convert.ts';
import { depthwiseKernels } from './depthwise.ts';
import { guarded } from './dtypes.ts';
import { einsumKernels } from './einsum.ts';
import { elementwiseKernels } from './elementwise.ts';
import { fusedKernels } from './fused.ts';
import { indexKernels } from './indices.ts';
import { matmulKernels } from './matmul.ts';
import { poolKernels } from './pool.ts';
import { reduceKernels } from './reduce.ts';
import { segmentKernels } from './segment.ts';
import { sliceKernels } from './slice.ts';

/** Kernels by name; no two families name the same. */
const ours: Record<string, Kernel> = {
  ...convertKernels,
  ...sliceKernels,
  ...matmulKernels,
  ...fusedKernels,
  ...convKernels,
  ...depthwiseKernels,
  ...poolKernels,
  ...reduceKernels,
  ...elementwiseKernels,
  ...segmentKernels,
  ...indexKernels,
  ...einsumKernels,
  ...adamKernels,
};

/**
 * Kernels of the cpu backend that tfjs's wasm backend does not have (4.22.0), and, in the last lines, those that it has wrong: some for
 * negative values, the gradients of convolutions over volumes, and a turn that fills with whole numbers alone.
 */
const cpuOnly = `Draw FFT IFFT RaggedGather RaggedRange RaggedTensorToTensor StaticRegexReplace
MaxPool3D Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput Conv3DBackpropInputV2
Conv3DBackpropFilterV2 RotateWithOffset`.split(/\s+/);

let registered = false;

/** Puts the table over the kernels that tfjs's package has registered; again, does nothing. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const { kernelName: name, kernelFunc } of core.getKernelsForBackend('wasm')) {
    const kernel: Kernel = ({ inputs, attrs, backend }) => (kernelFunc as KernelFunc)({ inputs, attrs, backend });
    replace(name, guarded(name, kernel));
  }
  for (const name of cpuOnly) replace(name, (call) => borrow(name, call));
  for (const [name, kernel] of Object.entries(ours)) replace(name, kernel);
}
