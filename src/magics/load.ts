import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Magic } from '../session/parts.ts';

/** Characters that a cell can bear. */
const most = 1_000_000;
/** Its outputs are left out. */
const mostOfNotebook = 200_000_000;

/** Puts a file's text into the cell, of a notebook the texts of its code cells. */
export const load: Magic = {
  name: 'load',
  usage: '%load file',
  summary: 'Puts the text of a file, or of the cells of a notebook, into the cell, to be read and run.',
  completes: 'files',
  run({ args }, { folder, suggest }) {
    if (args === '') throw new SyntaxError('%load: the name of a file must follow');
    const path = resolve(folder, args.replace(/^(["'])(.*)\1$/, '$2'));
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) throw new Error(`%load: there is no file ${args} in ${folder}`);
    const isNotebook = path.endsWith('.ipynb');
    const limit = isNotebook ? mostOfNotebook : most;
    if (stat.size > limit)
      throw new RangeError(`%load: a file must have at most ${limit} bytes, ${args} has ${stat.size}`);
    const text = readFileSync(path, 'utf8');
    suggest(`// %load ${args}\n${(isNotebook ? codeOf(text, args) : text).trimEnd()}`);
  },
};

/** The code cells of a notebook, parted as in a script. */
function codeOf(text: string, name: string): string {
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown }).cells;
  } catch (error) {
    throw new SyntaxError(`%load: ${name} is not a notebook: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(cells)) throw new SyntaxError(`%load: ${name} is not a notebook: it has no list of cells`);
  const codes = cells.flatMap((cell: { cell_type?: unknown; source?: unknown } | null) => {
    const source = Array.isArray(cell?.source) ? cell.source.join('') : cell?.source;
    return cell?.cell_type === 'code' && typeof source === 'string' && source.trim() !== '' ? [source.trimEnd()] : [];
  });
  return codes.map((code) => `// %%\n${code}`).join('\n\n');
}
