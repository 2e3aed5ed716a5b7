// The base table of formatters, and the place where other folders' rows go in. It draws no tensor and no chart itself.
import { types } from 'node:util';
import { asDisplay, type Display } from './bundle.ts';
import { bundleOf, type Drawable, displaySymbol, drawSymbol } from './custom.ts';
import { drawFrame } from './frames/draw.ts';
import { libraryReader } from './frames/read.ts';
import { isRecords, recordsFrame } from './frames/records.ts';
import { imageDisplay, imageType } from './image.ts';
import { findProperty } from './peek.ts';
import type { Formatter } from './render.ts';
import { valueText } from './text.ts';

/**
 * The whole table, top to bottom: what a value says of itself, then `rows` (tensors, models, charts), then what its shape
 * suggests, and text, which matches everything.
 */
export function formatterTable(rows: readonly Formatter[]): readonly Formatter[] {
  return [drawable, own, ...rows, ...shaped, text];
}

/** First, because a value knows best how to be drawn: our own `html`, `image`, charts, … */
const drawable: Formatter = {
  name: 'drawing',
  asks: true,
  matches: (value) => typeof findProperty(value, drawSymbol)?.value === 'function',
  format: (value) => (value as Drawable)[drawSymbol](),
};

/** The same for everybody's values: Deno's convention, which libraries follow. */
const own: Formatter = {
  name: 'Jupyter.display',
  asks: true,
  matches: (value) => typeof findProperty(value, displaySymbol)?.value === 'function',
  format: (value) => bundleOf((value as Record<symbol, () => unknown>)[displaySymbol]!(), value),
};

/** Records up to which the text form is TypeScript's own notation. */
const notationRows = 10;

const shaped: readonly Formatter[] = [
  // Before what draws HTML of all rows: some of the libraries' tables have such a method too.
  {
    name: 'data frame',
    asks: true,
    matches: (value) => libraryReader(value) !== undefined,
    format: (value) => {
      const frame = libraryReader(value)!.read(value);
      return frame instanceof Promise ? frame.then((read) => drawFrame(read)) : drawFrame(frame);
    },
  },
  // Before outerHTML: a method made for this says more than an element's markup.
  {
    name: 'toHTML',
    asks: true,
    matches: (value) => typeof findProperty(value, 'toHTML')?.value === 'function',
    format: (value) => htmlDisplay((value as { toHTML(): unknown }).toHTML(), value),
  },
  // A canvas is an element too, whose markup shows nothing: pixels first.
  {
    name: 'toDataURL',
    asks: true,
    matches: (value) => typeof findProperty(value, 'toDataURL')?.value === 'function',
    format: (value) => imageDisplay(String((value as { toDataURL(): unknown }).toDataURL())),
  },
  // An accessor in every DOM for Node (jsdom, linkedom): it is there, and is read when drawing only.
  {
    name: 'outerHTML',
    asks: true,
    matches: (value) => findProperty(value, 'outerHTML') !== undefined,
    format: (value) => htmlDisplay((value as { outerHTML: unknown }).outerHTML, value),
  },
  // The bytes of a picture file, from readFile or fetch.
  {
    name: 'image bytes',
    matches: (value) => (types.isUint8Array(value) || types.isAnyArrayBuffer(value)) && imageType(value) !== undefined,
    format: (value) => imageDisplay(value as Uint8Array | ArrayBuffer),
  },
  {
    name: 'image blob',
    asks: true,
    matches: (value) => value instanceof Blob && /^image\/(png|jpeg|gif|webp)$/.test(value.type),
    format: async (value) => imageDisplay(await (value as Blob).arrayBuffer()),
  },
  // A few records are read best as they are written, where HTML does not show.
  {
    name: 'table',
    asks: true,
    matches: isRecords,
    format: (value) => {
      const rows = value as readonly object[];
      const drawn = drawFrame(recordsFrame(rows));
      return rows.length > notationRows ? drawn : asDisplay(valueText(value), { 'text/html': drawn.data['text/html'] });
    },
  },
];

/** Last, for every value: numbers, strings (quoted), errors with their stack, functions, classes, promises, collections. */
const text: Formatter = {
  name: 'text',
  asks: true,
  matches: () => true,
  format: (value) => asDisplay(valueText(value)),
};

/** The table without other folders' rows. */
export const formatters: readonly Formatter[] = formatterTable([]);

function htmlDisplay(html: unknown, value: unknown): Display {
  if (typeof html !== 'string') throw new TypeError(`HTML must be a string, got ${typeof html}`);
  return asDisplay(valueText(value), { 'text/html': html });
}
