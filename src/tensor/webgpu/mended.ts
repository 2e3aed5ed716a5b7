// What tfjs's kernels of WebGPU have wrong (4.22.0), by families: each entry computes with tfjs's own where that is right.
import type { KernelBackend, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { checkSegments } from './segments.ts';

/** What a kernel is called with. */
export interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows the attributes of its own name.
  readonly attrs: any;
  readonly backend: KernelBackend;
}

export type Kernel = (call: Call) => TensorInfo | TensorInfo[];

/** A kernel of ours that is given tfjs's, and the plain backend's. */
export type Mended = (tfjs: Kernel, call: Call, plain: Kernel) => TensorInfo | TensorInfo[];

/** Several kernels, mended alike. */
const each = (names: string, kernel: Mended): Record<string, Mended> =>
  Object.fromEntries(names.split(' ').map((name) => [name, kernel]));

/** Shaders can't bind what has no elements. */
const guardEmpty: Mended = (tfjs, call, plain) =>
  Object.values(call.inputs).some((info) => info?.shape.includes(0)) ? plain(call) : tfjs(call);

/** By name: what is registered in the place of tfjs's. */
export const mended: Readonly<Record<string, Mended>> = {
  ...each('All Any ArgMax ArgMin Max Mean Min Sum _FusedMatMul', guardEmpty),
  ...each('GatherV2 PadV2 Reverse Slice Tile', eachPart),
  StridedSlice: (tfjs, call, plain) => eachPart((part) => stride(tfjs, part), call, plain),
  ...each('Cumprod Cumsum', cumulate),
  ...each('SparseSegmentMean SparseSegmentSum', (tfjs, call) => {
    checkSegments(call);
    return tfjs(call);
  }),
  // Computed in JavaScript, small ones lose the axes that are to be kept.
  Prod: (tfjs, call, plain) => {
    const out = guardEmpty(tfjs, call, plain) as TensorInfo;
    if (!call.attrs.keepDims) return out;
    const { shape } = call.inputs.x!;
    const axes = core.util.parseAxisParam(call.attrs.axis, shape);
    return { ...out, shape: shape.map((length, axis) => (axes.includes(axis) ? 1 : length)) };
  },
  BatchMatMul: (tfjs, call, plain) => guardEmpty((all) => multiply(tfjs, all), call, plain),
  UnsortedSegmentSum: sumSegments,
  // The shader counts some values twice, and for "whether at all" its text is in error.
  DenseBincount: (_, call, plain) => plain(call),
  // The shader takes a vector, whatever shape came.
  Bincount: (tfjs, call) => tfjs({ ...call, inputs: { ...call.inputs, x: flat(call.inputs.x!) } }),
};

const flat = (info: TensorInfo): TensorInfo => ({ ...info, shape: [core.util.sizeFromShape(info.shape)] });

function run({ backend }: Call, name: string, inputs: Record<string, TensorInfo>, attrs: object = {}): TensorInfo {
  const { kernelFunc } = core.getKernel(name, 'webgpu');
  return kernelFunc({ inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend }) as TensorInfo;
}

const free = ({ backend }: Call, ...infos: TensorInfo[]) => {
  for (const { dataId } of infos) backend.disposeData(dataId);
};

/** Of a complex tensor, its parts one by one. */
function eachPart(...[tfjs, call]: Parameters<Mended>): TensorInfo | TensorInfo[] {
  const x = call.inputs.x!;
  if (x.dtype !== 'complex64') return tfjs(call);
  const [real, imag] = ['Real', 'Imag'].map((name) => {
    const part = run(call, name, { input: x });
    const out = tfjs({ ...call, inputs: { ...call.inputs, x: part } }) as TensorInfo;
    free(call, part);
    return out;
  }) as [TensorInfo, TensorInfo];
  const joined = run(call, 'Complex', { real, imag });
  free(call, real, imag);
  return joined;
}

/** Axes that are dropped put tfjs off: they are kept, and the result is given its shape. */
function stride(tfjs: Kernel, call: Call): TensorInfo | TensorInfo[] {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = call.attrs;
  if (!shrinkAxisMask) return tfjs(call);
  const { shape } = call.inputs.x!;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  const plan = core.slice_util.sliceInfo(shape, begin, end, strides, ...masks);
  // Before the first, which as an end in itself would mean the last.
  const open = plan.end.reduce((mask, last, axis) => (last < 0 ? mask | (1 << axis) : mask), 0);
  const attrs = { begin: plan.begin, end: plan.end, strides: plan.strides, beginMask: 0, endMask: open };
  const out = tfjs({ ...call, attrs: { ...attrs, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 } }) as TensorInfo;
  return { ...out, shape: plan.finalShape };
}

/**
 * The shader of a reversed sum has the axis' length in its text but not in the key that it is kept under: it runs forwards between two
 * reversals. It knows four axes.
 */
function cumulate(...[tfjs, call, plain]: Parameters<Mended>): TensorInfo | TensorInfo[] {
  const x = call.inputs.x!;
  if (x.shape.length > 4) return plain(call);
  if (!call.attrs.reverse) return tfjs(call);
  const dims = core.util.parseAxisParam(call.attrs.axis, x.shape);
  const reversed = run(call, 'Reverse', { x }, { dims });
  const sums = tfjs({ ...call, inputs: { x: reversed }, attrs: { ...call.attrs, reverse: false } }) as TensorInfo;
  const out = run(call, 'Reverse', { x: sums }, { dims });
  free(call, reversed, sums);
  return out;
}

/** The shader repeats one operand for the other's batches; where each has batches that the other lacks, both are repeated here. */
function multiply(tfjs: Kernel, call: Call): TensorInfo | TensorInfo[] {
  const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
  const [batchA, batchB] = [a, b].map(({ shape }) => shape.slice(0, -2)) as [number[], number[]];
  const batch = core.backend_util.assertAndGetBroadcastShape(batchA, batchB);
  const count = core.util.sizeFromShape(batch);
  if ([batchA, batchB].some((one) => core.util.sizeFromShape(one) === count)) return tfjs(call);
  const repeat = (x: TensorInfo) => {
    const shape = [...batch.map(() => 1), ...x.shape].slice(-batch.length - 2);
    const reps = shape.map((length, axis) => (axis < batch.length ? batch[axis]! / length : 1));
    return run(call, 'Tile', { x: { ...x, shape } }, { reps });
  };
  const inputs = { a: repeat(a), b: repeat(b) };
  const out = tfjs({ ...call, inputs });
  free(call, inputs.a, inputs.b);
  return out;
}

/** The shader adds what is for no segment to others: it is given a segment more for that, which is cut off. And it knows float32 alone. */
function sumSegments(...[tfjs, call, plain]: Parameters<Mended>): TensorInfo | TensorInfo[] {
  const { x, segmentIds } = call.inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = call.attrs as { numSegments: number };
  if (x.shape.includes(0)) return plain(call);
  if (x.dtype !== 'float32') {
    const floats = run(call, 'Cast', { x }, { dtype: 'float32' });
    const sums = sumSegments(tfjs, { ...call, inputs: { x: floats, segmentIds } }, plain) as TensorInfo;
    const out = run(call, 'Cast', { x: sums }, { dtype: 'int32' });
    free(call, floats, sums);
    return out;
  }
  const dataId = call.backend.write(Int32Array.of(numSegments), [], 'int32');
  const last: TensorInfo = { dataId, shape: [], dtype: 'int32' };
  const ids = run(call, 'Minimum', { a: segmentIds, b: last });
  const attrs = { ...call.attrs, numSegments: numSegments + 1 };
  const sums = tfjs({ ...call, inputs: { x, segmentIds: ids }, attrs }) as TensorInfo;
  const size = [numSegments, ...sums.shape.slice(1)];
  const out = run(call, 'Slice', { x: sums }, { begin: size.map(() => 0), size });
  free(call, last, ids, sums);
  return out;
}
