// Which of a notebook's own files have come, changed or gone since the last look. Looks only when asked: most cells import nothing.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** As the language server's protocol counts them: 1 created, 2 changed, 3 deleted. */
export interface FileChange {
  readonly uri: string;
  readonly type: 1 | 2 | 3;
}

/** Entries of folders that are looked at, and folders below one another: a notebook may lie in a home folder. */
const ENTRIES = 1000;
const DEPTH = 6;
const CODE = /\.(?:[cm]?tsx?|[cm]?jsx?|json)$/;

export class FolderFiles {
  readonly #folder: string;
  #seen: ReadonlyMap<string, string> | undefined;

  /** `folder` is absolute. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is new since the last call; nothing at the first. */
  changes(): FileChange[] {
    const now = stampsOf(this.#folder);
    const before = this.#seen;
    this.#seen = now;
    if (before === undefined) return [];
    const changes: FileChange[] = [];
    const add = (path: string, type: FileChange['type']) => changes.push({ uri: pathToFileURL(path).href, type });
    for (const [path, stamp] of now) {
      const had = before.get(path);
      if (had !== stamp) add(path, had === undefined ? 1 : 2);
    }
    for (const path of before.keys()) if (!now.has(path)) add(path, 3);
    return changes;
  }
}

/** Changes with the packages that the folder has installed. */
export function packagesStamp(folder: string): string {
  const time = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? '';
  return `${time('node_modules')} ${time('node_modules/.package-lock.json')}`;
}

function stampsOf(folder: string): Map<string, string> {
  const stamps = new Map<string, string>();
  let left = ENTRIES;
  const look = (at: string, depth: number) => {
    const folders: string[] = [];
    for (const entry of entriesOf(at)) {
      if (--left < 0) return;
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) folders.push(path);
      } else if (CODE.test(entry.name)) {
        const stat = statSync(path, { throwIfNoEntry: false });
        if (stat) stamps.set(path, `${stat.mtimeMs} ${stat.size}`);
      }
    }
    if (depth < DEPTH) for (const one of folders) look(one, depth + 1);
  };
  look(folder, 0);
  return stamps;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not ours to read, or gone meanwhile: nothing in it is known.
    return [];
  }
}
