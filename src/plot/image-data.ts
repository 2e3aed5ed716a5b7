// Images out of tensors and nested arrays, as pixels.
import type { Pixels } from '../display/png.ts';

/** Images `[n, h, w]`, `[n, h, w, 1 | 3 | 4]`, `[n, side²]`, or one `[h, w]`: a tensor, tensors of single images, or nested arrays. */
export type ImageData =
  | { readonly shape: readonly number[]; dataSync(): ArrayLike<number> }
  | readonly (
      | ArrayLike<number>
      | readonly unknown[]
      | { readonly shape: readonly number[]; dataSync(): ArrayLike<number> }
    )[];

/**
 * The first so many images, or those of these indices, and how many there are. Values from 0 to 1 or to 255 are brightness, others are
 * stretched.
 */
export function imagePixels(
  data: ImageData,
  wanted: number | readonly number[],
): { pictures: Pixels[]; total: number } {
  const { shape, values } = read(data);
  const [n, h, w, c] = imageShape(shape);
  const stretch = brightness(values);
  const first = (count: number) => Array.from({ length: Math.min(n, count) }, (_, i) => i);
  const indices = typeof wanted === 'number' ? first(wanted) : wanted.filter((index) => index < n);
  const pictures = indices.map((index) => pixels(values, index * h * w * c, h, w, c, stretch));
  return { pictures, total: n };
}

/** Grey, RGB or RGBA pixels of one image; `stretch` maps values to 0…255. */
function pixels(
  values: ArrayLike<number>,
  start: number,
  height: number,
  width: number,
  channels: 1 | 3 | 4,
  stretch: (value: number) => number,
): Pixels {
  const data = new Uint8ClampedArray(height * width * channels);
  for (let i = 0; i < data.length; i++) data[i] = stretch(values[start + i]!);
  return { width, height, data, channels };
}

function brightness(values: ArrayLike<number>): (value: number) => number {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min && value > -Infinity) min = value;
    if (value > max && value < Infinity) max = value;
  }
  if (min >= 0 && max <= 1) return (value) => value * 255;
  if (min >= 0 && max <= 255) return (value) => value;
  return (value) => ((value - min) / (max - min || 1)) * 255;
}

/** `[n, side²]` is n squares, as data sets often have them; `[h, w]` one image. */
function imageShape(shape: readonly number[]): [n: number, h: number, w: number, c: 1 | 3 | 4] {
  const [a, b, c, d] = shape;
  const side = Math.sqrt(b ?? 0);
  if (shape.length === 2 && a !== b && side >= 4 && Number.isInteger(side)) return [a!, side, side, 1];
  if (shape.length === 2) return [1, a!, b!, 1];
  if (shape.length === 3) return [a!, b!, c!, 1];
  if (shape.length === 4 && (d === 1 || d === 3 || d === 4)) return [a!, b!, c!, d];
  throw new RangeError(
    `images: shape must be [n, h, w], [n, h, w, 1 | 3 | 4], [n, side²] or [h, w], got [${shape.join(', ')}]`,
  );
}

function read(data: ImageData): { shape: readonly number[]; values: ArrayLike<number> } {
  if (typeof data === 'object' && data !== null && 'dataSync' in data && typeof data.dataSync === 'function')
    return { shape: data.shape, values: data.dataSync() };
  if (!Array.isArray(data))
    throw new TypeError(`images: must be a tensor or nested arrays, got ${data === null ? 'null' : typeof data}`);
  // Tensors of single images, as `unstack` gives them.
  const items = (data as unknown[]).map((item) => ('dataSync' in Object(item) ? read(item as ImageData) : undefined));
  if (items.length > 0 && items.every((item) => item !== undefined)) {
    const values = items.flatMap((item) => Array.from(item!.values));
    return { shape: [items.length, ...items[0]!.shape], values };
  }
  return nested(data);
}

/** Nested arrays → flat values. */
function nested(data: readonly unknown[]): { shape: number[]; values: number[] } {
  const shape: number[] = [];
  for (let level: unknown = data; isList(level); level = level[0]) shape.push(level.length);
  const values: number[] = [];
  const collect = (level: unknown, axis: number): void => {
    if (!isList(level)) values.push(Number(level));
    else if (level.length !== shape[axis])
      throw new RangeError(
        `images: arrays must have one length along axis ${axis}, got ${shape[axis]} and ${level.length}`,
      );
    else for (let i = 0; i < level.length; i++) collect(level[i], axis + 1);
  };
  collect(data, 0);
  const side = Math.sqrt(shape[1] ?? 0);
  return {
    shape: shape.length === 2 && Number.isInteger(side) && shape[0] !== shape[1] ? [shape[0]!, side, side] : shape,
    values,
  };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as ArrayLike<unknown>).length === 'number';
}
