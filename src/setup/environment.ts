// Python environments under TENSORCELL_HOME, each made whole or not at all. The one place that says how: JupyterLab's is made with
// it, and so is that of the tests.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tensorcellHome } from '../home.ts';
import { explain } from './problem.ts';
import { run } from './process.ts';
import { findPython } from './python.ts';

/** What an environment holds. Its folder is named for both, so that other requirements make another one. */
export interface Recipe {
  /** One word, the start of its folder's name. */
  readonly name: string;
  /** For pip, with exact versions. */
  readonly requirements: readonly string[];
}

/** How far the making is. `megabytes`: downloaded, or taken from pip's cache, so far. */
export type Progress = (stage: 'environment' | 'download' | 'install', megabytes: number) => void;

/** The Python of an environment that is whole; undefined when there is none. */
export function environmentPython(recipe: Recipe): string | undefined {
  const marker = markerOf(recipe);
  if (!existsSync(marker)) return undefined;
  const python = readFileSync(marker, 'utf8');
  // Absent when the folder was deleted, or the Python that it was made from.
  return existsSync(python) ? python : undefined;
}

/**
 * Makes an environment where there is none, and returns the path of its Python. Safe to call from several processes at once; Ctrl-C
 * leaves nothing behind. Rejects with a `SetupProblem`: no Python, no network, no room, no permission.
 */
export async function makeEnvironment(recipe: Recipe, progress: Progress = () => {}): Promise<string> {
  const there = environmentPython(recipe);
  if (there) return there;
  const marker = markerOf(recipe);
  const folder = marker.replace(/\.txt$/, `-${randomUUID().slice(0, 8)}`);
  // Ctrl-C ends pip, too, which is what ends this; staying until then leaves time to tidy.
  const stay = () => {};
  process.on('SIGINT', stay);
  try {
    const base = await findPython();
    await mkdir(tensorcellHome(), { recursive: true });
    progress('environment', 0);
    await must(base.command, [...base.args, '-m', 'venv', folder]);
    const python = pythonOf(folder);
    await fill(python, recipe.requirements, progress);
    // The marker is what makes it whole. Renaming the environment itself would break its scripts, which hold their own path.
    await writeFile(`${folder}.txt`, python);
    await rename(`${folder}.txt`, marker);
    return python;
  } catch (error) {
    if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
    throw explain(error, tensorcellHome());
  } finally {
    process.off('SIGINT', stay);
  }
}

/** The folder of an environment, of the path of its Python. */
export function prefixOf(python: string): string {
  return dirname(dirname(python));
}

function markerOf({ name, requirements }: Recipe): string {
  const hash = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 12);
  return join(tensorcellHome(), `${name}-${hash}.txt`);
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

async function fill(python: string, requirements: readonly string[], progress: Progress): Promise<void> {
  let megabytes = 0;
  let stage: 'download' | 'install' = 'download';
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  await must(python, [...args, ...requirements], (line) => {
    const [, size, unit] = /(?:Downloading|Using cached) \S+ \(([\d.]+) (kB|MB)\)/.exec(line) ?? [];
    if (size) megabytes += Number(size) / (unit === 'kB' ? 1000 : 1);
    if (line.startsWith('Installing collected')) stage = 'install';
    progress(stage, megabytes);
  });
}

async function must(command: string, args: readonly string[], onLine?: (line: string) => void): Promise<void> {
  const { code, stdout, stderr } = await run(command, args, onLine && { onLine });
  if (code === 0) return;
  // `venv` explains itself on stdout.
  const words = (stderr.trim() || stdout.trim()).slice(-4000);
  throw new Error(words || `${command} ${args.slice(0, 3).join(' ')} ended with ${code ?? 'a signal'}`);
}
