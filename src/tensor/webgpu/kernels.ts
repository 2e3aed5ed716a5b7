// Kernels of the webgpu backend beside tfjs's: those that it lacks are borrowed from the plain backend.
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { type BorrowedCall, borrow } from '../kernels/borrowed.ts';
import { core } from '../packages.ts';

let registered = false;

/** Registers them over tfjs's; again, does nothing. */
export function registerOurs(): void {
  if (registered) return;
  registered = true;
  core.engine().findBackend('cpu');
  const has = new Set(core.getKernelsForBackend('webgpu').map((k) => k.kernelName));
  const lacks = core
    .getKernelsForBackend('cpu')
    .map((k) => k.kernelName)
    .filter((n) => !has.has(n));
  for (const kernelName of lacks) {
    const kernelFunc = (call: BorrowedCall) => borrow(kernelName, call);
    core.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: kernelFunc as unknown as KernelFunc });
  }
}
