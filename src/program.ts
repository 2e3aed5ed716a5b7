// Loads a bundled program as one CommonJS script with V8's code cache, which saves the 10 ms that compiling it takes. (Node 22 has
// `module.enableCompileCache()`; Node 20 has nothing of the kind.) Knows nothing of what the program does.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import vm from 'node:vm';
import { tensorcellHome } from './home.ts';

/** When the cache is made, ms after the load: most often the program has compiled what its start and a first cell need by then. */
const SETTLED = 250;

/**
 * Runs a CommonJS file and returns its exports. `build` tells one version of the file from another. The cache is kept under
 * TENSORCELL_HOME where that folder is there already, one file for a program, a version of Node and a processor; else each start compiles.
 */
export function loadProgram(file: string, build: string): unknown {
  const kept = join(tensorcellHome(), 'cache', `${basename(file, '.cjs')}-${process.version}-${process.arch}`);
  const cachedData = readCache(kept, build);
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`,
    {
      filename: file,
      ...(cachedData && { cachedData }),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  );
  // V8 refuses what another version of itself, or one with other flags, has made.
  if (!cachedData || script.cachedDataRejected) setTimeout(() => writeCache(kept, build, script), SETTLED).unref();
  const module = { exports: {} as unknown };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function readCache(path: string, build: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') process.stderr.write(`tensorcell: ${error}\n`);
    return undefined;
  }
  return bytes.toString('latin1', 0, build.length) === build ? bytes.subarray(build.length) : undefined;
}

/** Written aside and moved, so that nobody reads half of it. */
function writeCache(path: string, build: string, script: vm.Script): void {
  // A person who keeps nothing here gets no folder for this alone.
  if (!existsSync(dirname(dirname(path)))) return;
  const fresh = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const data = script.createCachedData();
    writeFileSync(fresh, Buffer.concat([Buffer.from(build, 'latin1'), data]));
    renameSync(fresh, path);
  } catch (_error) {
    // A full disk or a home that can't be written: the next start compiles again.
    rmSync(fresh, { force: true });
  }
}
