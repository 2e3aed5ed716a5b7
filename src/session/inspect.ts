// What is known of the name at a cursor: the form of a function, the present state of a value, a magic's line of help.
import { types } from 'node:util';
import type { Display } from '../display/bundle.ts';
import { type Formatter, render } from '../display/render.ts';
import { valueText } from '../display/text.ts';
import { typeName } from '../display/type-name.ts';
import { type World, walk } from './complete.ts';
import { nameAt } from './cursor.ts';

/** Source text shown with `detail` 1, in characters. */
const SOURCE_LIMIT = 4000;

/** `undefined` when nothing is known. `detail` 1 adds a function's source. */
export async function inspect(world: World, code: string, cursor: number, detail: 0 | 1): Promise<Display | undefined> {
  const magic = magicAt(world, code, cursor);
  if (magic) return magic;
  // A cursor behind an opening bracket asks for the function before it.
  const at = nameAt(code, cursor, true) ?? undefined;
  const name = at?.word ? at : nameAt(code, code.slice(0, cursor).replace(/\(\s*[^()]*$/, '').length);
  if (!name?.word) return undefined;
  const path = [...name.path, name.word];
  const found = await walk(world, path);
  if (!found) return undefined;
  const title = path.join('.');
  if (typeof found.value === 'function') return describeFunction(title, found.value as () => unknown, detail);
  const display = await render(found.value, quietRows(world.parts.formatters));
  const text = `${title}: ${typeName(found.value)}${size(found.value)}\n\n${display.data['text/plain']}`;
  return { data: { ...display.data, 'text/plain': text }, metadata: display.metadata };
}

/** The rows that run no code of the value: a look changes nothing. */
function quietRows(formatters: readonly Formatter[]): readonly Formatter[] {
  return [...formatters.filter(({ asks }) => !asks), quietText];
}

const quietText: Formatter = {
  name: 'quiet text',
  matches: () => true,
  format: (value) => ({ data: { 'text/plain': valueText(value, { quiet: true }) }, metadata: {} }),
};

/** `(3)` behind the name of what has a length, read by the language's own getters. */
function size(value: unknown): string {
  if (Array.isArray(value) || types.isTypedArray(value)) return `(${types.isProxy(value) ? '?' : value.length})`;
  if (types.isMap(value)) return `(${sizeOfMap.call(value)})`;
  return types.isSet(value) ? `(${sizeOfSet.call(value)})` : '';
}

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;

/** `twice(n)` rather than `twice: function (n)`. */
function describeFunction(title: string, value: (...args: never[]) => unknown, detail: 0 | 1): Display {
  const source = Function.prototype.toString.call(value);
  const native = source.includes('[native code]');
  const head = native ? `(${parameters(value.length)})` : signature(source);
  const body = detail === 1 && !native ? `\n\n${source.slice(0, SOURCE_LIMIT)}` : '';
  const text = `${head.startsWith('(') ? title : `${title}: `}${head}${body}`;
  return { data: { 'text/plain': text }, metadata: {} };
}

/** A function's parameters in brackets, a class's head. */
function signature(source: string): string {
  const oneLine = source.replace(/\s+/g, ' ');
  if (/^class\b/.test(oneLine)) return oneLine.slice(0, oneLine.indexOf('{')).trim();
  const single = /^(?:async )?([\w$]+) ?=>/.exec(oneLine);
  if (single) return `(${single[1]})`;
  const start = oneLine.indexOf('(');
  return oneLine.slice(start, endOfParameters(oneLine, start));
}

/** Offset behind the parameters that begin at `start`; defaults may hold brackets of their own. */
function endOfParameters(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at + 1;
  }
  return source.length;
}

function parameters(count: number): string {
  return Array.from({ length: count }, (_, index) => `arg${index + 1}`).join(', ');
}

function magicAt({ parts }: World, code: string, cursor: number): Display | undefined {
  const line = code.slice(code.lastIndexOf('\n', cursor - 1) + 1);
  const name = /^%%?(\w+)/.exec(line)?.[1];
  const magic = name === undefined ? undefined : parts.magics.find((row) => row.name === name);
  return magic && { data: { 'text/plain': `${magic.usage}\n\n${magic.summary}` }, metadata: {} };
}
