// Downloads packages with npm, without installing them: none of their scripts runs. npm brings its own settings: registry, proxy,
// certificates.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runNpm } from '../session/packages/npm.ts';
import { SetupProblem } from './problem.ts';
import type { Work } from './work.ts';

/** A package of the registry, in one version. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** The registry's sum of its archive: `sha512-` and base64. */
  readonly integrity: string;
}

/** The path of a package's archive (.tgz), downloaded where it is not yet. `onBytes` is told how much of it has come. */
export async function downloadPackage(
  { name, version, integrity }: NpmPackage,
  { folder, downloads }: Work,
  onBytes: (count: number) => void,
): Promise<string> {
  const file = join(downloads, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(file)) {
    // A cache of its own: what has come can be counted, and thrown away.
    const [cache, ready] = [join(folder, 'npm'), join(folder, 'ready')];
    await mkdir(ready, { recursive: true });
    const timer = setInterval(() => onBytes(largestFile(cache)), 250);
    try {
      await pack(`${name}@${version}`, { folder, cache, to: ready });
    } finally {
      clearInterval(timer);
      await rm(cache, { recursive: true, force: true });
    }
    const [archive] = readdirSync(ready);
    if (!archive) throw new Error(`npm downloaded no archive of ${name} ${version}`);
    await rename(join(ready, archive), file);
  }
  onBytes(statSync(file).size);
  const hash = createHash('sha512');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  const sum = `sha512-${hash.digest('base64')}`;
  if (sum === integrity) return file;
  await rm(file);
  throw new SetupProblem(`the package ${name} ${version} has the sum ${sum}, must have ${integrity}: it is not used`);
}

/** npm's own words tell what is wrong: no npm, no network, no such version. */
async function pack(spec: string, { folder, cache, to }: Record<'folder' | 'cache' | 'to', string>): Promise<void> {
  const options = ['--pack-destination', to, '--cache', cache, '--ignore-scripts', '--no-progress'];
  try {
    await runNpm(['pack', spec, ...options], { folder, name: `npm pack ${spec}`, line: () => undefined });
  } catch (error) {
    throw new SetupProblem((error as Error).message, { cause: error });
  }
}

function largestFile(folder: string): number {
  if (!existsSync(folder)) return 0;
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0,
  );
  return Math.max(0, ...sizes);
}
