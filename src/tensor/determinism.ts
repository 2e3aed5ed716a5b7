// `tf.enableDeterminism()`: the same program gives the same bits in every session on a machine. Small: asked at each compiled call.
import { setSeed } from './random/seeds.ts';

let enabled = false;

/** Whether compiled functions keep to one form, whatever is faster. */
export const isDeterministic = (): boolean => enabled;

/**
 * Makes every session on a machine compute the same to the bit from here on: all that is random follows `seed` (see `tf.setSeed`),
 * compiled functions run as graphs only (which form is faster would be measured, and they differ in rounding), and TensorFlow takes
 * kernels that add in a fixed order; where a GPU has none, the op fails. The number of threads is that of the machine's processors.
 * Call it before other work with tensors; for good.
 * @param seed default 0
 * @throws TypeError for what is not a finite number
 */
export function enableDeterminism(seed = 0): void {
  setSeed(seed);
  // TensorFlow reads them when it first needs to know.
  for (const name of ['TF_DETERMINISTIC_OPS', 'TF_CUDNN_DETERMINISTIC']) process.env[name] = '1';
  enabled = true;
}
