// Kernels of the webgpu backend over tfjs's: what it lacks is borrowed from the plain backend, what it has wrong is mended (4.22.0).
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { type BorrowedCall, borrow } from '../kernels/borrowed.ts';
import { core } from '../packages.ts';
import { updateAdam } from './adam.ts';
import { type Kernel, mended } from './mended.ts';

const lacking =
  `BitwiseAnd NonMaxSuppressionV4 RaggedGather RaggedRange RaggedTensorToTensor SparseFillEmptyRows SparseReshape
StaticRegexReplace StringSplit StringToHashBucketFast Unique`.split(/\s+/);

let registered = false;

/** Registers them, after tfjs's; again, does nothing. */
export function registerOurs(): void {
  if (registered) return;
  registered = true;
  for (const name of lacking) register(name, borrowed(name));
  register('AdamUpdate', updateAdam);
  // A canvas-like object is read by tfjs-core itself; a browser's would be uploaded by the kernel.
  core.unregisterKernel('FromPixels', 'webgpu');
  for (const [name, kernel] of Object.entries(mended)) {
    const tfjs = core.getKernel(name, 'webgpu').kernelFunc as unknown as Kernel;
    const plain = borrowed(name);
    core.unregisterKernel(name, 'webgpu');
    register(name, (call) => kernel(tfjs, call, plain));
  }
}

function register(kernelName: string, kernel: Kernel): void {
  core.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: kernel as unknown as KernelFunc });
}

const told = new Set<string>();

/** Says so once: it is much slower, and waits for the GPU. Strings are plain JavaScript's in any case, and nothing takes no time. */
const borrowed =
  (name: string): Kernel =>
  (call) => {
    const inputs = Object.values(call.inputs).flat().filter(Boolean);
    const free = inputs.some(({ dtype, shape }) => dtype === 'string' || shape.includes(0));
    if (!free && !told.has(name)) {
      told.add(name);
      console.warn(`tensor: webgpu has no ${name} for this: it is computed in plain JavaScript, slower (said once)`);
    }
    return borrow(name, call as BorrowedCall);
  };
