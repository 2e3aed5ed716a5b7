// Gets TensorFlow's library into TENSORCELL_HOME: downloads its wheel, checks it, keeps the two files that are needed, and for CUDA
// lays NVIDIA's libraries where its run path looks ($ORIGIN/../nvidia/*/lib). Whole or not at all; asks nothing when it is there.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chosenFile, libraryRoot, tensorcellHome, type Variant } from '../home.ts';
import { cudaRequirements, projectName, usedOfCuda } from './cuda.ts';
import { findDriver } from './driver.ts';
import { downloadWheel, findPip } from './pip.ts';
import { explain, SetupProblem } from './problem.ts';
import { fileSum, unpackWheel, wheelMetadata } from './wheel.ts';
import { type Build, findBuild } from './wheels.ts';
import { makeWhole, type Work } from './work.ts';

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
  const { version, variant, download, disk } = build;
  const title = `TensorFlow ${version} (${variant})`;
  await makeWhole({ target, title, kept: `wheels-${version}-${variant}`, download, disk }, async (work) => {
    const files = await downloadAll(build, work);
    const unpacked = join(work.folder, 'unpacked');
    await unpackAll(build, files, unpacked, work);
    return unpacked;
  });
}

/** TensorFlow's wheel, then those that it asks for. */
async function downloadAll(build: Build, { folder: work, downloads: wheels, line }: Work): Promise<string[]> {
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
  { line, signal }: Work,
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
