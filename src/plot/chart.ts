// A chart as a value: a Vega-Lite or Vega spec that draws itself when it is shown. Nothing of Vega is loaded before.
import type { Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { drawVega, type Spec } from './vega.ts';

/** What is set for a whole chart. */
export interface ChartOptions {
  readonly title?: string;
  /** Size of the plotted area, px. Default 360 × 240. */
  readonly width?: number;
  readonly height?: number;
}

/** A chart: the value of a cell, an argument of `display`, or through `spec` anybody's Vega-Lite. */
export class Chart implements Drawable {
  /** The Vega-Lite spec, to be shown elsewhere or changed. */
  readonly spec: Spec;

  constructor(spec: Spec) {
    this.spec = spec;
  }

  /** This chart with others drawn over it, in one frame with common scales; title and size are this one's. */
  with(...others: readonly Chart[]): Chart {
    const { title, width, height, ...first } = this.spec;
    const layers = others.map(({ spec: { title: _title, width: _width, height: _height, ...layer } }) => layer);
    return new Chart({ ...(title !== undefined && { title }), width, height, layer: [first, ...layers] });
  }

  [drawSymbol](): Display | Promise<Display> {
    return drawVega(this.spec);
  }
}

/**
 * A chart of any Vega-Lite 5 spec, or of a Vega 5 spec with its `$schema`.
 * @throws TypeError if `spec` is not an object.
 */
export function vegaLite(spec: object): Chart {
  if (typeof spec !== 'object' || spec === null)
    throw new TypeError(`vegaLite: spec must be an object, got ${spec === null ? 'null' : typeof spec}`);
  return new Chart(spec as Spec);
}
