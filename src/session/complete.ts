// Completion from what the session knows: names of cells, globals, and the members of live values at any depth.

import { type Found, memberNames, peekMember } from '../display/peek.ts';
import { completeMagic } from './complete-magic.ts';
import { nameAt } from './cursor.ts';
import type { Evaluator } from './evaluate.ts';
import type { SessionParts } from './parts.ts';
import type { Completion, CompletionItem } from './types.ts';

/** What completion and inspection look into. */
export interface World {
  readonly evaluator: Evaluator;
  readonly parts: SessionParts;
  /** Loads an ambient name, such as `tf`, that is mentioned before a cell has loaded it. */
  load(name: string): Promise<void>;
}

const KEYWORDS =
  'abstract as async await break case catch class const continue debugger declare default delete do else enum export extends false finally for from function if implements import in instanceof interface let namespace new null of private protected public readonly return satisfies static super switch this throw true try type typeof undefined using var void while with yield'.split(
    ' ',
  );

/** What can stand at `cursor` (UTF-16 offset), exact case first, then by name. */
export async function complete(world: World, code: string, cursor: number): Promise<Completion> {
  const magic = completeMagic(world, code.slice(0, cursor));
  if (magic) return magic;
  const at = nameAt(code, cursor);
  if (!at) return { items: [], start: cursor, end: cursor };
  const found = at.member ? await walk(world, at.path) : undefined;
  const all = at.member ? (found ? members(found) : []) : names(world);
  const lower = at.word.toLowerCase();
  const items = all
    .filter(({ text }) => text.toLowerCase().startsWith(lower))
    .sort((one, other) => rank(one, at.word) - rank(other, at.word) || compare(one.text, other.text));
  return { items, start: at.start, end: at.end };
}

/** The value that a chain of names leads to. */
export async function walk(world: World, path: readonly string[]): Promise<Found | undefined> {
  const [root, ...rest] = path;
  const known = () => world.evaluator.names().has(root!);
  if (!known() && world.parts.ambients.some(({ name }) => name === root)) await world.load(root!);
  let found: Found | undefined = known()
    ? { value: world.evaluator.read(root!) }
    : peekMember({ value: globalThis }, root!);
  for (const name of rest) found = found && peekMember(found, name);
  return found;
}

function members(of: Found): CompletionItem[] {
  return [...memberNames(of)]
    .filter(([name]) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    .map(([text, property]) => ({ text, kind: kindOf(property) }));
}

function names({ evaluator, parts }: World): CompletionItem[] {
  const items = new Map<string, CompletionItem>();
  const add = (text: string, kind: string) => items.has(text) || items.set(text, { text, kind });
  for (const [name, kind] of evaluator.names()) add(name, kind === 'function' || kind === 'class' ? kind : 'instance');
  for (const { name } of parts.ambients) add(name, 'module');
  for (const [name, property] of memberNames({ value: globalThis })) {
    if (!name.startsWith('$$')) add(name, kindOf(property));
  }
  for (const word of KEYWORDS) add(word, 'keyword');
  return [...items.values()];
}

function kindOf(property: PropertyDescriptor): string {
  const { value } = property as { value?: unknown };
  if (typeof value !== 'function') return 'property';
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
}

/** What is typed in its own case stands first; names for insiders (`_x`) and keywords stand last. */
function rank(item: CompletionItem, typed: string): number {
  return (
    (item.text.startsWith(typed) ? 0 : 4) + (item.kind === 'keyword' ? 2 : 0) + (item.text.startsWith('_') ? 1 : 0)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
