// Makes a folder under TENSORCELL_HOME of what is downloaded, whole or not at all: in a folder of the process's own that is then moved
// into place. Several processes may do so at once.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SetupProblem } from './problem.ts';
import { type ProgressLine, startProgress } from './progress.ts';

/** What the making of a folder works with. */
export interface Work {
  /** Of this process alone, and taken away at the end. */
  readonly folder: string;
  /** For files that have come whole: they outlive a lost connection, Ctrl-C or a kill, for the next try. */
  readonly downloads: string;
  readonly line: ProgressLine;
  /** Aborted by Ctrl-C, with the problem to throw. */
  readonly signal: AbortSignal;
}

/** What a folder costs, in MB (10⁶ bytes). */
export interface Sizes {
  readonly download: number;
  /** On disk when all is done. */
  readonly disk: number;
}

/**
 * Makes `target` where it is missing. Says the sizes first, on stdout, then shows progress. `make` returns the path of what becomes the
 * target. Rejects with a `SetupProblem` when the disk is too full or at Ctrl-C, else as `make` does.
 * @param title what is got, such as `TensorFlow 2.21.0 (cpu)`
 * @param kept the name of the folder that keeps downloads: `wheels-…` or `packages-…`
 */
export async function makeWhole(
  { target, title, kept, download, disk }: Sizes & { target: string; title: string; kept: string },
  make: (work: Work) => Promise<string>,
): Promise<void> {
  if (existsSync(target)) return;
  const root = dirname(target);
  await mkdir(root, { recursive: true });
  await removeLeft(root);
  checkRoom(root, title, download + disk);
  console.log(
    `Getting ${title}: ${download} MB to download, ${disk} MB on disk (${download + disk} while unpacking), once`,
  );
  // Ctrl-C ends children, too; what is unpacked here is told by the signal. Staying until then leaves time to tidy.
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new SetupProblem('interrupted; nothing half is left'));
  process.on('SIGINT', stop);
  const folder = join(root, `.work-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`);
  const line = startProgress();
  try {
    const downloads = join(folder, kept);
    await mkdir(downloads, { recursive: true });
    // A rename is one process's alone.
    await moveFiles(join(root, kept), downloads);
    const made = await make({ folder, downloads, line, signal: interrupt.signal });
    if (!existsSync(target)) await moveInto(made, target);
    line.end(`${download} MB`);
  } catch (error) {
    line.end();
    await saveDownloads(folder);
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
  } finally {
    process.off('SIGINT', stop);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another process may have been quicker by a moment: what it has put there is the same. */
async function moveInto(made: string, target: string): Promise<void> {
  try {
    await rename(made, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function checkRoom(root: string, title: string, need: number): void {
  const { bavail, bsize } = statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < need) throw new SetupProblem(`the disk of ${dirname(root)} has ${free} MB free, ${title} needs ${need}`);
}

/** Keeps what has come whole, beside the targets. */
async function saveDownloads(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((each) => /^(wheels|packages)-/.test(each)))
    await moveFiles(join(folder, name), join(dirname(folder), basename(name)));
}

async function moveFiles(from: string, to: string): Promise<void> {
  const names = existsSync(from) ? readdirSync(from) : [];
  if (names.length > 0) await mkdir(to, { recursive: true });
  for (const name of names) {
    try {
      await rename(join(from, name), join(to, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  await rm(from, { recursive: true, force: true });
}

/** What a killed process of this machine has left, and anything a day old: whole downloads are saved, the rest goes. */
async function removeLeft(root: string): Promise<void> {
  for (const name of readdirSync(root).filter((each) => each.startsWith('.work-'))) {
    const path = join(root, name);
    const pid = Number(name.slice(`.work-${hostname()}-`.length).split('-')[0]);
    const ours = name.startsWith(`.work-${hostname()}-`);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (!(ours && !isRunning(pid)) && age < 86_400_000) continue;
    await saveDownloads(path);
    await rm(path, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
