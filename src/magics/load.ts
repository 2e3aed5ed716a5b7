import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Magic } from '../session/parts.ts';

/** Characters that a cell can bear. */
const most = 1_000_000;

/** Puts a file's text into the cell. */
export const load: Magic = {
  name: 'load',
  usage: '%load file',
  summary: 'Puts the text of a file into the cell, to be read and run; a terminal shows it.',
  completes: 'files',
  run({ args }, { folder, suggest }) {
    if (args === '') throw new SyntaxError('%load: the name of a file must follow');
    const path = resolve(folder, args.replace(/^(["'])(.*)\1$/, '$2'));
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) throw new Error(`%load: there is no file ${args} in ${folder}`);
    if (stat.size > most)
      throw new RangeError(`%load: a file must have at most ${most} bytes, ${args} has ${stat.size}`);
    suggest(`// %load ${args}\n${readFileSync(path, 'utf8').trimEnd()}`);
  },
};
