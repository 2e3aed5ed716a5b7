// Where the types of `npm:` imports are, for a tsconfig's `paths`: those of the packages that the shared cache has.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isCached, npmCache, parseNpmSpecifier } from '../session/packages/npm-specifier.ts';

/**
 * Specifier → the file with its types; `npm:name/*` → the package's folder. A package without types has those that the notebook's folder
 * has of it (`@types/name`), if any.
 */
export function npmPaths(notebook: string, cache = npmCache()): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const [specifier, folder, name] of cachedPackages(cache)) {
    const types = typesOf(folder) ?? typesOf(join(notebook, 'node_modules', typesPackage(name)));
    if (types !== undefined) paths[specifier] = [types];
    paths[`${specifier}/*`] = [join(folder, '*')];
  }
  return paths;
}

/** Whether the package of an `npm:` import brings no types; `undefined` as long as it is not installed. */
export function isUntyped(specifier: string, cache = npmCache()): boolean | undefined {
  const wanted = parseNpmSpecifier(specifier);
  if (!isCached(wanted, cache)) return undefined;
  return typesOf(join(cacheFolder(wanted, cache), 'node_modules', wanted.name)) === undefined;
}

/** Where npm has the types that others wrote for a package: `@types/name`, `@types/scope__name`. */
export function typesPackage(name: string): string {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}

/** Changes when a package is installed. */
export function npmStamp(cache = npmCache()): string {
  return `${statSync(cache, { throwIfNoEntry: false })?.mtimeMs ?? ''}`;
}

/** Each package by the specifiers that name it; a folder of the cache is called `name@range`, its `/` as `+`. */
function* cachedPackages(cache: string): Iterable<[specifier: string, folder: string, name: string]> {
  if (!existsSync(cache)) return;
  for (const entry of readdirSync(cache)) {
    const [, name, range] = /^(@?[^@]+)@([^@]+)$/.exec(entry.replace('+', '/')) ?? [];
    // A `*` in `paths` stands for any text.
    if (name === undefined || range === undefined || range.includes('%2A')) continue;
    const folder = join(cache, entry, 'node_modules', name);
    if (range === 'latest') yield [`npm:${name}`, folder, name];
    yield [`npm:${name}@${decodeURIComponent(range)}`, folder, name];
  }
}

interface Manifest {
  readonly types?: unknown;
  readonly typings?: unknown;
  readonly main?: unknown;
  readonly exports?: unknown;
}

/** What TypeScript would find for an import of the package from beside it: a path in `paths` does not heed its `exports`. */
function typesOf(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { exports, types, typings, main } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  const listed = [typesIn(root), types, typings, declarationOf(entryIn(root)), declarationOf(main), 'index.d.ts'];
  const found = listed.filter((one) => typeof one === 'string').map((one) => join(folder, one));
  return found.find((file) => /\.d\.[cm]?ts$/.test(file) && existsSync(file));
}

/** The first `types` of the conditions that an import meets. */
function typesIn(target: unknown): unknown {
  if (!isRecord(target)) return undefined;
  for (const condition of ['types', 'import', 'node', 'module', 'default', 'require']) {
    const inner = target[condition];
    const found = condition === 'types' ? (isRecord(inner) ? entryIn(inner) : inner) : typesIn(inner);
    if (typeof found === 'string') return found;
  }
  return undefined;
}

/** The file that an import gets. */
function entryIn(target: unknown): unknown {
  if (!isRecord(target)) return target;
  for (const condition of ['import', 'node', 'module', 'default', 'require']) {
    const found = entryIn(target[condition]);
    if (typeof found === 'string') return found;
  }
  return undefined;
}

function declarationOf(file: unknown): string | undefined {
  return typeof file === 'string' ? file.replace(/\.([cm]?)js$/, '.d.$1ts') : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
