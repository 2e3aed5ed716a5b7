// Pictures out of displays, decoded by a library that is not ours.
import { convertIndexedToRgb, decode } from 'fast-png';

export interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of a pixel; grey three times. */
  at(x: number, y: number): [number, number, number];
}

/** Decodes a PNG, checksums included. */
export function decodePng(png: Uint8Array): Decoded {
  const { width, height, data, channels, palette, depth } = decode(png, { checkCrc: true });
  const rgb = palette ? convertIndexedToRgb({ width, height, data, channels, palette, depth, text: {} }) : data;
  const step = palette ? palette[0]!.length : channels;
  return {
    width,
    height,
    at: (x, y) => {
      const at = (y * width + x) * step;
      const pixel = step < 3 ? [rgb[at]!, rgb[at]!, rgb[at]!] : [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      return pixel as [number, number, number];
    },
  };
}

/** The pictures in a piece of HTML, in order. */
export function picturesIn(html: string): Decoded[] {
  return [...html.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map((match) =>
    decodePng(Buffer.from(match[1]!, 'base64')),
  );
}
