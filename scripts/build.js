// Builds `dist/` from the sources, and `app/` from that, when one of them is newer than the last build. Called by start and test; knows
// no network.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
/** Written after a build that succeeded: the list of its sources. */
const stamp = join(dist, '.built');

/**
 * Compiles the project if a source is newer than the last build, came or went. Throws with the compiler's words when that fails.
 * @returns {Promise<boolean>} whether it compiled
 */
export async function build() {
  const sources = ['kernel', 'src', 'test', 'bench'].flatMap(listSources);
  const inputs = [...sources, 'tsconfig.json', 'package.json', 'package-lock.json', 'scripts/bundle.js'];
  if (isCurrent(sources, inputs)) return false;
  rmSync(stamp, { force: true });
  removeOrphans(sources);
  // The compiler's own record of the last build must not outlive what that build wrote.
  if (sources.some((file) => !existsSync(join(dist, outputOf(file)))))
    rmSync(join(dist, '.tsbuildinfo'), { force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', root], { cwd: root, encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`build: tsc ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
  await bundle(root);
  writeFileSync(stamp, sources.join('\n'));
  return true;
}

function isCurrent(sources, inputs) {
  if (!existsSync(join(root, 'app')) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources.join('\n'))
    return false;
  const built = statSync(stamp).mtimeMs;
  return inputs.every((file) => statSync(join(root, file)).mtimeMs < built);
}

function listSources(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true })
    .filter((file) => /\.[cm]?tsx?$/.test(file))
    .map((file) => join(folder, file))
    .sort();
}

function outputOf(source) {
  return source.replace(/\.([cm]?)tsx?$/, '.$1js');
}

/** A compiled test whose source is gone would still run. */
function removeOrphans(sources) {
  if (!existsSync(dist)) return;
  const wanted = new Set(sources.map(outputOf));
  for (const file of readdirSync(dist, { recursive: true })) {
    const script = file.replace(/\.d\.([cm]?)ts$/, '.$1js').replace(/\.map$/, '');
    if (/\.[cm]?js$/.test(script) && !wanted.has(script)) rmSync(join(dist, file), { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
