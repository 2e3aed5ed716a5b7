// SVG → PNG, with a font that comes along: a chart's PNG has its text on every machine. Loaded at the first picture (about 15 ms).
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Resvg = typeof import('@resvg/resvg-js');

/** Pixels of the PNG for each px of the SVG: sharp on dense screens. */
const density = 2;

/** Arimo has Latin, Greek, Cyrillic and Hebrew letters; for others the machine's fonts are searched (15 ms more). */
const beyondFont = /[^\p{ASCII}\u0080-\u058f\u2000-\u22ff]/u;

let loaded: { resvg: Resvg; fonts: string[] } | undefined;

function load(): { resvg: Resvg; fonts: string[] } {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@expo-google-fonts/arimo/package.json'));
  return {
    resvg: require('@resvg/resvg-js') as Resvg,
    fonts: ['400Regular/Arimo_400Regular.ttf', '700Bold/Arimo_700Bold.ttf'].map((file) => join(folder, file)),
  };
}

/** Colours that a picture takes from its page, which a PNG has not: its own ones stand beside them. */
const pageColours = / style="fill:var\([^"]*"/g;

/** The bytes of a PNG of an SVG document, twice its size in px. Throws where the SVG is not one. */
export function svgToPng(document: string): Buffer {
  return drawSvg(document, { mode: 'zoom', value: density }).asPng();
}

/** The pixels of an SVG document, RGBA, `width` of them in a row. Throws where the SVG is not one. */
export function svgToPixels(document: string, width: number): { width: number; height: number; data: Buffer } {
  const image = drawSvg(document, { mode: 'width', value: width });
  const data = image.pixels;
  // The library multiplies colours by what covers.
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    if (alpha > 0 && alpha < 255)
      for (let c = at; c < at + 3; c++) data[c] = Math.min(255, Math.round((data[c]! * 255) / alpha));
  }
  return { width: image.width, height: image.height, data };
}

function drawSvg(document: string, fitTo: { mode: 'zoom' | 'width'; value: number }) {
  loaded ??= load();
  const svg = document.replace(pageColours, '');
  const image = new loaded.resvg.Resvg(svg, {
    fitTo,
    font: {
      loadSystemFonts: beyondFont.test(svg),
      fontFiles: loaded.fonts,
      defaultFontFamily: 'Arimo',
      sansSerifFamily: 'Arimo',
      serifFamily: 'Arimo',
      monospaceFamily: 'Arimo',
    },
  });
  return image.render();
}

/** The pictures of a chart in a bundle, and why one is missing. */
export interface Pictures {
  readonly data: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** An SVG document as `image/svg+xml` and, where this machine can draw it, `image/png`. */
export function pictures(svg: string): Pictures {
  // Beyond this a page drowns in SVG elements; the PNG shows the same.
  const vector = svg.length <= 2_000_000 ? { 'image/svg+xml': svg } : {};
  const size = /<svg[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"/.exec(svg);
  const metadata = size && { 'image/png': { width: Math.round(Number(size[1])), height: Math.round(Number(size[2])) } };
  try {
    return { data: { ...vector, 'image/png': svgToPng(svg).toString('base64') }, metadata: metadata ?? {} };
  } catch (error) {
    return { data: vector, metadata: {}, problem: `no PNG: ${error instanceof Error ? error.message : error}` };
  }
}
