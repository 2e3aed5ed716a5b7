// Facts of tensors and models for whoever draws them. Tells values apart by their shape, so that nothing is loaded for a value that
// is no tensor; draws nothing.
import type { Tensor } from '@tensorflow/tfjs-core';
import { dataProperty } from '../display/peek.ts';
import { tensorLine } from '../display/tensor-line.ts';
import { sampleAxes } from '../display/tensor-sample.ts';
import type { TensorFacts, TensorSample } from '../display/tensor-types.ts';
import { bytesOf, type Look, look, lookNow, placeOf, wholeBytes } from './look.ts';

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

/** What a drawing of a tensor is made from. Without a sample where there are no values to read, and the facts say why. */
export interface Described {
  readonly facts: TensorFacts;
  readonly sample?: TensorSample;
}

/** Looks at a tensor; of one on another device, while the event loop turns. */
export async function tensorFacts(tensor: Tensor): Promise<Described> {
  if (tensor.isDisposed) return described(tensor);
  try {
    return described(tensor, await look(tensor, sampleAxes(tensor.shape)));
  } catch (error) {
    return described(tensor, undefined, error);
  }
}

/** The same at once, for a tensor that may be gone right after. */
export function describedNow(tensor: Tensor, axes = sampleAxes(tensor.shape), budget = wholeBytes): Described {
  if (tensor.isDisposed) return described(tensor);
  try {
    return described(tensor, lookNow(tensor, axes, budget));
  } catch (error) {
    return described(tensor, undefined, error);
  }
}

function described(tensor: Tensor, seen?: Look, error?: unknown): Described {
  const plain = plainFacts(tensor);
  if (plain.disposed) return { facts: plain };
  const facts = { ...plain, bytes: seen?.textBytes ?? plain.bytes };
  if (!seen) return { facts: { ...facts, unread: error instanceof Error ? error.message : String(error) } };
  return { facts: { ...facts, ...(seen.statistics && { statistics: seen.statistics }) }, sample: seen.sample };
}

/** A tensor in a line, without a look at its values: shape, type, bytes and backend. */
export function tensorBrief(tensor: Tensor): string {
  return tensorLine(plainFacts(tensor), { width: Number.POSITIVE_INFINITY });
}

/** What is known of a tensor without its values; strings have no size without them. */
function plainFacts(tensor: Tensor): TensorFacts {
  const { shape, dtype } = tensor;
  const isVariable = dataProperty(tensor, 'assign') !== undefined;
  const name = isVariable ? { name: dataProperty(tensor, 'name') as string } : {};
  const own = { kind: isVariable ? 'Variable' : 'Tensor', ...name, shape, dtype };
  if (tensor.isDisposed) return { ...own, bytes: 0, disposed: true };
  const backend = placeOf(tensor);
  return { ...own, ...(backend && { backend }), bytes: dtype === 'string' ? 0 : bytesOf(tensor) };
}
