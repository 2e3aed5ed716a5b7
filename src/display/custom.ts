// Values that draw themselves: anybody's by `Symbol.for('Jupyter.display')`, the convention of Deno's kernel, whose method gives a
// MIME bundle; our own by `drawSymbol`, whose method gives a display with its metadata.
import { asDisplay, type Display } from './bundle.ts';
import { valueText } from './text.ts';

/** The key of the method that draws a value: `() => bundle | Promise<bundle>`, MIME type → content. */
export const displaySymbol: symbol = Symbol.for('Jupyter.display');

/** The key of the method of `Drawable`. */
export const drawSymbol: unique symbol = Symbol.for('tensorcell.display') as never;

/** A value that draws itself, metadata included. */
export interface Drawable {
  [drawSymbol](): Display | Promise<Display>;
}

/** A user's bundle, made fit to send. Throws a TypeError when it is not one. */
export function bundleOf(bundle: unknown, value: unknown): Display | Promise<Display> {
  if (typeof (bundle as PromiseLike<unknown> | null)?.then === 'function')
    return Promise.resolve(bundle).then((settled) => checked(settled, value));
  return checked(bundle, value);
}

function checked(bundle: unknown, value: unknown): Display {
  if (typeof bundle !== 'object' || bundle === null)
    throw new TypeError(`the bundle must be an object of MIME types, got ${bundle === null ? 'null' : typeof bundle}`);
  const contents: Record<string, unknown> = {};
  for (const [mime, content] of Object.entries(bundle))
    if (content !== undefined) contents[mime] = sendable(mime, content);
  const { 'text/plain': text, ...richer } = contents;
  return asDisplay(typeof text === 'string' ? text : valueText(value), richer);
}

/** Content as JSON can carry it: bytes as base64, JSON types as plain data. Throws on cycles, as JSON.stringify does. */
export function sendable(mime: string, content: unknown): unknown {
  if (typeof content === 'string') return content;
  if (content instanceof ArrayBuffer) return Buffer.from(content).toString('base64');
  if (ArrayBuffer.isView(content))
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
  if (/[/+]json$/.test(mime)) return plainData(content);
  return String(content);
}

/** A copy that JSON carries without loss, lone surrogates replaced; `undefined` and functions are left out. */
export function plainData(value: unknown): unknown {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`${typeof value} is not JSON`);
  // JSON.stringify writes lone surrogates, and only those, as escapes.
  return JSON.parse(json.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '\\ufffd'));
}
