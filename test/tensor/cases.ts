// Cases with numbers from outside (fixtures/, written by the programs in Python there): read, computed on the backend in use, and compared.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { DataType, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { tf } from './backends.ts';

interface Written {
  readonly dtype: DataType;
  readonly shape: number[];
  /** Complex ones as pairs; what JSON has no number for, as its name. */
  readonly values: (number | string)[];
}

export interface Case {
  /** A function of `tf`, such as `image.resizeBilinear`, or `kernel.` and the name of a kernel. */
  readonly call: string;
  readonly arguments: unknown[];
  readonly outputs: readonly Written[];
  /** What came back to the value, and the gradients by the tensors of each argument; null where none is asked for. */
  readonly dy?: Written;
  readonly gradients?: readonly (readonly Written[] | null)[];
}

const folder = new URL('../../../test/tensor/fixtures/', import.meta.url);

/** Cases by their family. */
export const families: ReadonlyMap<string, readonly Case[]> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]),
);

/** Relative to the larger of 1 and the value. Most was computed in float64; the convolutions and sums of wasm are the farthest off. */
const tolerance: Partial<Record<DataType, number>> = { float32: 2e-5, complex64: 2e-5 };

/** `add(float32[2,3], float32[3])`. */
export const nameOf = ({ call, arguments: written, dy }: Case): string =>
  `${call}(${written.map(brief).join(', ')})${dy ? ' with gradients' : ''}`;

function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(brief)}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (!isWritten(value)) return `{${Object.entries(value).map(([name, one]) => `${name}: ${brief(one)}`)}}`;
  return `${value.dtype}[${value.shape}]`;
}

const isWritten = (value: object): value is Written => 'dtype' in value && 'values' in value;

/** Fails unless the backend in use gives the case's numbers. */
export async function check({ call, arguments: written, outputs, dy, gradients }: Case): Promise<void> {
  const made = written.map(revive);
  const got = flat(await apply(call, made));
  assert.equal(got.length, outputs.length, 'number of outputs');
  for (const [i, wanted] of outputs.entries()) compare(got[i]!, wanted, `output ${i}`);
  if (!dy || !gradients) return;
  const by = made.map((argument, i) => (gradients[i] ? tensorsIn(argument) : []));
  const wanted = gradients.flatMap((each) => each ?? []);
  if (wanted.length === 0) return;
  const slopes = tf.grads(
    (...inputs) =>
      apply(
        call,
        made.map((one, i) => (by[i]!.length ? replaced(one, inputs) : one)),
      ) as Tensor,
  )(by.flat(), revive(dy) as Tensor);
  for (const [i, each] of wanted.entries()) compare(slopes[i]!, each, `gradient ${i}`);
}

/** Whether the backend in use has what a case calls: only single kernels may be missing. */
export const isHere = ({ call }: Case): boolean =>
  !call.startsWith('kernel.') || tf.getKernel(call.slice('kernel.'.length), tf.getBackend()) !== undefined;

function apply(call: string, values: unknown[]): unknown {
  if (call.startsWith('kernel.')) {
    const [inputs, attrs] = values as [NamedTensorMap, NamedAttrMap];
    return tf.engine().runKernel(call.slice('kernel.'.length), inputs, attrs);
  }
  // biome-ignore lint/suspicious/noExplicitAny: a function by its name, with arguments as the fixture has them.
  const operation = call.split('.').reduce<any>((from, name) => from[name], tf);
  return operation(...values);
}

/** The tensors of a result, in order: one, a list, or an object of them. */
function flat(result: unknown): Tensor[] {
  if (result instanceof tf.Tensor) return [result];
  return Object.values(result as object).flatMap(flat);
}

/** The tensors of an argument that gradients are asked for. */
function tensorsIn(argument: unknown): Tensor[] {
  if (argument instanceof tf.Tensor) return argument.dtype === 'float32' ? [argument] : [];
  return typeof argument === 'object' && argument !== null ? Object.values(argument).flatMap(tensorsIn) : [];
}

/** The argument with its tensors taken from the front of a list. */
function replaced(argument: unknown, from: Tensor[]): unknown {
  if (argument instanceof tf.Tensor) return argument.dtype === 'float32' ? from.shift() : argument;
  if (Array.isArray(argument)) return argument.map((one) => replaced(one, from));
  if (typeof argument !== 'object' || argument === null) return argument;
  return Object.fromEntries(Object.entries(argument).map(([name, one]) => [name, replaced(one, from)]));
}

const numberOf = (value: number | string): number => Number(value);

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  if (!isWritten(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
  const { dtype, shape, values } = value;
  if (dtype === 'string') return tf.tensor(values as string[], shape, dtype);
  const numbers = values.map(numberOf);
  if (dtype !== 'complex64') return tf.tensor(numbers, shape, dtype);
  const part = (which: number) =>
    tf.tensor(
      numbers.filter((_, i) => i % 2 === which),
      shape,
    );
  return tf.complex(part(0), part(1));
}

function compare(got: Tensor, { dtype, shape, values }: Written, what: string): void {
  assert.deepEqual({ dtype: got.dtype, shape: got.shape }, { dtype, shape }, what);
  const seen: ArrayLike<number | string> = got.dataSync();
  assert.equal(seen.length, values.length, `number of values of ${what}`);
  const close = (a: number, b: number) =>
    a === b ||
    (Number.isNaN(a) && Number.isNaN(b)) ||
    Math.abs(a - b) <= (tolerance[dtype] ?? 0) * Math.max(1, Math.abs(b));
  const wrong = values.findIndex((wanted, i) =>
    dtype === 'string' ? seen[i] !== wanted : !close(numberOf(seen[i]!), numberOf(wanted)),
  );
  assert.ok(wrong < 0, `value ${wrong} of ${what}: ${values[wrong]} is right, here it is ${seen[wrong]}`);
}
