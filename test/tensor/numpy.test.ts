// Every family of operations against NumPy and SciPy, on every backend found. The numbers are in fixtures/, written by fixtures/make.py.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { found, tf } from './backends.ts';

interface Written {
  readonly dtype: DataType;
  readonly shape: number[];
  /** Complex ones as pairs; what JSON has no number for, as its name. */
  readonly values: (number | string)[];
}

interface Case {
  /** A function of `tf`, such as `image.resizeBilinear`. */
  readonly call: string;
  readonly arguments: unknown[];
  readonly outputs: readonly Written[];
}

const folder = new URL('../../../test/tensor/fixtures/', import.meta.url);
const families = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Relative to the larger of 1 and the value. NumPy computed in float64; the convolutions and sums of wasm are the farthest off. */
const tolerance: Partial<Record<DataType, number>> = { float32: 2e-5, complex64: 2e-5 };

/** What a backend can't do, by its name and the case's, with the reason. */
const beyond: Record<string, string> = {
  'cpu: floorDiv(float32[3,4], float32[4])': 'tfjs calls the result int32',
  ...swiftShader('sin(float32[3,4])', 'cos(float32[3,4])', 'tan(float32[3,4])', 'acos(float32[2,3])'),
  ...swiftShader('fft(complex64[2,8])', 'ifft(complex64[2,8])', 'rfft(float32[2,8])', 'irfft(complex64[2,5])'),
  'webgpu: floorDiv(float32[3,4], float32[4])': 'tfjs calls the result int32',
  'cpu: unsortedSegmentSum(int32[4,3,2], int32[4], 3)': 'tfjs calls the result float32',
};

function swiftShader(...cases: string[]): Record<string, string> {
  return Object.fromEntries(cases.map((name) => [`webgpu: ${name}`, 'SwiftShader has few digits of a sine']));
}

for (const backend of [...found, 'cpu']) {
  describe(`operations on ${backend}`, () => {
    for (const family of families) {
      const cases: Case[] = JSON.parse(readFileSync(new URL(family, folder), 'utf8'));
      it(`agree with NumPy in ${cases.length} cases of ${family.replace('.json', '')}`, async () => {
        await tf.setBackend(backend);
        assert.deepEqual(
          cases.flatMap((each) => check(each, backend)),
          [],
        );
      });
    }
  });
}

/** What is wrong with a case, in a list of none or one. */
function check({ call, arguments: written, outputs }: Case, backend: string): string[] {
  const name = `${call}(${written.map(brief).join(', ')})`;
  const listed = beyond[`${backend}: ${name}`];
  try {
    tf.tidy(() => {
      const got = [apply(call, written.map(revive))].flat();
      assert.equal(got.length, outputs.length, 'number of outputs');
      for (const [i, wanted] of outputs.entries()) compare(got[i]!, wanted);
    });
  } catch (error) {
    return listed ? [] : [`${name}: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`];
  }
  return listed ? [`${name}: works on ${backend} now: take it off the list`] : [];
}

/** An argument as a name has it: `float32[2,3]`. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(brief)}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `${(value as Written).dtype}[${(value as Written).shape}]`;
}

function apply(call: string, values: unknown[]): Tensor | Tensor[] {
  // biome-ignore lint/suspicious/noExplicitAny: a function by its name, with arguments as the fixture has them.
  const operation = call.split('.').reduce<any>((from, name) => from[name], tf);
  const result = operation(...values);
  return result instanceof tf.Tensor || Array.isArray(result) ? result : (Object.values(result) as Tensor[]);
}

const numberOf = (value: number | string): number => Number(value);

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  const { dtype, shape, values } = value as Written;
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

function compare(got: Tensor, { dtype, shape, values }: Written): void {
  assert.deepEqual({ dtype: got.dtype, shape: got.shape }, { dtype, shape });
  const seen: ArrayLike<number | string> = got.dataSync();
  assert.equal(seen.length, values.length, 'number of values');
  const close = (a: number, b: number) =>
    a === b ||
    (Number.isNaN(a) && Number.isNaN(b)) ||
    Math.abs(a - b) <= (tolerance[dtype] ?? 0) * Math.max(1, Math.abs(b));
  const wrong = values.findIndex((wanted, i) =>
    dtype === 'string' ? seen[i] !== wanted : !close(numberOf(seen[i]!), numberOf(wanted)),
  );
  assert.ok(wrong < 0, `value ${wrong}: NumPy has ${values[wrong]}, here it is ${seen[wrong]}`);
}
