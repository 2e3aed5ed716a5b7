// Gives every layer's output the mask of what it was made from. tfjs's layers pass on the first input's mask alone, and a later layer
// can meet an earlier one's; attention needs those of all its inputs.
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from './packages.ts';

/** tfjs writes it for layers that make a mask (Embedding, Masking), for the next layer only. */
interface Masked {
  kerasMask?: Tensor;
}

/** The mask of a layer's output, `[n, steps]` bool, true where the step counts; undefined where all do. */
export function maskOf(tensor: Tensor): Tensor | undefined {
  const { kerasMask } = tensor as Masked;
  return kerasMask && !kerasMask.isDisposed ? kerasMask : undefined;
}

type Mask = Tensor | null | undefined;

interface Layer {
  readonly supportsMasking: boolean;
  computeMask(inputs: Tensor | Tensor[], mask: Mask | Mask[]): Mask | Mask[];
  apply(inputs: Tensor | Tensor[], kwargs?: unknown): Tensor | Tensor[];
}

/** Puts ours around `apply`. Called once, when TensorFlow.js is loaded. */
export function passMasks(): void {
  const prototype = layers.layers.Layer.prototype as unknown as Layer;
  const { apply } = prototype;
  prototype.apply = function (inputs, kwargs) {
    const list = [inputs].flat();
    const masks = list.map(maskOf);
    const output = apply.call(this, inputs, kwargs);
    if (!masks.some(Boolean)) return output;
    // A layer that returns its input has overwritten the mask of that.
    for (const [i, tensor] of list.entries()) if (masks[i]) (tensor as Masked).kerasMask = masks[i];
    // A tensor disposes of its mask with it, so each has its own. tfjs's layers of many inputs fail when some have a mask and some have none.
    if (!this.supportsMasking || !masks.every(Boolean)) return output;
    const made = [this.computeMask(inputs, Array.isArray(inputs) ? masks : masks[0])].flat();
    for (const [i, tensor] of [output].flat().entries()) if (made[i]) (tensor as Masked).kerasMask = made[i].clone();
    return output;
  };
}
