// Pooling over images and volumes, and its gradients. Places outside the image never count: not for the largest, not in a mean's number.
import type {
  AvgPool3DAttrs,
  AvgPoolAttrs,
  MaxPool3DAttrs,
  MaxPoolAttrs,
  MaxPoolWithArgmaxAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, type Image, sizes, type Volume } from './arrange.ts';
import { framed, framedShape, paddingOf, unframed, type Windows, windows2D, windows3D } from './windows.ts';

export const poolKernels: Record<string, Kernel> = {
  MaxPool: largest('MaxPool'),
  MaxPool3D: largest('MaxPool3D'),
  MaxPoolGrad: largestGradient('MaxPoolGrad'),
  MaxPool3DGrad: largestGradient('MaxPool3DGrad'),
  AvgPool: mean('AvgPool'),
  AvgPool3D: mean('AvgPool3D'),
  AvgPoolGrad: meanGradient('AvgPoolGrad'),
  AvgPool3DGrad: meanGradient('AvgPool3DGrad'),
  MaxPoolWithArgmax: largestWithPlace,
};

type PoolAttrs = AvgPoolAttrs | MaxPoolAttrs | AvgPool3DAttrs | MaxPool3DAttrs;

/** The windows over an image or a volume, as many as the gradient `dy` has. */
function layout(shape: readonly number[], attrs: PoolAttrs, dy?: Value): Windows[] {
  const counts = dy?.shape.slice(1, -1);
  const { pad, dimRoundingMode } = attrs;
  const { computePool2DInfo, computePool3DInfo } = core.backend_util;
  if (shape.length === 5) {
    const { filterSize, strides } = attrs as AvgPool3DAttrs;
    const info = computePool3DInfo(shape as Volume, filterSize, strides, 1, pad as 'same', dimRoundingMode);
    return windows3D(info, counts);
  }
  const { filterSize, strides } = attrs as AvgPoolAttrs;
  return windows2D(computePool2DInfo(shape as Image, filterSize, strides, 1, pad, dimRoundingMode), counts);
}

/** How a TensorFlow op pools: itself over the edges ('SAME'), or an image that was framed before. */
interface Pooling {
  readonly framed: boolean;
  readonly attrs: { readonly ksize: number[]; readonly strides: number[]; readonly padding: string };
}

function pooling(axes: readonly Windows[], pad: unknown): Pooling {
  const padding = paddingOf(axes, pad);
  return {
    framed: padding !== 'SAME',
    attrs: {
      ksize: [1, ...axes.map(({ span }) => span), 1],
      strides: [1, ...axes.map(({ stride }) => stride), 1],
      padding: padding === 'SAME' ? 'SAME' : 'VALID',
    },
  };
}

/** tfjs takes images through windows of one place as they are when the shape stays, even where a padding and a stride would move them. */
const isIdentity = (axes: readonly Windows[]): boolean =>
  axes.length === 2 && axes.every(({ span, size, count }) => span === 1 && count === size);

/** Below every value of a dtype. */
const lowest = (x: Value): number => (x.dtype === 'int32' ? -(2 ** 31) : -Infinity);

function largest(op: string): Kernel {
  return (ops, { x }, attrs: PoolAttrs) => {
    const axes = layout(x.shape, attrs);
    if (isIdentity(axes)) return x;
    const how = pooling(axes, attrs.pad);
    // TensorFlow's processor kernel for volumes knows floats only.
    const value = op === 'MaxPool3D' ? cast(ops, x, 'float32') : x;
    const out = ops.one(op, [how.framed ? framed(ops, value, axes, lowest(value)) : value], how.attrs);
    return cast(ops, out, x.dtype);
  };
}

function largestGradient(op: string): Kernel {
  return (ops, { dy, input, output }, attrs: PoolAttrs) => {
    const x = cast(ops, input, 'float32');
    const axes = layout(x.shape, attrs, dy);
    const how = pooling(axes, attrs.pad);
    const inside = how.framed ? framed(ops, x, axes, -Infinity) : x;
    const dx = ops.one(op, [inside, cast(ops, output, 'float32'), dy], how.attrs);
    return how.framed ? unframed(ops, dx, axes) : dx;
  };
}

function mean(op: string): Kernel {
  return (ops, { x }, attrs: PoolAttrs) => {
    const axes = layout(x.shape, attrs);
    if (isIdentity(axes)) return x;
    const how = pooling(axes, attrs.pad);
    const value = cast(ops, x, 'float32');
    const out = ops.one(op, [how.framed ? framed(ops, value, axes, 0) : value], how.attrs);
    return cast(ops, how.framed ? byNumber(ops, out, axes) : out, x.dtype);
  };
}

/** tfjs shares a gradient out over the whole window, places outside the image included, on every backend: so does this. */
function meanGradient(op: string): Kernel {
  return (ops, { dy, input }, attrs: PoolAttrs) => {
    const axes = layout(input.shape, attrs, dy);
    const { attrs: how } = pooling(axes, 'valid');
    const shape = sizes(ops, framedShape(input.shape, axes), dy);
    return unframed(ops, ops.one(op, [shape, dy], { ...how, padding: 'VALID' }), axes);
  };
}

/** Means over whole windows [n, …axes, c], made means over the places that lie in the image. */
function byNumber(ops: Ops, means: Value, axes: readonly Windows[]): Value {
  if (axes.every(({ before, after }) => before === 0 && after <= 0)) return means;
  const factors = axes.map(({ size, count, span, stride, before }) =>
    Array.from({ length: count }, (_, i) => {
      const start = i * stride - before;
      const inside = Math.min(size, start + span) - Math.max(0, start);
      // A window wholly outside has no mean in an image, and the mean 0 in a volume.
      return inside > 0 ? span / inside : axes.length === 2 ? Number.NaN : 0;
    }),
  );
  const all = factors.reduce((rows, row) => rows.flatMap((a) => row.map((b) => a * b)), [1]);
  return ops.one('Mul', [means, ops.constant(all, 'float32', [1, ...axes.map(({ count }) => count), 1])]);
}

/** The largest of each window, and where it lies: (y · width + x) · channels + c, with or without the image's number in front. */
function largestWithPlace(...[ops, { x }, attrs]: Parameters<Kernel>): Value[] {
  const { pad, includeBatchInIndex } = attrs as MaxPoolWithArgmaxAttrs;
  const axes = layout(x.shape, attrs);
  const how = pooling(axes, pad);
  const numbers = withoutNaN(ops, x);
  const input = how.framed ? framed(ops, numbers, axes, lowest(x)) : numbers;
  const [values, places] = ops.run('MaxPoolWithArgmax', [input], {
    ...how.attrs,
    include_batch_in_index: includeBatchInIndex,
  });
  const at = cast(ops, places!, 'int32');
  return [values!, input === numbers ? at : inside(ops, at, input.shape, x.shape, axes)];
}

/** NaN is never the largest for tfjs; for TensorFlow it always is. */
function withoutNaN(ops: Ops, x: Value): Value {
  if (x.dtype !== 'float32') return x;
  return ops.one('SelectV2', [ops.one('IsNan', [x]), ops.constant(-Infinity, 'float32'), x]);
}

/** Places in a framed image as places in the image within. */
function inside(
  ops: Ops,
  at: Value,
  outer: readonly number[],
  inner: readonly number[],
  axes: readonly Windows[],
): Value {
  const int = (value: number) => ops.constant(value, 'int32');
  const part = (by: number, length: number) => ops.one('FloorMod', [ops.one('FloorDiv', [at, int(by)]), int(length)]);
  const [, height, width, channels] = outer as Image;
  const c = ops.one('FloorMod', [at, int(channels)]);
  const column = ops.one('Sub', [part(channels, width), int(axes[1]!.before)]);
  const row = ops.one('Sub', [part(channels * width, height), int(axes[0]!.before)]);
  const image = ops.one('FloorDiv', [at, int(channels * width * height)]);
  const [, h, w] = inner as Image;
  return [row, column, c].reduce(
    (sum, next, i) => ops.one('AddV2', [ops.one('Mul', [sum, int([h, w, channels][i]!)]), next]),
    image,
  );
}
