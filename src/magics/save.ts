import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Magic } from '../session/parts.ts';

/** Writes the texts of cells as a script; a notebook with what they have shown is a terminal's affair (src/repl/commands.ts). */
export const save: Magic = {
  name: 'save',
  usage: '%save [-f] file [n | n-m]',
  summary:
    'Writes the cells so far, or those of the numbers given, to a .ts file, in a terminal also to an .ipynb; -f: over what is there.',
  completes: 'files',
  run({ args }, { folder, history }) {
    const [, force, quoted, plain, first, last] =
      /^(-f\s+)?(?:"([^"]+)"|(\S+))(?:\s+(\d+)(?:-(\d+))?)?$/.exec(args) ?? [];
    const file = quoted ?? plain;
    if (file === undefined || file === '-f')
      throw new SyntaxError(`%save takes a file and perhaps a range, such as session.ts 2-5, got "${args}"`);
    if (file.endsWith('.ipynb'))
      throw new Error('%save: only a terminal writes a notebook, in a cell of its own; a page saves its own');
    const path = resolve(folder, file);
    if (existsSync(path) && !force) throw new Error(`%save: ${file} is there already; %save -f writes over it`);
    const [from, to] = [Number(first ?? 1), Number(last ?? first ?? history.length - 1)];
    // The cell that saves is the last one.
    const texts = history.slice(from, Math.min(to + 1, first === undefined ? history.length - 1 : history.length));
    const cells = texts.filter((text) => text !== undefined && text.trim() !== '');
    if (cells.length === 0) throw new RangeError('%save: no cell has run under that number');
    writeFileSync(path, `${cells.map((text) => `// %%\n${text.trimEnd()}`).join('\n\n')}\n`);
    console.log(`saved ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} to ${file}`);
  },
};
