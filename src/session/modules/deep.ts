// Deep paths of a redirected package, such as `@tensorflow/tfjs-core/dist/ops/conv_util`: which file of the session's copy they mean and
// the module that answers. Knows the names that such a module exports, not their values: those come from the session's `deep`.
import { readFileSync, statSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeepRedirect, PackageRedirect } from '../parts.ts';
import { parse } from '../rewrite/parser.ts';

/** Where an export is declared: a file and the name there (`*`: the file's whole namespace), or a package by its name. */
export interface Origin {
  readonly file: string;
  readonly name: string;
}

interface DeepAnswer extends PackageRedirect {
  readonly file: string;
}

const read = new Map<string, Map<string, Origin>>();

/**
 * The answer for a path below a package's `dist`; undefined where it means the whole package: its index, its bundles, another folder.
 * @throws if the session's copy has no such module
 */
export function deepRedirect(specifier: string, { folder, answers }: DeepRedirect): DeepAnswer | undefined {
  const path = /^@[^/]+\/[^/]+\/dist\/(.+)$/.exec(specifier)?.[1];
  if (path === undefined || /^(?:index(?:\.js)?|tf-[^/]+)$/.test(path)) return undefined;
  const file = moduleFile(join(folder, path));
  if (file === undefined) {
    const error = new Error(`Cannot find module '${specifier}': the session's own copy (${folder}) has no ${path}`);
    throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
  }
  const names = [...moduleExports(file).keys()].filter((name) => name !== 'default');
  const source = `const module = globalThis[Symbol.for(${JSON.stringify(answers)})].deep(${JSON.stringify(file)});
export default module;
${names.map((name, at) => `const e${at} = module.${name}; export { e${at} as ${name} };`).join('\n')}`;
  return { pattern: '', url: `data:text/javascript,${encodeURIComponent(source)}`, require: answers, file };
}

/** The path that answers a `require`. A deep module has no CommonJS file: it is put among the loaded ones, under its own path. */
export function requiredPath(redirect: PackageRedirect | DeepAnswer): string {
  if (!('file' in redirect)) return redirect.require ?? fileURLToPath(redirect.url);
  const { _cache: cache } = Module as unknown as { _cache: Record<string, unknown> };
  if (!cache[redirect.file]) {
    const found = (globalThis as Record<symbol, unknown>)[Symbol.for(redirect.require!)];
    if (!found) throw new Error(`require of ${redirect.file}: the session's tensors are not ready; import it instead`);
    const exports = (found as { deep(file: string): unknown }).deep(redirect.file);
    cache[redirect.file] = Object.assign(new Module(redirect.file), { exports, loaded: true });
  }
  return redirect.file;
}

/** The file that a path means to a bundler: itself, with `.js`, or a folder's index. */
export function moduleFile(path: string): string | undefined {
  return [path, `${path}.js`, join(path, 'index.js')].find(
    (file) => file.endsWith('.js') && statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

/** All names that a module exports, those of its `export *` too, and where each is declared. */
export function moduleExports(file: string): ReadonlyMap<string, Origin> {
  const known = read.get(file);
  if (known) return known;
  const found = new Map<string, Origin>();
  // Before it is whole: modules may export each other's names in a circle.
  read.set(file, found);
  for (const [name, origin] of statedExports(file)) {
    const isElsewhere = origin.file !== file && origin.file.endsWith('.js');
    if (name !== '*' && isElsewhere && origin.name !== '*')
      found.set(name, moduleExports(origin.file).get(origin.name) ?? origin);
    else if (name !== '*') found.set(name, origin);
    // A star from a package adds no name that a deep module is asked for.
    else if (isElsewhere) {
      for (const [passed, from] of moduleExports(origin.file))
        if (passed !== 'default' && !found.has(passed)) found.set(passed, from);
    }
  }
  return found;
}

/** The exports that a file states, one step far; under `*` each of its `export * from`, after the others. */
function statedExports(file: string): (readonly [name: string, Origin])[] {
  const { staticImports, staticExports } = parse(readFileSync(file, 'utf8'), 'js').module;
  const target = (specifier: string) =>
    specifier.startsWith('.') ? moduleFile(join(dirname(file), specifier))! : specifier;
  const imported = new Map<string, Origin>();
  for (const { moduleRequest, entries } of staticImports) {
    for (const { importName, localName } of entries) {
      const name = importName.kind === 'Name' ? importName.name! : importName.kind === 'Default' ? 'default' : '*';
      imported.set(localName.value, { file: target(moduleRequest.value), name });
    }
  }
  const named: (readonly [string, Origin])[] = [];
  const stars: (readonly [string, Origin])[] = [];
  for (const { moduleRequest, importName, exportName, localName } of staticExports.flatMap(({ entries }) => entries)) {
    const name = exportName.kind === 'Default' ? 'default' : exportName.name;
    const from = moduleRequest && target(moduleRequest.value);
    if (!name) stars.push(['*', { file: from!, name: '*' }]);
    else if (from) named.push([name, { file: from, name: importName.name ?? '*' }]);
    else named.push([name, imported.get(localName.name ?? '') ?? { file, name }]);
  }
  return [...named, ...stars];
}
