// tfjs takes relu's gradient as `dy · step(y)`: two passes over what may be large. While a step is recorded it is TensorFlow's one operation.

import { kernels } from '../tensorflow/kernels/table.ts';
import type { Attrs, Kernel, KernelInputs, Ops, Value } from '../tensorflow/ops.ts';

export class ReluGradients {
  /** What `step` has made → of what. */
  readonly #steps = new Map<Value, Value>();

  /** Told of each kernel's result. */
  note(kernel: Kernel, { x }: KernelInputs, attrs: Attrs, result: Value): void {
    if (kernel === kernels.Step && attrs.alpha === 0 && x.dtype === 'float32') this.#steps.set(result, x);
  }

  /** A kernel's result where it is a product with a step; a NaN in y is none in the gradient. */
  of(ops: Ops, kernel: Kernel, { a, b }: KernelInputs): Value | undefined {
    if (kernel !== kernels.Multiply || a.dtype !== 'float32' || String(a.shape) !== String(b.shape)) return undefined;
    for (const [dy, step] of [
      [a, b],
      [b, a],
    ] as const) {
      const y = this.#steps.get(step);
      if (y) return ops.one('ReluGrad', [dy, y]);
    }
    return undefined;
  }
}
