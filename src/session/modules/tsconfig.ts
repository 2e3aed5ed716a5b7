// What a notebook's tsconfig.json says of how its code runs: the `paths` of imports, JSX, decorators. Of types TypeScript itself reads it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Syntax } from '../rewrite/transform.ts';
import { parseJsonc } from './jsonc.ts';

/** A row of `paths`: what specifiers begin and end with, and the files or folders that they may mean, absolute, with `*` for the rest. */
export interface Alias {
  readonly before: string;
  /** `undefined` where the pattern has no `*` and is the whole specifier. */
  readonly after: string | undefined;
  readonly targets: readonly string[];
}

export interface Tsconfig {
  /** The most exact first. */
  readonly aliases: readonly Alias[];
  readonly syntax: Syntax;
}

/** `paths` are absolute. */
export interface Options {
  readonly baseUrl?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
}

/** Of the tsconfig.json that counts for a folder; nothing of one that can't be read, which its types tell. */
export function readTsconfig(folder: string): Tsconfig {
  const file = findTsconfig(folder);
  const { paths = {}, ...options } = file === undefined ? {} : readOptions(file);
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators = false } = options;
  return {
    aliases: Object.entries(paths).map(aliasOf).sort(byExactness),
    syntax: { classicJsx: jsx === 'react', jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators },
  };
}

/** The nearest tsconfig.json of the project that the folder belongs to: not beyond the folder of its package.json or repository. */
export function findTsconfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'tsconfig.json');
    if (existsSync(file)) return file;
    if (at === dirname(at) || existsSync(join(at, 'package.json')) || existsSync(join(at, '.git'))) return undefined;
  }
}

/** The compiler's options with those that the file extends, `paths` made absolute where they are written. */
export function readOptions(file: string, depth = 0): Options {
  const config = depth > 8 ? undefined : readConfig(file);
  if (config === undefined) return {};
  const extending = [config.extends].flat().filter((name) => typeof name === 'string');
  const parents = extending.map((name) => readOptions(extended(name, file), depth + 1));
  const { paths, ...own } = (config.compilerOptions ?? {}) as Options;
  const base = resolve(dirname(file), typeof own.baseUrl === 'string' ? own.baseUrl : '.');
  return Object.assign({}, ...parents, own, paths && { paths: absolute(paths, base) });
}

/** Rows that are no lists of texts are left out: TypeScript tells of them. */
function absolute(paths: object, base: string): Record<string, string[]> {
  const rows: [string, string[]][] = Object.entries(paths).map(([pattern, targets]) => [
    pattern,
    [targets].flat().flatMap((target: unknown) => (typeof target === 'string' ? resolve(base, target) : [])),
  ]);
  return Object.fromEntries(rows);
}

function readConfig(file: string): { readonly extends?: unknown; readonly compilerOptions?: unknown } | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const config = parseJsonc(readFileSync(file, 'utf8'));
    return typeof config === 'object' && config !== null ? config : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `./base`, `./base.json`, or a package's `@tsconfig/strictest` or `name/tsconfig.json`. */
function extended(name: string, from: string): string {
  if (/^\.{0,2}\//.test(name)) {
    const path = resolve(dirname(from), name);
    return path.endsWith('.json') ? path : `${path}.json`;
  }
  for (let at = dirname(from); ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    for (const one of [path, `${path}.json`, join(path, 'tsconfig.json')])
      if (one.endsWith('.json') && existsSync(one)) return one;
    if (at === dirname(at)) return path;
  }
}

function aliasOf([pattern, targets]: [string, readonly string[]]): Alias {
  const star = pattern.indexOf('*');
  if (star === -1) return { before: pattern, after: undefined, targets };
  return { before: pattern.slice(0, star), after: pattern.slice(star + 1), targets };
}

function byExactness(one: Alias, other: Alias): number {
  const whole = Number(other.after === undefined) - Number(one.after === undefined);
  return whole || other.before.length - one.before.length;
}

/** The paths that a specifier may mean by the aliases. */
export function aliased(specifier: string, aliases: readonly Alias[]): string[] {
  for (const { before, after, targets } of aliases) {
    if (after === undefined) {
      if (specifier === before) return [...targets];
    } else if (
      specifier.length >= before.length + after.length &&
      specifier.startsWith(before) &&
      specifier.endsWith(after)
    ) {
      const rest = specifier.slice(before.length, specifier.length - after.length);
      return targets.map((target) => target.replace('*', rest));
    }
  }
  return [];
}
