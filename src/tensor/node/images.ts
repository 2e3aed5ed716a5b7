// Images between their files' bytes and tensors, by TensorFlow's own codecs: `decode…` and `encode…` of @tensorflow/tfjs-node.
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { EagerOps } from '../tensorflow/eager.ts';
import type { Attrs } from '../tensorflow/ops.ts';
import type { EagerValue } from '../tensorflow/values.ts';
import { withOps } from './run.ts';

/**
 * Decodes a JPEG, PNG, GIF or BMP, told apart by its first bytes.
 * @param channels 1 (grey), 3 (RGB) or 4 (RGBA); 0, the default: as many as the image has. A GIF has 3.
 * @param expandAnimations false: a GIF's first frame alone, [h, w, 3]. Default true.
 * @returns int32 values in 0…255: [h, w, channels], of a GIF [frames, h, w, 3].
 */
export function decodeImage(
  contents: Uint8Array,
  channels = 0,
  dtype = 'int32',
  expandAnimations = true,
): Tensor3D | Tensor4D {
  checkDtype('decodeImage', dtype);
  return decode('decodeImage', 'DecodeImage', contents, { channels, expand_animations: expandAnimations });
}

/** Decodes a PNG. @param channels 0 (the image's own), 1, 3 or 4. @returns int32 [h, w, channels] in 0…255. */
export function decodePng(contents: Uint8Array, channels = 0, dtype = 'int32'): Tensor3D {
  checkDtype('decodePng', dtype);
  return decode('decodePng', 'DecodePng', contents, { channels });
}

/**
 * Decodes a JPEG.
 * @param channels 0 (the image's own), 1 or 3.
 * @param ratio by which it is made smaller: 1, 2, 4 or 8.
 * @param fancyUpscaling a slower and nicer enlargement of the colour planes.
 * @param tryRecoverTruncated whether a file that was cut off gives what is there of it.
 * @param acceptableFraction of lines that one must have at least, 0…1.
 * @param dctMethod '', 'INTEGER_FAST' or 'INTEGER_ACCURATE'.
 * @returns int32 [h, w, channels] in 0…255.
 */
export function decodeJpeg(
  contents: Uint8Array,
  channels = 0,
  ratio = 1,
  fancyUpscaling = true,
  tryRecoverTruncated = false,
  acceptableFraction = 1,
  dctMethod = '',
): Tensor3D {
  return decode('decodeJpeg', 'DecodeJpeg', contents, {
    channels,
    ratio,
    fancy_upscaling: fancyUpscaling,
    try_recover_truncated: tryRecoverTruncated,
    acceptable_fraction: acceptableFraction,
    dct_method: dctMethod,
  });
}

/** Decodes a BMP. @param channels 0 (the image's own), 3 or 4. @returns int32 [h, w, channels] in 0…255. */
export function decodeBmp(contents: Uint8Array, channels = 0): Tensor3D {
  return decode('decodeBmp', 'DecodeBmp', contents, { channels });
}

/** Decodes all frames of a GIF. @returns int32 [frames, h, w, 3] in 0…255. */
export function decodeGif(contents: Uint8Array): Tensor4D {
  return decode('decodeGif', 'DecodeGif', contents, {});
}

/** Encodes a PNG. @param image [h, w, 1…4] in 0…255 (else clamped). @param compression 0…9, −1: zlib's default. */
export async function encodePng(image: Tensor3D, compression = 1): Promise<Uint8Array> {
  return encode('encodePng', 'EncodePng', image, { compression });
}

/**
 * Encodes a JPEG.
 * @param image [h, w, 1 or 3] in 0…255 (else clamped).
 * @param format '' (by the number of channels), 'grayscale' or 'rgb'.
 * @param quality 0…100.
 * @param progressive coarse first, then fine.
 * @param optimizeSize slower and smaller, of the same quality.
 * @param densityUnit of the two densities in the file's header: 'in' or 'cm'.
 */
export async function encodeJpeg(
  image: Tensor3D,
  format: '' | 'grayscale' | 'rgb' = '',
  quality = 95,
  progressive = false,
  optimizeSize = false,
  chromaDownsampling = true,
  densityUnit: 'in' | 'cm' = 'in',
  xDensity = 300,
  yDensity = 300,
  xmpMetadata = '',
): Promise<Uint8Array> {
  return encode('encodeJpeg', 'EncodeJpeg', image, {
    format,
    quality,
    progressive,
    optimize_size: optimizeSize,
    chroma_downsampling: chromaDownsampling,
    density_unit: densityUnit,
    x_density: xDensity,
    y_density: yDensity,
    xmp_metadata: xmpMetadata,
  });
}

function checkDtype(name: string, dtype: string): void {
  if (dtype !== 'int32') throw new TypeError(`tf.node.${name}: dtype must be int32, got ${dtype}`);
}

/** The tensor is on the backend in use, which need not be TensorFlow's. */
function decode<T extends Tensor3D | Tensor4D>(name: string, op: string, contents: Uint8Array, attrs: Attrs): T {
  if (!(contents instanceof Uint8Array)) {
    throw new TypeError(`tf.node.${name}: contents must be a Uint8Array of the file's bytes, got ${kind(contents)}`);
  }
  const { values, shape } = withOps(name, (ops) => {
    const pixels = withInput(ops, [contents], 'string', [], (file) => ops.one(op, [file], attrs));
    const wide = ops.one('Cast', [pixels], { DstT: 'int32' }) as EagerValue;
    return { values: ops.values.read(wide) as Int32Array, shape: [...wide.shape] };
  });
  return core.tensor(values, shape as [number, number, number], 'int32') as Tensor3D | Tensor4D as T;
}

async function encode(name: string, op: string, image: Tensor3D, attrs: Attrs): Promise<Uint8Array> {
  if (!(image instanceof core.Tensor))
    throw new TypeError(`tf.node.${name}: image must be a tensor, got ${kind(image)}`);
  const { shape } = image;
  if (shape.length !== 3) {
    throw new RangeError(`tf.node.${name}: image must be rank 3 [h, w, channels], got rank ${shape.length} [${shape}]`);
  }
  const pixels = new Uint8Array(Uint8ClampedArray.from(await image.data()).buffer);
  return withOps(name, (ops) => {
    const file = withInput(ops, pixels, 'uint8', shape, (input) => ops.one(op, [input], attrs));
    return (ops.values.read(file as EagerValue) as Uint8Array[])[0]!;
  });
}

/** Calls `use` with a value that is freed afterwards. */
function withInput<T>(
  ops: EagerOps,
  values: Uint8Array | Uint8Array[],
  dtype: 'string' | 'uint8',
  shape: readonly number[],
  use: (input: EagerValue) => T,
): T {
  const input = ops.values.make(values, dtype, shape);
  try {
    return use(input);
  } finally {
    ops.values.free(input);
  }
}

const kind = (value: unknown): string =>
  typeof value === 'object' && value ? (value.constructor?.name ?? 'an object') : typeof value;
