// What charts of evaluations share: a Vega-Lite spec with its pictures, a text of our own instead of the outline of the spec.
import { asDisplay, type Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { seriesColors } from './colors.ts';
import { drawVega, type Spec } from './vega.ts';

/** A chart with figures: `spec` is its Vega-Lite, its text says what the picture shows. */
export abstract class Evaluation implements Drawable {
  /** The chart as a Vega-Lite spec, to be shown elsewhere or changed. */
  abstract readonly spec: Spec;

  /** In 80 columns. */
  abstract toString(): string;

  [drawSymbol](): Display {
    const { data, metadata } = drawVega(this.spec) as Display; // loads no URL, so it is there at once
    const { 'text/plain': _, ...richer } = data;
    return asDisplay(this.toString(), richer, metadata);
  }
}

/** Vega-Lite's colours of names, in their order, with a legend that fits beside a chart. */
export function namedColor(field: string, names: readonly string[]): object {
  return {
    field,
    type: 'nominal',
    sort: names,
    title: null,
    scale: { domain: names, range: names.map((_, i) => seriesColors[i % seriesColors.length]) },
    legend: names.length > 1 ? { symbolLimit: 30, labelLimit: 220 } : null,
  };
}
