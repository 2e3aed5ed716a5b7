// Magics that are a terminal's own affair: `%edit` needs its screen, `%save` what it has shown. A cell that is such a line alone goes no
// further; the session has rows for them too, for other front ends and for `%help`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Transcript, TranscriptCell } from './transcript.ts';

/** What commands may do to the terminal that they were given in. */
export interface Front {
  readonly transcript: Transcript;
  /** The person's editor, a command. */
  readonly editor: string;
  /** Puts a text at the prompt. */
  suggest(text: string): void;
  print(text: string): void;
  /** Another program has the terminal until `work` settles. */
  lend<T>(work: () => Promise<T>): Promise<T>;
  /** Writes cells as a notebook. Rejects in a line. */
  writeNotebook(path: string, cells: readonly TranscriptCell[]): Promise<void>;
}

type Command = (args: string, front: Front) => Promise<void>;

/** Files that were written by this program, which may be written again. */
const saved = new Set<string>();

/** What runs a cell that is a command of the terminal's; `undefined`: it is the session's. Never rejects. */
export function findCommand(code: string): ((front: Front) => Promise<void>) | undefined {
  const [, name, args = ''] = /^\s*%(edit|save)(?:[ \t]+(\S.*?))?\s*$/.exec(code) ?? [];
  if (name === undefined || (name === 'save' && !/\.ipynb\b/.test(args))) return undefined;
  const command: Command = name === 'edit' ? edit : save;
  return (front) => command(args, front).catch((error: Error) => front.print(`%${name}: ${error.message}`));
}

/** Opens an empty text, a cell by its number, or a file; what is saved there comes to the prompt. */
async function edit(args: string, front: Front): Promise<void> {
  const named = args !== '' && !/^\d+$/.test(args);
  const path = resolve(args.replace(/^(["'])(.*)\1$/, '$2'));
  const before = named ? await textOf(path) : args === '' ? '' : front.transcript.code(Number(args));
  if (before === undefined) throw new Error(`no cell has run as In[${args}]`);
  const folder = named ? undefined : await mkdtemp(join(tmpdir(), 'tensorcell-edit-'));
  const file = folder === undefined ? path : join(folder, 'cell.ts');
  try {
    if (folder !== undefined) await writeFile(file, before);
    await front.lend(() => runEditor(front.editor, file));
    const text = ((await textOf(file)) ?? '').trimEnd();
    if (text !== '') front.suggest(text);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Empty where there is no such file yet. */
async function textOf(path: string): Promise<string> {
  if ((await stat(path).catch(() => undefined)) === undefined) return '';
  return readFile(path, 'utf8');
}

/** The command may hold arguments, as `code --wait` does: the shell parts them, as git has it. */
function runEditor(command: string, file: string): Promise<void> {
  const windows = process.platform === 'win32';
  const child = windows
    ? spawn(`${command} "${file}"`, { shell: true, stdio: 'inherit' })
    : spawn('sh', ['-c', `${command} "$@"`, command, file], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${signal ?? `exit code ${code}`}; the cell is as it was`));
    });
  });
}

/** `%save [-f] file.ipynb [n | n-m]`: the cells so far with what they have shown. */
async function save(args: string, { transcript, print, writeNotebook }: Front): Promise<void> {
  const [, force, quoted, plain, first, last] =
    /^(-f\s+)?(?:"([^"]+\.ipynb)"|(\S+\.ipynb))(?:\s+(\d+)(?:-(\d+))?)?$/.exec(args) ?? [];
  const file = quoted ?? plain;
  if (file === undefined) throw new Error(`takes a file and perhaps a range, such as session.ipynb 2-5, got ${args}`);
  const path = resolve(file);
  if (existsSync(path) && !force && !saved.has(path))
    throw new Error(`${file} is there already; %save -f writes over it`);
  const [from, to] = [Number(first ?? 0), Number(last ?? first ?? Number.POSITIVE_INFINITY)];
  const cells = transcript.cells.filter(({ count }) => count >= from && count <= to);
  if (cells.length === 0) throw new Error('no cell has run under that number');
  await writeNotebook(path, cells);
  saved.add(path);
  print(`saved ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} to ${file}`);
}
