// Whether a module declares a name as a type: `import { Tensor3D } from 'x'` is right where `x` has no such value.
// Asked only when a name is missing at run time; reads declaration files, runs nothing.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Files read at most: a package's declarations may hang together by the hundred. */
const LIMIT = 500;

/** `file` is where the import stands. A name that is not found anywhere counts as no type. */
export function declaresType(specifier: string, name: string, file: string): boolean {
  const start = /^\.{0,2}\//.test(specifier)
    ? moduleFile(resolve(dirname(file), specifier))
    : packageTypes(specifier, dirname(file));
  if (start === undefined) return false;
  const declaration = new RegExp(
    `\\b(?:interface|type|namespace|enum|class)\\s+${name.replace(/\$/g, '\\$')}(?![\\w$])`,
  );
  const queue = [start];
  const seen = new Set(queue);
  for (let next = queue.pop(); next !== undefined && seen.size <= LIMIT; next = queue.pop()) {
    const text = readFileSync(next, 'utf8');
    if (declaration.test(text)) return true;
    for (const [, relative] of text.matchAll(/\bfrom\s*['"](\.[^'"]*)['"]/g)) {
      const found = moduleFile(resolve(dirname(next), relative!));
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      queue.push(found);
    }
  }
  return false;
}

/** The file with the types of a module's path, with or without its extension. */
function moduleFile(path: string): string | undefined {
  const bare = path.replace(/\.([cm]?)[jt]sx?$/, '');
  const ends = ['.ts', '.tsx', '.d.ts', '.mts', '.d.mts', '.cts', '.d.cts', '/index.ts', '/index.d.ts'];
  return [path, ...ends.map((end) => bare + end)].find((one) => /\.[cm]?tsx?$/.test(one) && isFile(one));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Nothing there, or a file where the path has a folder.
    return false;
  }
}

function packageTypes(specifier: string, folder: string): string | undefined {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const typed = `@types/${name.replace(/^@(.*)\/(.*)$/, '$1__$2')}`;
  for (const one of [name, typed]) {
    const root = packageFolder(one, folder);
    if (root === undefined) continue;
    if (rest !== undefined) return moduleFile(join(root, rest));
    const { types, typings, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      types?: string;
      typings?: string;
      main?: string;
    };
    const found = moduleFile(join(root, types ?? typings ?? main ?? 'index'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function packageFolder(name: string, folder: string): string | undefined {
  const here = join(folder, 'node_modules', name);
  if (existsSync(join(here, 'package.json'))) return here;
  const parent = dirname(folder);
  return parent === folder ? undefined : packageFolder(name, parent);
}
