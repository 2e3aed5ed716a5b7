// Packages that cells import as `npm:name`: installed at their first use into a cache that all sessions share, and kept for good.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesWithScripts } from './install-scripts.ts';
import { runNpm } from './npm.ts';
import { cacheFolder, isCached, type NpmSpecifier, npmCache } from './npm-specifier.ts';
import { startFetching } from './progress.ts';

/** What is being installed by this process, by its folder. */
const running = new Map<string, Promise<void>>();

/** A registry that is away is told of soon: npm alone would try for a minute. */
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/** Installs a package unless it is there. Rejects with the reason when it can't be had; the next call tries again. */
export function ensurePackage(wanted: NpmSpecifier, cache = npmCache()): Promise<void> {
  const folder = cacheFolder(wanted, cache);
  if (isCached(wanted, cache)) return Promise.resolve();
  let install = running.get(folder);
  if (install === undefined) {
    install = installInto(folder, wanted, cache).finally(() => running.delete(folder));
    running.set(folder, install);
  }
  return install;
}

/** Installed aside and moved into place whole, so that neither a kill nor another session leaves or finds half of it. */
async function installInto(folder: string, { text, name, range }: NpmSpecifier, cache: string): Promise<void> {
  const aside = join(cache, `${asideMark}${process.pid}-${Math.random().toString(36).slice(2)}`);
  removeLeftovers(cache);
  mkdirSync(aside, { recursive: true });
  const progress = startFetching(text);
  try {
    writeFileSync(join(aside, 'package.json'), '{ "private": true }\n');
    await runNpm(
      ['install', `${name}@${range}`, '--prefix', aside, '--ignore-scripts', '--no-audit', '--no-fund', ...patience],
      { folder: aside, name: text, fetched: (what) => progress.fetched(what), line: () => undefined },
    );
    const { version } = JSON.parse(readFileSync(join(aside, 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string;
    };
    const scripts = [...packagesWithScripts(aside)];
    moveInto(folder, aside);
    const left = scripts.length > 0 ? ` (install scripts that were not run: ${scripts.join(', ')})` : '';
    progress.end(`${text}: installed ${name} ${version} in {time}, kept for all notebooks${left}`);
  } catch (error) {
    progress.end(`${text}: not installed`);
    throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

const asideMark = '.installing-';

function moveInto(folder: string, aside: string): void {
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another session was faster: what it installed is as good.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What sessions that were killed have left. */
function removeLeftovers(cache: string): void {
  let names: string[];
  try {
    names = readdirSync(cache);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (const name of names) {
    if (!name.startsWith(asideMark)) continue;
    const pid = Number(name.slice(asideMark.length).split('-')[0]);
    if (pid !== process.pid && !isAlive(pid)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
