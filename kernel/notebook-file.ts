// Notebooks on disk: reads `.ipynb` and `.ts` files, writes whole files or nothing.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Notebook, NotebookError, parseNotebook } from './notebook.ts';
import { parseScript } from './notebook-script.ts';

/**
 * Reads a notebook, or a `.ts`/`.mts`/`.js`/`.mjs` file with `// %%` cells as one.
 * @throws {NotebookError} A missing, unreadable or malformed file.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new NotebookError(`${path}: ${fileReason(error)}`, { cause: error });
  }
  return /\.[cm]?[jt]sx?$/.test(path) ? parseScript(text) : parseNotebook(text, path);
}

/**
 * Writes a file by way of a temporary one beside it, so that a full disk or a crash leaves the old content whole.
 * @throws {NotebookError} One line with the reason; nothing of the temporary file stays.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    throw new NotebookError(`${path} can't be written: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Says before a long run what would stop the writing after it.
 * @throws {NotebookError} The folder is missing, is no folder, or may not be written to.
 */
export async function checkWritable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new NotebookError(`${path} can't be written: it is a folder`);
  const probe = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    await (await open(probe, 'wx')).close();
  } catch (error) {
    throw new NotebookError(`${path} can't be written: ${fileReason(error, dirname(path))}`, { cause: error });
  } finally {
    await removeIfThere(probe);
  }
}

/** After a failure that is already being told, one to clean up says nothing new. */
async function removeIfThere(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

function fileReason(error: unknown, folder?: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return folder === undefined ? 'no such file' : `there is no folder ${folder}`;
  if (code === 'EISDIR') return 'it is a folder, not a file';
  if (code === 'ENOTDIR') return `${folder ?? 'a part of the path'} is not a folder`;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full; the file is as it was';
  if (code === 'EFBIG') return 'the file would be too large; it is as it was';
  return (error as Error).message;
}
