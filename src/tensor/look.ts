// Looks at a tensor: its figures and some of its values. What lies in memory that we see is not copied, and of a large tensor on
// another device only a sample is fetched. Draws nothing.
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { sampleOffsetsAt, sampleValues } from '../display/tensor-sample.ts';
import type { Statistics, TensorSample } from '../display/tensor-types.ts';
import { core } from './packages.ts';
import { Moments, sampleOffsets, sampleSize, statistics } from './statistics.ts';

/** Values of a tensor of more bytes than this are sampled: looking at all would take more than 50 ms. */
export const wholeBytes = 64 * 2 ** 20;

/** Texts of a tensor that are read whole. */
const wholeStrings = 20_000;

/** What was seen. */
export interface Look {
  /** Absent for strings and empty tensors. */
  readonly statistics?: Statistics;
  readonly sample: TensorSample;
  /** Bytes of the texts of a string tensor. */
  readonly textBytes?: number;
}

type Values = ArrayLike<number> | readonly string[] | readonly Uint8Array[];
/** Data to be read from a backend: the way of reading is the caller's. */
interface Wanted {
  readonly backend: KernelBackend;
  readonly dataId: object;
}
type Looking<T> = Generator<Wanted, T, Values>;

/** Looks without waiting for another device's turn: for a tensor that may be gone right after. Beyond `budget` bytes it is sampled. */
export function lookNow(tensor: Tensor, axes: TensorSample['axes'], budget = wholeBytes): Look {
  return runNow(looking(tensor, axes, budget));
}

/** Looks; the event loop turns while another device computes. */
export async function look(tensor: Tensor, axes: TensorSample['axes']): Promise<Look> {
  const steps = looking(tensor, axes);
  let step = steps.next();
  while (!step.done) {
    const { backend, dataId } = step.value;
    step = steps.next((await backend.read(dataId)) as Values);
  }
  return step.value;
}

/** Figures over all values, whatever their number: 1–2 s for 2 GB. NaN where nothing is finite. */
export function exactStatistics(tensor: Tensor): Statistics {
  return runNow(exactly(tensor));
}

function runNow<T>(steps: Looking<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(step.value.backend.readSync(step.value.dataId) as Values);
  return step.value;
}

function* looking(tensor: Tensor, axes: TensorSample['axes'], budget = wholeBytes): Looking<Look> {
  const { shape, size, dtype } = tensor;
  if (dtype === 'string') return yield* lookingAtTexts(tensor, axes);
  const width = dtype === 'complex64' ? 2 : 1;
  const some = Math.round(Math.min(sampleSize, Math.max(2 ** 13, budget / 64)));
  // A sample of nearly all would save nothing.
  const isLarge = bytesOf(tensor) > budget && size > 2 * some;
  const seen = (values: ArrayLike<number>): Look => ({
    ...(size > 0 && { statistics: isLarge ? sampled(values, size, width, some) : statistics(plain(values, width)) }),
    sample: { axes, values: sampleValues(values, shape, axes, width) },
  });
  const here = inPlace(tensor, seen);
  if (here) return here;
  if (!isLarge || width === 2 || size > 2 ** 31 - 1) return seen((yield wanted(tensor)) as ArrayLike<number>);
  const picked = (yield* fetched(tensor, sampleOffsets(size, some))) as ArrayLike<number>;
  const values = (yield* fetched(tensor, sampleOffsetsAt(shape, axes))) as ArrayLike<number>;
  return { statistics: approximate(picked, size), sample: { axes, values } };
}

function* lookingAtTexts(tensor: Tensor, axes: TensorSample['axes']): Looking<Look> {
  const { shape, size } = tensor;
  const isFar = size > wholeStrings && backendOf(tensor)?.name === 'tensorflow';
  const all = (
    isFar ? yield* fetched(tensor, sampleOffsetsAt(shape, axes)) : yield wanted(tensor)
  ) as readonly Uint8Array[];
  const some = isFar ? all : sampleValues(all, shape, axes);
  const bytes = all.reduce((sum, text) => sum + text.length, 0);
  return {
    sample: { axes, values: some.map((text) => core.util.decodeString(text)) },
    textBytes: isFar && all.length > 0 ? Math.round((bytes / all.length) * size) : bytes,
  };
}

function* exactly(tensor: Tensor): Looking<Statistics> {
  const { size, dtype } = tensor;
  if (dtype === 'string') throw new TypeError('stats: a tensor must be of numbers or bools, got strings');
  const width = dtype === 'complex64' ? 2 : 1;
  const here = inPlace(tensor, (values) => statistics(plain(values, width)));
  if (here) return here;
  if (bytesOf(tensor) <= wholeBytes || width === 2)
    return statistics(plain((yield wanted(tensor)) as ArrayLike<number>, width));
  const moments = new Moments();
  const part = wholeBytes / 4;
  for (let start = 0; start < size; start += part)
    moments.add((yield* sliced(tensor, start, Math.min(part, size - start))) as ArrayLike<number>);
  const figures = moments.result();
  if (!(figures.max > figures.min)) return figures;
  const some = (yield* fetched(tensor, sampleOffsets(size))) as ArrayLike<number>;
  return { ...figures, histogram: statistics(some).histogram! };
}

/** Hands out a tensor's values where they are; `undefined` where they must be fetched. */
function inPlace<T>(tensor: Tensor, use: (values: ArrayLike<number>) => T): T | undefined {
  const { backend } = backendOf(tensor) ?? {};
  if (!backend || tensor.size === 0) return undefined;
  const { dataId, dtype } = tensor;
  if ('look' in backend) return (backend as unknown as TensorflowLook).look(dataId, use);
  if ('typedArrayFromHeap' in backend && dtype !== 'complex64')
    return use((backend as unknown as WasmHeap).typedArrayFromHeap(tensor));
  return undefined;
}

interface TensorflowLook {
  look<T>(dataId: object, use: (values: ArrayLike<number>) => T): T | undefined;
  deviceOf(dataId: object): string;
}
interface WasmHeap {
  typedArrayFromHeap(tensor: Tensor): ArrayLike<number>;
}

/** The values at row-major offsets, picked on the device. */
function* fetched(tensor: Tensor, offsets: ArrayLike<number>): Looking<Values> {
  const { backend } = backendOf(tensor)!;
  const shape = [offsets.length];
  const dataId = backend.write(Int32Array.from(offsets), shape, 'int32');
  try {
    const indices = { dataId, shape, dtype: 'int32' };
    return yield* made(tensor, 'GatherV2', (x) => ({ x, indices }), { axis: 0, batchDims: 0 });
  } finally {
    backend.disposeData(dataId);
  }
}

/** A run of the values, cut out on the device. */
function* sliced(tensor: Tensor, start: number, length: number): Looking<Values> {
  return yield* made(tensor, 'Slice', (x) => ({ x }), { begin: [start], size: [length] });
}

/** What a kernel makes of a tensor laid flat, where the tensor is. Past the engine, whose scopes and tapes a look is none of. */
function* made(tensor: Tensor, kernel: string, inputs: (flat: TensorInfo) => object, attrs: object): Looking<Values> {
  const { backend, name } = backendOf(tensor)!;
  const run = (kernelName: string, given: object, how: object) =>
    core.getKernel(kernelName, name).kernelFunc({ inputs: given, attrs: how, backend } as never) as TensorInfo;
  const flat = run('Reshape', { x: tensor }, { shape: [tensor.size] });
  let result: TensorInfo | undefined;
  try {
    result = run(kernel, inputs(flat), attrs);
    return yield { backend, dataId: result.dataId };
  } finally {
    for (const info of result ? [flat, result] : [flat]) backend.disposeData(info.dataId);
  }
}

const wanted = (tensor: Tensor): Wanted => ({ backend: backendOf(tensor)!.backend, dataId: tensor.dataId });

/** Figures of a large tensor whose values are here. */
function sampled(values: ArrayLike<number>, size: number, width: number, count: number): Statistics {
  const offsets = sampleOffsets(size, count);
  const some = new Float64Array(offsets.length * width);
  for (let i = 0; i < offsets.length; i++)
    for (let part = 0; part < width; part++) some[i * width + part] = values[offsets[i]! * width + part]!;
  return approximate(plain(some, width), size);
}

/** Figures of all by those of some; what is not finite is counted in proportion. */
function approximate(some: ArrayLike<number>, size: number): Statistics {
  const figures = statistics(some);
  const share = size / some.length;
  return {
    ...figures,
    nan: Math.round(figures.nan * share),
    infinite: Math.round(figures.infinite * share),
    sampled: some.length,
  };
}

/** Real numbers: of complex ones the magnitudes. */
function plain(values: ArrayLike<number>, width: number): ArrayLike<number> {
  if (width === 1) return values;
  return Float64Array.from({ length: values.length / 2 }, (_, i) => Math.hypot(values[2 * i]!, values[2 * i + 1]!));
}

/** Bytes of the values of a tensor of numbers. */
export function bytesOf({ size, dtype }: Tensor): number {
  return size * (dtype === 'complex64' ? 8 : dtype === 'bool' ? 1 : 4);
}

/** The backend that has a tensor's data, and its name. */
export function backendOf(tensor: Tensor): { readonly name: string; readonly backend: KernelBackend } | undefined {
  const engine = core?.engine() as unknown as { registry: Record<string, KernelBackend> } | undefined;
  const backend = core?.engine().state.tensorInfo.get(tensor.dataId)?.backend;
  const name = Object.keys(engine?.registry ?? {}).find((each) => engine!.registry[each] === backend);
  return backend && name !== undefined ? { name, backend } : undefined;
}

/** Where a tensor is, in words: the backend, and which GPU. */
export function placeOf(tensor: Tensor): string | undefined {
  const { name, backend } = backendOf(tensor) ?? {};
  if (name !== 'tensorflow' || !backend) return name;
  const device = (backend as unknown as TensorflowLook).deviceOf(tensor.dataId);
  return device.startsWith('GPU') ? `${name} ${device}` : name;
}
