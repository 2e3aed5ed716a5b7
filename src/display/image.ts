// Pictures as files: what kind of file bytes are, how large the picture is, and the display of one.
import { asDisplay, type Display } from './bundle.ts';
import { count } from './numbers.ts';

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

export interface ImageOptions {
  /** Width and height it is shown at, in CSS px; default: the picture's own. */
  readonly width?: number;
  readonly height?: number;
  /** What it shows, for a reader that shows no pictures. */
  readonly alt?: string;
}

/** The kind of picture file that bytes hold, by their first ones. */
export function imageType(bytes: Uint8Array | ArrayBufferLike): ImageType | undefined {
  const head = Buffer.from(asBytes(bytes).subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}

/** A display of a picture file, given as bytes or as a `data:` URL. Throws a TypeError for anything else. */
export function imageDisplay(source: Uint8Array | ArrayBufferLike | string, options: ImageOptions = {}): Display {
  const bytes = typeof source === 'string' ? dataUrlBytes(source) : asBytes(source);
  const type = imageType(bytes);
  if (type === undefined) throw new TypeError('image: must be PNG, JPEG, GIF or WebP, got bytes of another kind');
  const own = imageSize(bytes, type);
  const size = { ...own, ...definedOnly(options.width, options.height) };
  const facts = [
    type.slice('image/'.length).toUpperCase(),
    ...(own ? [`${own.width} × ${own.height}`] : []),
    `${count(bytes.length)} bytes`,
  ];
  const text = `[${options.alt ? `${options.alt}: ` : ''}${facts.join(', ')}]`;
  return asDisplay(text, { [type]: base64(bytes) }, { [type]: size });
}

function definedOnly(width?: number, height?: number): { width?: number; height?: number } {
  return { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
}

/** Width and height in px, where the file's head tells. */
export function imageSize(bytes: Uint8Array, type: ImageType): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'image/png' && bytes.length >= 24) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (type === 'image/gif' && bytes.length >= 10)
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (type === 'image/jpeg') return jpegSize(view);
  return undefined;
}

/** Walks the segments of a JPEG to the frame header (markers C0–CF but for C4, C8, CC). */
function jpegSize(view: DataView): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function dataUrlBytes(url: string): Uint8Array {
  const match = /^data:[^,]*?(;base64)?,/.exec(url);
  if (!match) throw new TypeError(`image: must be bytes or a data: URL, got "${url.slice(0, 40)}"`);
  const body = url.slice(match[0].length);
  return match[1] ? Buffer.from(body, 'base64') : Buffer.from(decodeURIComponent(body), 'latin1');
}

function asBytes(bytes: Uint8Array | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
