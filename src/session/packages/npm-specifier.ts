// `npm:zod@4`, `npm:@scope/name@^1.2/sub/path`: what such an import names, and where the shared cache keeps it. Fetches nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tensorcellHome } from '../../home.ts';

export interface NpmSpecifier {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  /** A version, a range or a tag; `latest` where none was given. */
  readonly range: string;
  /** What an import of the installed package says: its name and the path inside of it. */
  readonly inner: string;
}

export function isNpmSpecifier(specifier: string): boolean {
  return specifier.startsWith('npm:');
}

/** Throws a TypeError for what is no `npm:name[@version][/path]`. */
export function parseNpmSpecifier(text: string): NpmSpecifier {
  const form = /^npm:\/?((?:@[\w.~-]+\/)?\w[\w.~-]*)(?:@([^/:]+))?(\/.*)?$/.exec(text);
  if (form === null)
    throw new TypeError(`an npm: import must be npm:name, npm:name@version or with a /path behind, got "${text}"`);
  const [, name = '', range = 'latest', path = ''] = form;
  return { text, name, range: decodeURIComponent(range), inner: name + path };
}

/** The folder that has the package in its `node_modules`, and its dependencies: one for each range that was asked for. */
export function cacheFolder({ name, range }: Pick<NpmSpecifier, 'name' | 'range'>, cache = npmCache()): string {
  // A name of a file on every system: `@scope/name@>=1 <2` → `@scope+name@%3E%3D1%20%3C2`.
  return join(cache, `${name.replace('/', '+')}@${encodeURIComponent(range).replace(/\*/g, '%2A')}`);
}

/** Where imports of `npm:` are kept for all sessions of a person. */
export function npmCache(): string {
  return join(tensorcellHome(), 'npm');
}

export function isCached(specifier: NpmSpecifier, cache = npmCache()): boolean {
  return existsSync(cacheFolder(specifier, cache));
}
