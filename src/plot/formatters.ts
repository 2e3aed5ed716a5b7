// The rows of the table of formatters that draw charts: specs of Vega-Lite and Vega, and the objects that build them.
import { types } from 'node:util';
import type { Formatter } from '../display/render.ts';
import { drawVega, isVegaSchema, type Spec } from './vega.ts';

export const plotFormatters: readonly Formatter[] = [
  // Builders such as vega-lite-api's: the spec is made when drawing.
  {
    name: 'toSpec',
    matches: (value) => typeof dataProperty(value, 'toSpec') === 'function',
    format: (value) => {
      const spec = (value as { toSpec(): unknown }).toSpec();
      if (typeof spec !== 'object' || spec === null) throw new TypeError('toSpec() must return an object');
      return drawVega(spec as Spec);
    },
  },
  // A spec written down: a plain object that names its schema.
  {
    name: 'Vega-Lite',
    matches: (value) => isVegaSchema(dataProperty(value, '$schema')),
    format: (value) => drawVega(value as Spec),
  },
];

/** The value of a property, own or of a prototype, unless a getter or a proxy's trap would have to run. */
function dataProperty(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  let holder: object | null = value;
  while (holder !== null && !types.isProxy(holder)) {
    const found = Object.getOwnPropertyDescriptor(holder, key);
    if (found) return found.value;
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}
