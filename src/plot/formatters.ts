// The rows of the table of formatters that draw charts: specs of Vega-Lite and Vega, and the objects that build them. What draws
// is imported at the first chart: a session's start is not the place.
import { dataProperty } from '../display/peek.ts';
import type { Formatter } from '../display/render.ts';

export const plotFormatters: readonly Formatter[] = [
  // Builders such as vega-lite-api's: the spec is made when drawing.
  {
    name: 'toSpec',
    matches: (value) => typeof dataProperty(value, 'toSpec') === 'function',
    format: async (value) => {
      const spec = (value as { toSpec(): unknown }).toSpec();
      if (typeof spec !== 'object' || spec === null) throw new TypeError('toSpec() must return an object');
      return (await import('./vega.ts')).drawVega(spec as Record<string, unknown>);
    },
  },
  // A spec written down: a plain object that names its schema.
  {
    name: 'Vega-Lite',
    matches: (value) => isVegaSchema(dataProperty(value, '$schema')),
    format: async (value) => (await import('./vega.ts')).drawVega(value as Record<string, unknown>),
  },
];

/** Whether a `$schema` names Vega or Vega-Lite. */
function isVegaSchema(schema: unknown): boolean {
  return typeof schema === 'string' && /\/schema\/vega(-lite)?\/v\d/.test(schema);
}
