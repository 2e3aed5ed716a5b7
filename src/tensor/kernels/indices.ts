// Indices that tfjs's binary takes as they come: one that is out of range would read or write the memory of other tensors.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Kernel, type KernelCall, original } from './call.ts';

/** The indices of a call, how many of them make a place, and the shape that they are places of. */
type Places = (call: KernelCall) => readonly [indices: TensorInfo, depth: number, shape: readonly number[]];

/** A list of indices is places of one axis each, but for gathering, where it is one place. */
const depthOf = ({ shape }: TensorInfo): number => (shape.length < 2 ? 1 : shape.at(-1)!);

const places: Readonly<Record<string, Places>> = {
  CropAndResize: ({ inputs: { boxInd, image } }) => [boxInd!, 1, image!.shape],
  GatherNd: ({ inputs: { indices, params } }) => [indices!, indices!.shape.at(-1) ?? 1, params!.shape],
  ScatterNd: ({ inputs: { indices }, attrs }) => [indices!, depthOf(indices!), attrs.shape],
  SparseToDense: ({ inputs: { sparseIndices: at }, attrs }) => [at!, depthOf(at!), attrs.outputShape],
  TensorScatterUpdate: ({ inputs: { indices, tensor } }) => [indices!, depthOf(indices!), tensor!.shape],
};

/** tfjs's kernels behind a look at their indices. */
export const indexKernels: Readonly<Record<string, Kernel>> = Object.fromEntries(
  Object.entries(places).map(([name, placesOf]) => [
    name,
    (call: KernelCall) => {
      const [indices, depth, shape] = placesOf(call);
      const values = call.backend.typedArrayFromHeap(indices);
      for (let i = 0; i < values.length; i++) {
        const length = shape[i % depth]!;
        const at = values[i]!;
        if (!(at >= 0 && at < length)) throw new RangeError(`an index must be in [0, ${length}), got ${at}`);
      }
      return original(name, call);
    },
  ]),
);
