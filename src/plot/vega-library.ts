// Loads Vega and Vega-Lite at the first chart: their one-file builds take 50 ms, their module trees 270 ms. Drawing is
// synchronous, so that a chart stands where it was shown, before the next print.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { textWidth } from './text-width.ts';

type Vega = typeof import('vega');
type VegaLite = typeof import('vega-lite');

export interface VegaLibrary {
  readonly vega: Vega;
  readonly vegaLite: VegaLite;
}

let library: VegaLibrary | undefined;

export function loadVega(): VegaLibrary {
  library ??= load();
  return library;
}

function load(): VegaLibrary {
  const require = createRequire(import.meta.url);
  const vega = require('vega/build/vega.min.js') as Vega;
  // Asked for plainly, this file would require 'vega', the slow tree.
  const file = require.resolve('vega-lite/build/vega-lite.min.js');
  const module = { exports: {} as VegaLite };
  compileFunction(readFileSync(file, 'utf8'), ['exports', 'module', 'require'], { filename: file }).call(
    module.exports,
    module.exports,
    module,
    () => vega,
  );
  // Without a canvas Vega takes every letter for 0.8 em wide, which leaves gaps in legends and drops labels.
  Object.assign((vega as unknown as { textMetrics: object }).textMetrics, {
    width: (item: { font?: string; fontSize?: number; fontWeight?: unknown }, text: unknown) =>
      textWidth(String(text ?? ''), item.fontSize ?? 11, item.fontWeight === 'bold' || Number(item.fontWeight) >= 600),
  });
  return { vega, vegaLite: module.exports };
}

/** A logger for Vega and Vega-Lite that tells `warn` of warnings and errors, instead of the console. */
export function quietLogger(warn: (message: string) => void): object {
  const tell = (...words: unknown[]) => {
    warn(words.map((word) => (word instanceof Error ? word.message : String(word))).join(' '));
    return logger;
  };
  const ignore = () => logger;
  const logger = { level: ignore, error: tell, warn: tell, info: ignore, debug: ignore };
  return logger;
}

/** The SVG of a Vega spec; synchronous unless the spec loads data from a URL. */
export function vegaSvg(spec: object, loader: object, logger: object): string | Promise<string> {
  const { vega } = loadVega();
  const options = { renderer: 'none', loader, logger } as ConstructorParameters<Vega['View']>[1];
  const view = new vega.View(vega.parse(spec as never), options);
  if (/"(url|loadData)":/.test(JSON.stringify(spec))) return view.toSVG().finally(() => view.finalize());
  try {
    return drawn(vega, view.run());
  } finally {
    view.finalize();
  }
}

/** What Vega's types leave out: the fields of 5.33 that `toSVG` reads, and the renderer it makes. */
interface ViewFields {
  readonly _viewWidth: number;
  readonly _viewHeight: number;
  readonly _origin: readonly [number, number];
  scenegraph(): { readonly root: unknown };
}
interface SvgRenderer {
  initialize(element: null, width: number, height: number, origin: readonly number[], scale: number): SvgRenderer;
  background(color: unknown): SvgRenderer;
  render(root: unknown): SvgRenderer;
  svg(): string;
}

/** What `view.toSVG()` does after its evaluation, without its promise. */
function drawn(vega: Vega, view: InstanceType<Vega['View']>): string {
  const { SVGStringRenderer } = vega as unknown as { SVGStringRenderer: new (loader: unknown) => SvgRenderer };
  const { _viewWidth, _viewHeight, _origin } = view as unknown as ViewFields;
  const { left, right, top, bottom } = view.padding() as Record<'left' | 'right' | 'top' | 'bottom', number>;
  const width = Math.max(0, _viewWidth + left + right);
  const height = Math.max(0, _viewHeight + top + bottom);
  return new SVGStringRenderer(view.loader())
    .initialize(null, width, height, [left + _origin[0], top + _origin[1]], 1)
    .background(view.background())
    .render((view as unknown as ViewFields).scenegraph().root)
    .svg();
}
