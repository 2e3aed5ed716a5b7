// Files that run before the first cell of each session: `startup/*.ts` in TENSORCELL_HOME, by their names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorcellHome } from '../home.ts';

export interface StartupFile {
  readonly path: string;
  readonly code: string;
}

/** The files, and a line on each that can't be read. */
export function startupFiles(env: NodeJS.ProcessEnv = process.env): { files: StartupFile[]; problems: string[] } {
  const folder = join(tensorcellHome(env), 'startup');
  const problems: string[] = [];
  const orTell = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push((error as Error).message);
      return otherwise;
    }
  };
  const names = orTell(() => readdirSync(folder), []).filter((name) => /\.[cm]?[jt]s$/.test(name));
  const files = names.toSorted().flatMap((name) => {
    const path = join(folder, name);
    return orTell(() => [{ path, code: readFileSync(path, 'utf8').replace(/^\uFEFF?(#!.*)?/, '') }], []);
  });
  return { files, problems };
}
