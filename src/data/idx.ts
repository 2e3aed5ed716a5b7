// The IDX format, in which MNIST and its relatives are published (http://yann.lecun.com/exdb/mnist, "THE IDX FILE FORMAT").
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Numbers of an IDX file, row by row; `values.length` is the product of `shape`. */
export type IdxArray = { readonly shape: readonly number[] } & (
  | { readonly dtype: 'uint8'; readonly values: Uint8Array }
  | { readonly dtype: 'int8'; readonly values: Int8Array }
  | { readonly dtype: 'int16'; readonly values: Int16Array }
  | { readonly dtype: 'int32'; readonly values: Int32Array }
  | { readonly dtype: 'float32'; readonly values: Float32Array }
  | { readonly dtype: 'float64'; readonly values: Float64Array }
);

/** A data file that is missing or damaged; the message names the file, what was expected and what is there. */
export class DataError extends Error {
  override name = 'DataError';
}

/** The third byte of the file. Numbers are big-endian. */
const types = {
  8: { dtype: 'uint8', bytes: 1, array: Uint8Array },
  9: { dtype: 'int8', bytes: 1, array: Int8Array },
  11: { dtype: 'int16', bytes: 2, array: Int16Array },
  12: { dtype: 'int32', bytes: 4, array: Int32Array },
  13: { dtype: 'float32', bytes: 4, array: Float32Array },
  14: { dtype: 'float64', bytes: 8, array: Float64Array },
} as const;

/**
 * Reads an IDX file, gzipped or not, of any of its six types.
 * @param source A path (from the notebook's folder), a `file:` URL, or the file's bytes.
 * @throws {DataError} The file can't be read, is not IDX, or is shorter or longer than its header says.
 */
export async function readIdx(source: string | URL | Uint8Array): Promise<IdxArray> {
  if (source instanceof Uint8Array) return parseIdx(await unzip(source, 'IDX data'), 'IDX data');
  const path = source instanceof URL ? fileURLToPath(source) : source;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new DataError(`${path}: ${reason}`, { cause });
  }
  return parseIdx(await unzip(bytes, path), path);
}

async function unzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (cause) {
    throw new DataError(`${name}: damaged gzip data (${(cause as Error).message})`, { cause });
  }
}

function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new DataError(`${name}: not an IDX file: ${bytes.length} bytes, at least 4 expected`);
  const type = types[bytes[2] as keyof typeof types];
  const rank = bytes[3]!;
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined || rank === 0) {
    const magic = view.getUint32(0).toString(16).padStart(8, '0');
    throw new DataError(`${name}: not an IDX file: its magic number is 0x${magic}, expected such as 0x00000803`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header)
    throw new DataError(`${name}: truncated: ${bytes.length} bytes, the header alone has ${header}`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  const expected = header + size * type.bytes;
  if (bytes.length !== expected) {
    const what = bytes.length < expected ? 'truncated' : 'too long';
    const count = (n: number) => n.toLocaleString('en');
    throw new DataError(
      `${name}: ${what}: ${count(bytes.length)} bytes, ${count(expected)} expected for ${type.dtype} [${shape.join(', ')}]`,
    );
  }
  // A copy, in this machine's byte order and aligned; the file's own buffer can go.
  const body = new Uint8Array(bytes.subarray(header));
  if (type.bytes !== 1 && littleEndian) swap(body, type.bytes);
  return { shape, dtype: type.dtype, values: new type.array(body.buffer, 0, size) } as IdxArray;
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function swap(bytes: Uint8Array, width: 2 | 4 | 8): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else buffer.swap64();
}
