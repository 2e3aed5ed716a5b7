// Files that TypeScript's and bundlers' users mean by a path: `./util`, `./util.js` for `util.ts`, a folder's index.
import { statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ends = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.tsx', '/index.js'];

/** The file's URL; `undefined` for what is no path, or leads to no file. */
export function guessFile(specifier: string, parentUrl: string): string | undefined {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return undefined;
  const url = new URL(specifier, parentUrl);
  if (url.protocol !== 'file:') return undefined;
  const path = fileURLToPath(url);
  if (isFile(path)) return url.href;
  const bare = path.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const sources = bare === path ? [] : [bare, bare.replace(/ts$/, 'tsx')];
  const found = [...sources, ...ends.map((end) => path + end)].find(isFile);
  return found === undefined ? undefined : pathToFileURL(found).href;
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Nothing there, or a file where the path has a folder.
    return false;
  }
}
