// Loads a bundled program as one CommonJS script with V8's code cache, which saves the 10 ms that compiling it takes. (Node 22 has
// `module.enableCompileCache()`; Node 20 has nothing of the kind.) Knows nothing of what the program does.
import { existsSync, promises, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import vm from 'node:vm';
import { tensorcellHome } from './home.ts';

/** When the cache is made, ms after the load: most often the program has compiled what its start and a first cell need by then. */
const SETTLED = 250;
/** Caches go when they are older than this, ms, as another is made: those of past versions, and what a killed process left half made. */
const OLD = 14 * 24 * 3600 * 1000;

/**
 * Runs a CommonJS file and returns its exports. `build` tells one version of the file from another. The cache is kept under
 * TENSORCELL_HOME where that folder is there already, one file for a build, a version of Node and a processor; else each start compiles.
 */
export function loadProgram(file: string, build: string): unknown {
  const name = [basename(file, '.cjs'), process.version, process.arch, build].join('-');
  const kept = join(tensorcellHome(), 'cache', name);
  const cachedData = readCache(kept);
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`,
    { filename: file, ...(cachedData && { cachedData }) },
  );
  // V8 refuses what another version of itself, or one with other flags, has made.
  if (!cachedData || script.cachedDataRejected) setTimeout(makeCache, SETTLED).unref();
  const module = { exports: {} as unknown };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;

  function makeCache(): void {
    // A person who keeps nothing here gets no folder for this alone.
    if (existsSync(tensorcellHome())) void writeCache(kept, script.createCachedData());
  }
}

function readCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') process.stderr.write(`tensorcell: ${error}\n`);
    return undefined;
  }
}

/** Written aside, to the disk, and moved: V8 looks at no more than the first bytes of what it is given. */
async function writeCache(path: string, data: Buffer): Promise<void> {
  const { mkdir, open, readdir, rename, rm, stat } = promises;
  const folder = dirname(path);
  const fresh = `${path}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(fresh, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    for (const other of (await readdir(folder)).map((name) => join(folder, name)))
      if (Date.now() - (await stat(other)).mtimeMs > OLD) await rm(other, { force: true });
  } catch (_error) {
    // The disk is full, or the home can't be written, or another process tidies up too: at worst the next start compiles again.
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}
