// Facts of tensors and models for whoever draws them. Tells values apart by their shape, so that nothing is loaded for a value that
// is no tensor; draws nothing.
import type { Tensor } from '@tensorflow/tfjs-core';
import { dataProperty } from '../display/peek.ts';
import { tensorLine } from '../display/tensor-line.ts';
import { sampleAxes, sampleValues } from '../display/tensor-sample.ts';
import type { Statistics, TensorFacts, TensorSample } from '../display/tensor-types.ts';
import { core } from './packages.ts';

/** Whether a value is a tensor or a variable, disposed ones included. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof dataProperty(value, 'dataId') === 'object' &&
    Array.isArray(dataProperty(value, 'shape')) &&
    typeof dataProperty(value, 'throwIfDisposed') === 'function'
  );
}

/** Whether a value is a symbolic tensor: what layers are connected by, without values. */
export function isSymbolic(value: unknown): value is { name: string; shape: (number | null)[]; dtype: string } {
  return Array.isArray(dataProperty(value, 'shape')) && typeof dataProperty(value, 'sourceLayer') === 'object';
}

/** What is known of a tensor without its values; strings have no size without them. */
function plainFacts(tensor: Tensor): TensorFacts {
  const { shape, dtype, size } = tensor;
  const isVariable = dataProperty(tensor, 'assign') !== undefined;
  const name = isVariable ? { name: dataProperty(tensor, 'name') as string } : {};
  const own = { kind: isVariable ? 'Variable' : 'Tensor', ...name, shape, dtype };
  if (tensor.isDisposed) return { ...own, bytes: 0, disposed: true };
  const backend = backendOf(tensor);
  const bytes = dtype === 'string' ? 0 : size * (dtype === 'complex64' ? 8 : dtype === 'bool' ? 1 : 4);
  return { ...own, ...(backend && { backend }), bytes };
}

/** A tensor in a line: shape, type, bytes and backend. */
export function tensorBrief(tensor: Tensor): string {
  return tensorLine(plainFacts(tensor));
}

/** What a drawing of a tensor is made from. Values are read once; no copy is made of those in memory that we can see. */
export async function tensorFacts(tensor: Tensor): Promise<{ facts: TensorFacts; sample?: TensorSample }> {
  const { shape, dtype, size } = tensor;
  const facts = plainFacts(tensor);
  if (facts.disposed) return { facts };
  const axes = sampleAxes(shape);
  if (dtype === 'string') {
    const values = (await tensor.data()) as unknown as string[];
    const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    return { facts: { ...facts, bytes }, sample: { axes, values: sampleValues(values, shape, axes) } };
  }
  const complex = dtype === 'complex64';
  const values = await numbersOf(tensor);
  const sample = { axes, values: sampleValues(values, shape, axes, complex ? 2 : 1) };
  return size
    ? { facts: { ...facts, statistics: statistics(complex ? magnitudes(values) : values) }, sample }
    : { facts, sample };
}

/** A tensor's values, in the heap of the wasm backend where they are, else copied. For complex64, pairs. */
async function numbersOf(tensor: Tensor): Promise<ArrayLike<number>> {
  const info = core?.engine().state.tensorInfo.get(tensor.dataId);
  const heap = info?.backend as { typedArrayFromHeap?(tensor: Tensor): ArrayLike<number> } | undefined;
  if (heap?.typedArrayFromHeap && tensor.dtype !== 'complex64') return heap.typedArrayFromHeap(tensor);
  return tensor.data();
}

/** The name of the backend that has a tensor's data. */
export function backendOf(tensor: Tensor): string | undefined {
  const engine = core?.engine() as unknown as { registry: Record<string, unknown> } | undefined;
  const info = core?.engine().state.tensorInfo.get(tensor.dataId);
  return Object.entries(engine?.registry ?? {}).find(([, backend]) => backend === info?.backend)?.[0];
}

function magnitudes(pairs: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: pairs.length / 2 }, (_, i) => Math.hypot(pairs[2 * i]!, pairs[2 * i + 1]!));
}

/** Figures over the finite values. */
export function statistics(values: ArrayLike<number>): Statistics {
  const figures = finiteStatistics(values);
  // NaN or an infinity makes the sum of squares one: only then is each value looked at.
  if (Number.isFinite(figures.std)) return figures;
  const finite = Float64Array.from(values).filter(Number.isFinite);
  let nan = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) nan++;
  return { ...finiteStatistics(finite), nan, infinite: values.length - finite.length - nan };
}

/** In one pass (2 ns a value). Sums are taken from the first value, so that their squares don't drown the differences. */
function finiteStatistics(values: ArrayLike<number>): Statistics {
  const { length } = values;
  const origin = length ? values[0]! : Number.NaN;
  let min = origin;
  let max = origin;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    const difference = value - origin;
    sum += difference;
    squares += difference * difference;
  }
  const mean = sum / length;
  const std = Math.sqrt(Math.max(0, squares / length - mean * mean));
  return { min, max, mean: origin + mean, std, nan: 0, infinite: 0 };
}
