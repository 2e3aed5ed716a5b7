import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Magic } from '../session/parts.ts';

/** Writes the cell to a file. */
export const writefile: Magic = {
  name: 'writefile',
  usage: '%%writefile [-a] file',
  summary: "Writes the rest of the cell to a file, from the notebook's folder on; -a adds it to the file's end.",
  completes: 'files',
  run({ kind, args, body = '' }, { folder }) {
    const [, adds, file] = /^(-a\s+)?(.+)$/.exec(args) ?? [];
    if (kind !== 'cell' || file === undefined)
      throw new SyntaxError('%%writefile: the first line of the cell must be %%writefile and the name of a file');
    const path = resolve(folder, file.replace(/^(["'])(.*)\1$/, '$2'));
    const before = existsSync(path);
    mkdirSync(dirname(path), { recursive: true });
    const text = body.endsWith('\n') || body === '' ? body : `${body}\n`;
    if (adds) appendFileSync(path, text);
    else writeFileSync(path, text);
    console.log(`${adds ? 'added to' : before ? 'overwrote' : 'wrote'} ${file}`);
  },
};
