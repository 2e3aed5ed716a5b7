// Completion of magics: their names at the start of a line, and what their arguments may be.
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { World } from './complete.ts';
import type { SessionParts } from './parts.ts';
import { writtenForms } from './run-magic.ts';
import type { Completion } from './types.ts';

/** What can stand at the end of `before`, the cell up to the cursor; `undefined` where that is no magic, or code of one. */
export function completeMagic(world: World, before: string): Completion | undefined {
  const [, percent = '', name = ''] = /(?:^|\n)(%%?)(\w*)$/.exec(before) ?? [];
  return percent === '' ? magicArgument(world, before) : magicNames(world.parts, percent + name, before.length);
}

function magicNames(parts: SessionParts, typed: string, cursor: number): Completion {
  const items = parts.magics
    .filter(({ name }) => name !== '!')
    .flatMap((magic) => writtenForms(magic).map((text) => ({ text, kind: 'magic' })))
    .filter(({ text }) => text.startsWith(typed));
  return { items, start: cursor - typed.length, end: cursor };
}

/** What can stand as an argument of a magic whose line ends at the cursor; `undefined` where there is none that tells. */
function magicArgument({ evaluator, parts }: World, before: string): Completion | undefined {
  const [, name, typed = ''] = /(?:^|\n)%%?([\w-]+)[ \t](?:[^\n]*[ \t])?([^ \t\n]*)$/.exec(before) ?? [];
  const completes = parts.magics.find((row) => row.name === name)?.completes;
  if (completes === undefined) return undefined;
  const found = (texts: Iterable<string>, kind: string) => ({
    items: [...texts].filter((text) => text.startsWith(typed)).map((text) => ({ text, kind })),
    start: before.length - typed.length,
    end: before.length,
  });
  switch (completes) {
    case 'names':
      return found(
        [...evaluator.names()]
          .filter(([, kind]) => kind !== 'ambient')
          .map(([one]) => one)
          .sort(),
        'instance',
      );
    case 'magics':
      return found(
        parts.magics.map((row) => row.name),
        'magic',
      );
    case 'files':
      return found(filesFor(typed), 'path');
    default:
      return found(completes, 'keyword');
  }
}

/** The files and folders (with a slash behind) that a path begun may lead to. */
function filesFor(typed: string): string[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const path = resolve(folder);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    (entry) => !entry.name.startsWith('.') || /(^|\/)\.[^/]*$/.test(typed),
  );
  return entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`).sort();
}
