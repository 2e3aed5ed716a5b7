// Gradients that tfjs has wrong or lacks (4.22.0), registered over its own: of operands that broadcast, of sums along an axis that is not
// the last, of gathered places, and of comparisons, which are flat, so that what is chosen by `where` has one.
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

type Side = (dy: Tensor, a: Tensor, b: Tensor) => Tensor;

/** The gradients of an operation on two operands, each summed to its operand's shape. */
function binary(kernelName: string, a: Side, b: Side): GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [left, right] = saved as [Tensor, Tensor];
      const part = (side: Side, operand: Tensor) => () => summedTo(side(dy as Tensor, left, right), operand.shape);
      return { a: part(a, left), b: part(b, right) };
    },
  };
}

/** Undoes a broadcast: what an operand gave to several places comes back from all of them. */
function summedTo(x: Tensor, shape: number[]): Tensor {
  const axes = core.broadcast_util.getReductionAxes(shape, x.shape);
  return core.reshape(axes.length > 0 ? core.sum(x, axes) : x, shape);
}

const where = (dy: Tensor, holds: Tensor): Tensor => core.mul(dy, core.cast(holds, 'float32'));
const twice = (dy: Tensor, a: Tensor, b: Tensor): Tensor => core.mul(dy, core.mul(core.sub(a, b), 2));

/** Of what is the same all around. */
const flat = (kernelName: string): GradConfig => {
  const inputs = kernelName === 'LogicalNot' ? ['x'] : ['a', 'b'];
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_, saved) =>
      Object.fromEntries(inputs.map((name, i) => [name, () => core.zeros((saved as Tensor[])[i]!.shape)])),
  };
};

const comparisons = 'Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalNot'.split(' ');

const gradients = (): GradConfig[] => [
  binary(
    'Maximum',
    (dy, a, b) => where(dy, core.greaterEqual(a, b)),
    (dy, a, b) => where(dy, core.less(a, b)),
  ),
  binary(
    'Minimum',
    (dy, a, b) => where(dy, core.lessEqual(a, b)),
    (dy, a, b) => where(dy, core.greater(a, b)),
  ),
  binary('SquaredDifference', twice, (dy, a, b) => twice(dy, b, a)),
  {
    kernelName: 'Cumsum',
    gradFunc: (dy, _, attrs) => {
      const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean };
      return { x: () => core.cumsum(dy as Tensor, axis, exclusive, !reverse) };
    },
  },
  {
    kernelName: 'GatherNd',
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, saved) => {
      const [params, indices] = saved as [Tensor, Tensor];
      return {
        params: () => core.scatterND(indices, dy as Tensor, params.shape),
        indices: () => core.zeros(indices.shape),
      };
    },
  },
  ...comparisons.map(flat),
];

/** Registers them. Called once tfjs-layers has registered tfjs's. */
export function mendGradients(): void {
  for (const gradient of gradients()) {
    if (core.getGradient(gradient.kernelName)) core.unregisterGradient(gradient.kernelName);
    core.registerGradient(gradient);
  }
}
