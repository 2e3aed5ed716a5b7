// Kernels that move values without computing: reshape, transpose, join, split, slice, pad, repeat, reverse.
import type {
  BroadCastToAttrs,
  ConcatAttrs,
  ExpandDimsAttrs,
  MirrorPadAttrs,
  PackAttrs,
  PadV2Attrs,
  ReshapeAttrs,
  ReverseAttrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  TileAttrs,
  TransposeAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, padded, reshaped, sliced, transposed } from './arrange.ts';

export const shapeKernels: Record<string, Kernel> = {
  BroadcastArgs: (ops, { s0, s1 }) => ops.one('BroadcastArgs', [s0, s1]),
  BroadcastTo: (ops, { x }, { shape }: BroadCastToAttrs) => ops.one('BroadcastTo', [x, ops.constant(shape, 'int32')]),
  Concat: (ops, { list }, { axis }: ConcatAttrs) => concat(ops, list, axis),
  ExpandDims: (ops, { input }, { dim }: ExpandDimsAttrs) => ops.one('ExpandDims', [input, ops.constant(dim, 'int32')]),
  MirrorPad: (ops, { x }, { paddings, mode }: MirrorPadAttrs) => mirror(ops, x, paddings, mode),
  Pack: (ops, { list }, { axis }: PackAttrs) => ops.one('Pack', [list], { axis }),
  PadV2: (ops, { x }, { paddings, constantValue }: PadV2Attrs) => padded(ops, x, paddings, constantValue),
  Reshape: (ops, { x }, { shape }: ReshapeAttrs) => reshaped(ops, x, shape),
  Reverse: (ops, { x }, { dims }: ReverseAttrs) => {
    const axes = core.util.parseAxisParam(dims, [...x.shape]);
    return x.shape.length ? ops.one('ReverseV2', [x, ops.constant(axes, 'int32')]) : x;
  },
  Slice: (ops, { x }, { begin, size }: SliceAttrs) => slice(ops, x, begin, size),
  SplitV: (ops, { x }, { numOrSizeSplits, axis }: SplitVAttrs) => split(ops, x, numOrSizeSplits, axis),
  StridedSlice: (ops, { x }, attrs: StridedSliceAttrs) => stridedSlice(ops, x, attrs),
  Tile: (ops, { x }, { reps }: TileAttrs) => ops.one('Tile', [x, ops.constant(reps, 'int32')]),
  Transpose: (ops, { x }, { perm }: TransposeAttrs) => transposed(ops, x, perm),
  Unpack: (ops, { value }, { axis }: UnpackAttrs) => ops.run('Unpack', [value], { num: value.shape.at(axis)!, axis }),
};

/** Joins tensors along an axis. tfjs gives the result the dtype of the first. */
function concat(ops: Ops, list: readonly Value[], axis: number): Value {
  const [first] = list;
  if (!first) throw new RangeError('concat: must be given at least one tensor, got none');
  if (list.length === 1) return first;
  return ops.one('ConcatV2', [list.map((each) => cast(ops, each, first.dtype)), ops.constant(axis, 'int32')]);
}

/** Axes that are not named are taken whole; −1 takes the rest of one. */
function slice(ops: Ops, x: Value, begin: number | number[], size: number | number[]): Value {
  const each = (given: number | number[], rest: number) => {
    const list = typeof given === 'number' ? [given] : (given ?? []);
    return x.shape.map((_, i) => list[i] ?? rest);
  };
  const from = each(begin, 0);
  if (from.some((place) => place < 0))
    throw new RangeError(`slice() does not support negative begin indexing: got begin [${from}]`);
  return sliced(ops, x, from, each(size, -1));
}

function split(ops: Ops, x: Value, parts: number | number[], axis: number): Value[] {
  const [along] = core.util.parseAxisParam(axis, [...x.shape]);
  const sizes = core.backend_util.prepareSplitSize(x as never, parts, along);
  const inputs = [x, ops.constant(sizes, 'int32'), ops.constant(along!, 'int32')];
  return ops.run('SplitV', inputs, { num_split: sizes.length });
}

function stridedSlice(ops: Ops, x: Value, attrs: StridedSliceAttrs): Value {
  const bounds = [attrs.begin, attrs.end, attrs.strides].map((each) => ops.constant(each, 'int32'));
  return ops.one('StridedSlice', [x, ...bounds], {
    begin_mask: attrs.beginMask,
    end_mask: attrs.endMask,
    ellipsis_mask: attrs.ellipsisMask,
    new_axis_mask: attrs.newAxisMask,
    shrink_axis_mask: attrs.shrinkAxisMask,
  });
}

/** Edges filled with what lies inside them. TensorFlow's op ends at rank 5: above it, one axis after the other is gathered. */
function mirror(ops: Ops, x: Value, paddings: readonly [number, number][], mode: MirrorPadAttrs['mode']): Value {
  if (x.shape.length <= 5) {
    const edges = ops.constant(paddings.flat(), 'int32', [paddings.length, 2]);
    return ops.one('MirrorPad', [x, edges], { mode: mode.toUpperCase() });
  }
  return paddings.reduce((out, [before, after], axis) => {
    if (before === 0 && after === 0) return out;
    const places = mirrored(x.shape[axis]!, before, after, mode === 'reflect' ? 0 : 1);
    return ops.one('GatherV2', [out, ops.constant(places, 'int32'), ops.constant(axis, 'int32')]);
  }, x);
}

/** Where each place of a padded axis comes from; `edge` is 1 where the outermost value is repeated. */
function mirrored(length: number, before: number, after: number, edge: 0 | 1): number[] {
  return Array.from({ length: before + length + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - edge;
    return at < length ? at : 2 * (length - 1) - at + edge;
  });
}
