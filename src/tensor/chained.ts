// The methods of tensors (`x.add(y)`): each is the function of the same name with the tensor as its first argument, as in the
// @tensorflow/tfjs package, which the session takes the place of.
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';
import { show, stats } from './show.ts';

/** Methods that pass all they get on to the function of the same name. */
const plain = `abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchToSpaceND batchNorm
broadcastTo cast ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace depthwiseConv2d
dilation2d div divNoNan dot elu equal erf euclideanNorm exp expandDims expm1 fft floor floorDiv gather greater greaterEqual
ifft irfft isFinite isInf isNaN leakyRelu less lessEqual localResponseNormalization log log1p logSigmoid logSoftmax logSumExp
logicalAnd logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minimum mirrorPad mod mul neg norm notEqual
oneHot onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reverse rfft round
rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND split sqrt square squaredDifference
squeeze step stridedSlice sub sum tan tanh tile topk transpose unique unsortedSegmentSum unstack zerosLike`.split(
  /\s+/,
);

type Operation = (...values: unknown[]) => unknown;

/** Puts the methods on tfjs's `Tensor`. Their types are those that tfjs declares. */
export function addMethods(): void {
  // biome-ignore lint/suspicious/noExplicitAny: methods are put on by name; the shape of each is tfjs's.
  const tf = core as any;
  const prototype = core.Tensor.prototype as unknown as Record<string, Operation>;
  for (const name of plain) {
    const operation: Operation = tf[name];
    prototype[name] = named(name, function (this: Tensor, ...values) {
      if (this.isDisposed) refuse(name, this);
      return operation(this, ...values);
    });
  }
  for (const [name, method] of Object.entries(special)) {
    prototype[name] = named(name, function (this: Tensor, ...values) {
      if (this.isDisposed) refuse(name, this);
      return method(this, ...values);
    });
  }
  // Reads ask it: data, dataSync, array, print, …
  prototype.throwIfDisposed = function (this: Tensor) {
    if (this.isDisposed) refuse('read', this);
  };
}

function refuse(name: string, { dtype, shape }: Tensor): never {
  throw new Error(`${name}: the tensor has been disposed, ${dtype} [${shape}]`);
}

/** Methods with a name or arguments of their own; `show` and `stats` are ours. */
// biome-ignore lint/suspicious/noExplicitAny: arguments are checked by the function each is passed to.
const special: Record<string, (tensor: Tensor, ...values: any[]) => unknown> = {
  as1D: (x) => core.reshape(x, [x.size]),
  as2D: (x, rows, columns) => core.reshape(x, [rows, columns]),
  as3D: (x, ...shape) => core.reshape(x, shape.slice(0, 3)),
  as4D: (x, ...shape) => core.reshape(x, shape.slice(0, 4)),
  as5D: (x, ...shape) => core.reshape(x, shape.slice(0, 5)),
  asScalar: (x) => {
    core.util.assert(x.size === 1, () => 'The array must have only 1 element.');
    return core.reshape(x, []);
  },
  asType: (x, dtype) => core.cast(x, dtype),
  concat: (x, others, axis) => core.concat([x, ...(others instanceof core.Tensor ? [others] : others)], axis),
  flatten: (x) => core.reshape(x, [x.size]),
  reshapeAs: (x, other) => core.reshape(x, other.shape),
  resizeBilinear: (x, size, ...how) => core.image.resizeBilinear(x as Tensor4D, size, ...how),
  resizeNearestNeighbor: (x, size, ...how) => core.image.resizeNearestNeighbor(x as Tensor4D, size, ...how),
  stack: (x, others, axis) => core.stack([x, ...(others instanceof core.Tensor ? [others] : others)], axis),
  toBool: (x) => core.cast(x, 'bool'),
  toFloat: (x) => core.cast(x, 'float32'),
  toInt: (x) => core.cast(x, 'int32'),
  where: (x, condition, other) => core.where(condition, x, other),
  show,
  stats,
};

const named = <F extends Operation>(name: string, method: F): F =>
  Object.defineProperty(method, 'name', { value: name });
