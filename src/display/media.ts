// Pictures and JSON as values that draw themselves.
import { readFileSync } from 'node:fs';
import { asDisplay, type Display } from './bundle.ts';
import { type Drawable, drawSymbol, plainData } from './custom.ts';
import { type ImageOptions, imageDisplay } from './image.ts';
import { valueText } from './text.ts';

/** A value whose display is made already. */
class Drawn implements Drawable {
  readonly #display: Display;

  constructor(display: Display) {
    this.#display = display;
  }

  [drawSymbol](): Display {
    return this.#display;
  }
}

/**
 * A picture: the bytes of a PNG, JPEG, GIF or WebP file, a `data:` URL, or the path (from the notebook's folder) or `file:` URL of a
 * file, which is read now.
 * @throws TypeError for bytes of another kind; the file system's error for a file that can't be read.
 */
export function image(source: Uint8Array | ArrayBuffer | string | URL, options: ImageOptions = {}): Drawable {
  if (typeof source === 'string' && source.startsWith('data:')) return new Drawn(imageDisplay(source, options));
  const bytes = typeof source === 'string' || source instanceof URL ? readFileSync(source) : source;
  return new Drawn(imageDisplay(bytes, options));
}

/**
 * A value as JSON, which JupyterLab shows as a tree to open and search.
 * @throws TypeError for what JSON can't hold: cycles, functions, bigints.
 */
export function json(value: unknown): Drawable {
  return new Drawn(asDisplay(valueText(value), { 'application/json': plainData(value) }));
}
