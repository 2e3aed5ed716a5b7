// Gets TensorFlow's library into TENSORCELL_HOME: downloads its wheel, checks it, keeps the two files that are needed, and for CUDA
// lays NVIDIA's libraries where its run path looks ($ORIGIN/../nvidia/*/lib). Whole or not at all; asks nothing when it is there.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { chosenFile, libraryRoot, tensorcellHome, type Variant } from '../home.ts';
import { cudaRequirements, projectName, usedOfCuda } from './cuda.ts';
import { findDriver } from './driver.ts';
import { downloadWheel, findPip } from './pip.ts';
import { explain, SetupProblem } from './problem.ts';
import { type ProgressLine, startProgress } from './progress.ts';
import { fileSum, unpackWheel, wheelMetadata } from './wheel.ts';
import { type Build, findBuild } from './wheels.ts';

/**
 * Makes sure of the library, on stdout, and makes it the one in use; NVIDIA's driver decides where no variant is named. Rejects with a
 * `SetupProblem`.
 */
export async function setUpLibrary(asked?: Variant): Promise<void> {
  const driver = asked ? undefined : await findDriver();
  const variant = asked ?? (driver && findBuild('cuda') ? 'cuda' : 'cpu');
  const build = findBuild(variant);
  const machine = `${process.platform} on ${process.arch}`;
  if (!build)
    throw new SetupProblem(
      `there is no TensorFlow library with ${variant} for ${machine}: Tensorcell computes on WebAssembly`,
    );
  if (driver) console.log(`NVIDIA's driver is here (${driver.gpus[0] ?? driver.seen}).`);
  const had = isKept(build);
  const folder = await getLibrary(build);
  console.log(`TensorFlow ${build.version} (${variant}) ${had ? 'is' : 'is now'} in ${folder}.`);
}

/** Whether the library of a build is there, whole. */
export function isKept({ version, variant }: Build): boolean {
  return existsSync(join(libraryRoot(), `${version}-${variant}`));
}

/**
 * The folder of a build's library, got where it is missing: sizes first, then progress. Safe to call from several processes at once.
 * Wheels that have come whole are kept for the next try. Rejects with a `SetupProblem`: no pip, no network, no room, no permission.
 */
export async function getLibrary(build: Build): Promise<string> {
  const root = libraryRoot();
  const name = `${build.version}-${build.variant}`;
  const target = join(root, name);
  try {
    if (!isKept(build)) await getMissing(build, target);
    writeFileSync(chosenFile(), name);
  } catch (error) {
    throw explain(error, tensorcellHome(), build.download + build.disk);
  }
  return join(target, 'tensorflow');
}

async function getMissing(build: Build, target: string): Promise<void> {
  const root = libraryRoot();
  await mkdir(root, { recursive: true });
  await removeLeft(root);
  checkRoom(build, root);
  const { download, disk } = build;
  console.log(
    `Getting TensorFlow ${build.version} (${build.variant}): ${download} MB to download, ${disk} MB on disk (${download + disk} while unpacking), once`,
  );
  // Ctrl-C ends pip, too; what is unpacked here is told by the signal. Staying until then leaves time to tidy.
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new SetupProblem('interrupted; nothing half is left'));
  process.on('SIGINT', stop);
  const work = join(root, `.work-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`);
  const line = startProgress();
  try {
    await mkdir(work);
    const files = await downloadAll(build, work, line);
    const unpacked = join(work, 'unpacked');
    await unpackAll(build, files, unpacked, line, interrupt.signal);
    if (!existsSync(target)) await moveInto(unpacked, target);
    line.end(`${download} MB`);
  } catch (error) {
    line.end();
    await saveWheels(work);
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
  } finally {
    process.off('SIGINT', stop);
    await rm(work, { recursive: true, force: true });
  }
}

/** Another process may have been quicker by a moment: what it has put there is the same. */
async function moveInto(unpacked: string, target: string): Promise<void> {
  try {
    await rename(unpacked, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** TensorFlow's wheel, then those that it asks for. */
async function downloadAll(build: Build, work: string, line: ProgressLine): Promise<string[]> {
  const wheels = join(work, `wheels-${build.version}-${build.variant}`);
  await claimWheels(wheels);
  const pip = await findPip(work);
  let before = 0;
  const show = (count: number) =>
    line.update('downloading', `${Math.round((before + count) / 1e6)} of ${build.download} MB`);
  const get = async (requirement: string): Promise<string> => {
    const there = readdirSync(wheels).find((file) => projectName(file) === projectName(requirement));
    show(0);
    const options = { folder: wheels, work, onBytes: show };
    const file = there ? join(wheels, there) : await downloadWheel(pip, requirement, build.platforms, options);
    before += statSync(file).size;
    return file;
  };
  const own = await get(`${build.package}==${build.version}`);
  const sum = await fileSum(own);
  if (sum !== build.sha256) {
    await rm(own);
    throw new SetupProblem(
      `the wheel ${build.package} ${build.version} has the SHA-256 ${sum}, must have ${build.sha256}: it is not used`,
    );
  }
  const files = [own];
  if (build.variant === 'cuda')
    for (const requirement of cudaRequirements(await wheelMetadata(own))) files.push(await get(requirement));
  return files;
}

/** The two libraries, of whatever name they have on this system. */
const isLibrary = (name: string) => /^tensorflow\/libtensorflow_(cc|framework)\.[^/]*(so|dylib)[^/]*$/.test(name);

async function unpackAll(
  build: Build,
  [own, ...nvidia]: readonly string[],
  folder: string,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    line.update('unpacking', `${Math.round(bytes / 1e6)} of ${build.disk} MB`);
  };
  const unpack = async (wheel: string, keep: (name: string) => boolean) => {
    try {
      return await unpackWheel(wheel, folder, { keep, onBytes, signal });
    } catch (error) {
      // A damaged one must not be taken for whole by the next try.
      if (!signal.aborted) await rm(wheel, { force: true });
      throw error;
    }
  };
  const kept = await unpack(own!, isLibrary);
  if (kept.length < 2)
    throw new SetupProblem(`${build.package} ${build.version} has no libtensorflow_cc beside libtensorflow_framework`);
  for (const wheel of nvidia) await unpack(wheel, usedOfCuda);
}

function checkRoom(build: Build, root: string): void {
  const { bavail, bsize } = statfsSync(root);
  const [free, need] = [Math.floor((bavail * bsize) / 1e6), build.download + build.disk];
  if (free < need)
    throw new SetupProblem(
      `the disk of ${dirname(root)} has ${free} MB free, TensorFlow (${build.variant}) needs ${need}`,
    );
}

/** Takes the wheels that an earlier try saved. A rename is one process's alone. */
async function claimWheels(folder: string): Promise<void> {
  await mkdir(folder);
  await moveWheels(join(libraryRoot(), basename(folder)), folder);
}

/** Keeps the wheels that have come whole, for the next try. */
async function saveWheels(work: string): Promise<void> {
  if (!existsSync(work)) return;
  for (const name of readdirSync(work).filter((each) => each.startsWith('wheels-')))
    await moveWheels(join(work, name), join(libraryRoot(), name));
}

async function moveWheels(from: string, to: string): Promise<void> {
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

/** What a killed process of this machine has left, and anything a day old: whole wheels are saved, the rest goes. */
async function removeLeft(root: string): Promise<void> {
  for (const name of readdirSync(root).filter((each) => each.startsWith('.work-'))) {
    const path = join(root, name);
    const pid = Number(name.slice(`.work-${hostname()}-`.length).split('-')[0]);
    const ours = name.startsWith(`.work-${hostname()}-`);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (!(ours && !isRunning(pid)) && age < 86_400_000) continue;
    await saveWheels(path);
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
