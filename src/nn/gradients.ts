// The gradients of a step as an optimizer takes them: by name or as a list.
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';

/** A variable's name and its gradient; null where the loss does not depend on it. */
export interface Gradient {
  readonly name: string;
  readonly tensor: Tensor | null;
}

/** What `applyGradients` gets. */
export type Gradients = Parameters<Optimizer['applyGradients']>[0];

/** Named tensors, such as an optimizer's weights. */
export type Named = Parameters<Optimizer['setWeights']>[0];

export function listOf(gradients: Gradients): Gradient[] {
  if (Array.isArray(gradients)) return gradients;
  return Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
}

/** The list with each gradient changed. */
export function mapGradients(list: readonly Gradient[], change: (gradient: Tensor, name: string) => Tensor): Named {
  return list.map(({ name, tensor }) => ({ name, tensor: tensor && change(tensor, name) })) as Named;
}
