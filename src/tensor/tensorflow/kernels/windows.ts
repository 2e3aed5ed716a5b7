// How the windows of a convolution or a pooling lie over an image: tfjs's paddings and roundings in TensorFlow's terms.
import type { backend_util } from '@tensorflow/tfjs-core';
import type { Attrs, Ops, Value } from '../ops.ts';
import { type Pair, padded, sliced } from './arrange.ts';

/** The windows along one axis. */
export interface Windows {
  /** Length of the axis, and how many windows lie on it. */
  readonly size: number;
  readonly count: number;
  /** Places a window spans, dilation included, and how far each lies from the last. */
  readonly span: number;
  readonly stride: number;
  readonly dilation: number;
  /** Places the first window hangs over the front, and the last over the end; below zero, the last places that no window would see. */
  readonly before: number;
  readonly after: number;
}

/** TensorFlow's paddings. */
export type Padding = 'SAME' | 'VALID' | 'EXPLICIT';

type Conv2DInfo = backend_util.Conv2DInfo;
type Conv3DInfo = backend_util.Conv3DInfo;

/** Windows over the height and the width of an image. `counts` (from the gradient that came) wins over tfjs's reckoning of the output. */
export function windows2D(info: Conv2DInfo, counts: readonly number[] = [info.outHeight, info.outWidth]): Windows[] {
  const { padInfo } = info;
  return [
    windows(info.inHeight, counts[0]!, info.effectiveFilterHeight, info.strideHeight, info.dilationHeight, padInfo.top),
    windows(info.inWidth, counts[1]!, info.effectiveFilterWidth, info.strideWidth, info.dilationWidth, padInfo.left),
  ];
}

/** Windows over the depth, the height and the width of a volume. */
export function windows3D(
  info: Conv3DInfo,
  counts: readonly number[] = [info.outDepth, info.outHeight, info.outWidth],
): Windows[] {
  const { padInfo } = info;
  return [
    windows(info.inDepth, counts[0]!, info.effectiveFilterDepth, info.strideDepth, info.dilationDepth, padInfo.front),
    windows(info.inHeight, counts[1]!, info.effectiveFilterHeight, info.strideHeight, info.dilationHeight, padInfo.top),
    windows(info.inWidth, counts[2]!, info.effectiveFilterWidth, info.strideWidth, info.dilationWidth, padInfo.left),
  ];
}

function windows(size: number, count: number, span: number, stride: number, dilation: number, front: number): Windows {
  // In three dimensions tfjs moves windows that lie apart ('same', a stride over the span) to the front by a negative padding; TensorFlow does not.
  const before = Math.max(0, front);
  const over = (count - 1) * stride + span - size - before;
  // Fewer places left over than a stride make no window of their own.
  const after = over < 0 && over > -stride ? 0 : over;
  return { size, count, span, stride, dilation, before, after };
}

/** The padding that places windows so; 'SAME' where tfjs was asked for it, since that is what a GPU and XLA know best. */
export function paddingOf(axes: readonly Windows[], pad: unknown): Padding {
  if (pad === 'same' && axes.every(({ size, count, stride }) => count === Math.ceil(size / stride))) return 'SAME';
  return axes.every(({ before, after }) => before === 0 && after <= 0) ? 'VALID' : 'EXPLICIT';
}

/** A gradient [n, …axes, c] without what lies past the windows: a transposed convolution may bring more than tfjs counts. */
export function within(ops: Ops, dy: Value, axes: readonly Windows[]): Value {
  const kept = axes.map(({ count }, i) => Math.min(count, dy.shape[i + 1]!));
  return kept.every((count, i) => count === dy.shape[i + 1]) ? dy : sliced(ops, dy, [], [-1, ...kept, -1]);
}

/** The attributes that place the windows of a TensorFlow op over [n, …axes, c]. */
export function placement(axes: readonly Windows[], pad: unknown): Attrs {
  const strides = [1, ...axes.map(({ stride }) => stride), 1];
  const padding = paddingOf(axes, pad);
  if (padding !== 'EXPLICIT') return { strides, padding };
  const edges = axes.flatMap(({ before, after }) => [before, Math.max(0, after)]);
  return { strides, padding, explicit_paddings: [0, 0, ...edges, 0, 0] };
}

/** [n, …axes, c] without the places at the end that would make a window too many. */
export function cropped(ops: Ops, x: Value, axes: readonly Windows[]): Value {
  if (axes.every(({ after }) => after >= 0)) return x;
  return sliced(ops, x, [], [-1, ...croppedShape(x.shape, axes).slice(1)]);
}

/** The shape of `cropped`. */
export function croppedShape(shape: readonly number[], axes: readonly Windows[]): number[] {
  return shape.map((length, i) => length + Math.min(0, axes[i - 1]?.after ?? 0));
}

/** The gradient of `cropped`: zeros at the places left out. */
export function uncropped(ops: Ops, dx: Value, axes: readonly Windows[]): Value {
  const ends = axes.map(({ after }): Pair => [0, Math.max(0, -after)]);
  return padded(ops, dx, [[0, 0], ...ends, [0, 0]]);
}

/** [n, …axes, c] with every place a window sees and none besides; `fill` stands outside the image. */
export function framed(ops: Ops, x: Value, axes: readonly Windows[], fill: number): Value {
  const edges = axes.map(({ before, after }): Pair => [before, Math.max(0, after)]);
  return padded(ops, cropped(ops, x, axes), [[0, 0], ...edges, [0, 0]], fill);
}

/** The gradient of `framed`: what fell outside the image is dropped. */
export function unframed(ops: Ops, dx: Value, axes: readonly Windows[]): Value {
  const begin = [0, ...axes.map(({ before }) => before), 0];
  const size = [-1, ...axes.map((axis) => axis.size + Math.min(0, axis.after)), -1];
  const whole = axes.every(({ before, after }) => before === 0 && after <= 0);
  return uncropped(ops, whole ? dx : sliced(ops, dx, begin, size), axes);
}

/** The shape of `framed`. */
export function framedShape(shape: readonly number[], axes: readonly Windows[]): number[] {
  return shape.map((length, i) => length + (axes[i - 1] ? axes[i - 1]!.before + axes[i - 1]!.after : 0));
}

/**
 * The output [n, …counts, channels] of a convolution without images or without windows, or nothing where there are both: TensorFlow's oneDNN
 * kernels give what is empty the shape of the input.
 */
export function ofNothing(ops: Ops, x: Value, axes: readonly Windows[], channels: number): Value | undefined {
  const shape = [x.shape[0]!, ...axes.map(({ count }) => count), channels];
  return shape.includes(0) ? ops.constant([], x.dtype, shape) : undefined;
}
