// The picture of a display: which of its forms is one, how large it is shown, and its pixels.
import type { Display } from '../../display/bundle.ts';
import { type ImageType, imageSize } from '../../display/image.ts';
import type { Pixels } from './pixels.ts';

/** A picture as it came. */
export interface Source {
  readonly mime: ImageType | 'image/svg+xml';
  /** Of a picture file its bytes, of an SVG its UTF-8. */
  readonly bytes: Buffer;
  /** Size on a page, CSS px. */
  readonly width: number;
  readonly height: number;
}

/** What a terminal can be given of the forms of a picture, the best first. WebP is drawn by nobody here. */
const FORMS = ['image/png', 'image/jpeg', 'image/gif', 'image/svg+xml'] as const;
/** Pixels that are worth their memory. */
const MOST = 50_000_000;

/** The picture of a display; `undefined` when it has none of a known size. */
export function pictureOf({ data, metadata }: Display): Source | undefined {
  for (const mime of FORMS) {
    const content = data[mime];
    if (typeof content !== 'string') continue;
    const bytes = Buffer.from(content, mime === 'image/svg+xml' ? 'utf8' : 'base64');
    const own = mime === 'image/svg+xml' ? svgSize(content) : imageSize(bytes, mime);
    if (!own || !(own.width * own.height > 0) || own.width * own.height > MOST) continue;
    const said = metadata[mime] as { width?: unknown; height?: unknown } | undefined;
    const [width, height] = [sizeOr(said?.width), sizeOr(said?.height)];
    const scale = width ? width / own.width : height ? height / own.height : 1;
    return { mime, bytes, width: width ?? own.width * scale, height: height ?? own.height * scale };
  }
  return undefined;
}

/** The pixels of a picture in its own size; of an SVG in the width that it is needed in. Throws for a file that is damaged. */
export async function pixelsOf({ mime, bytes }: Source, width: number): Promise<Pixels> {
  const { svgToPixels } = await import('../../plot/picture.ts');
  if (mime === 'image/svg+xml') return svgToPixels(bytes.toString(), width);
  const size = imageSize(bytes, mime)!;
  // The drawer of SVGs reads the files that an SVG may hold.
  const href = `data:${mime};base64,${bytes.toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><image href="${href}" width="${size.width}" height="${size.height}" image-rendering="optimizeSpeed"/></svg>`;
  return svgToPixels(svg, size.width);
}

/** Of the root element: its width and height where they are in px, else the size of its view box. */
function svgSize(text: string): { width: number; height: number } | undefined {
  const [root = ''] = /<svg\b[^>]*>/.exec(text) ?? [];
  const length = (name: string) => Number(new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)(?:px)?["']`).exec(root)?.[1]);
  const [width, height] = [length('width'), length('height')];
  if (width > 0 && height > 0) return { width, height };
  const box = /\sviewBox\s*=\s*["']\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(root);
  if (!box) return undefined;
  const ratio = Number(box[2]) / Number(box[1]);
  if (width > 0) return { width, height: width * ratio };
  return height > 0 ? { width: height / ratio, height } : { width: Number(box[1]), height: Number(box[2]) };
}

function sizeOr(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
}
