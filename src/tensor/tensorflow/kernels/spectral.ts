// Fourier transforms over the last axis, whatever the others are.
import type { Kernel } from '../ops.ts';

export const spectralKernels: Record<string, Kernel> = {
  FFT: (ops, { input }) => ops.one('FFT', [input]),
  IFFT: (ops, { input }) => ops.one('IFFT', [input]),
};
