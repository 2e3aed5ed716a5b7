// Who may import whom, read from the sources.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Import {
  readonly from: string;
  /** A path in the project for our own files, a specifier for packages. */
  readonly to: string;
  readonly kind: 'static' | 'type' | 'dynamic';
}

const files = ['kernel', 'src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?ts$/.test(file))
    .map((file) => join(folder, file)),
);
const imports = files.flatMap(importsOf);

function importsOf(from: string): Import[] {
  const { module } = parseSync(from, readFileSync(join(root, from), 'utf8'));
  const text = readFileSync(join(root, from), 'utf8');
  const found: Import[] = [];
  const add = (specifier: string, kind: Import['kind']) => {
    const to = specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)) : specifier;
    found.push({ from, to, kind });
  };
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType) ? 'type' : 'static');
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries)
      if (moduleRequest) add(moduleRequest.value, isType ? 'type' : 'static');
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^['"](.*)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal) add(literal[1]!, 'dynamic');
  }
  return found;
}

/** `[from, to, why]`: no import may lead from a path that matches the first to one that matches the second. */
const forbidden: [RegExp, RegExp, string][] = [
  [/^src\/(?!main\.ts$)/, /^kernel\//, 'src never imports kernel (the command line does, dynamically)'],
  [/^src\/(session|display|magics)\//, /^src\/(tensor|plot|data)\//, 'formatters and ambients are handed in'],
  [/^src\/display\//, /^src\/(session\/(?!outputs\.ts$)|magics\/)/, 'of the session, a display knows the way out only'],
  [/^src\/(session|display|magics|tensor|plot|data)\//, /^src\/language\//, 'types are the front ends’ affair'],
  [/^(?!kernel\/)/, /^zeromq/, 'zeromq only in kernel/'],
  [/^(?!src\/tensor\/native\.ts$)/, /^koffi/, 'koffi only in src/tensor/native.ts'],
  [/^(?!src\/history\/)/, /^node-sqlite3-wasm/, 'SQLite only in src/history/'],
  [/^(?!src\/tensor\/)/, /^@tensorflow\//, 'TensorFlow.js only in src/tensor/'],
  [/^(?!src\/plot\/)/, /^(vega|vega-lite|@resvg\/.*)$/, 'Vega and its pictures only in src/plot/'],
];

for (const [from, to, why] of forbidden) {
  test(`no import leads from ${from.source} to ${to.source}: ${why}`, () => {
    const wrong = imports.filter((one) => from.test(one.from) && to.test(one.to) && one.kind !== 'type');
    assert.deepEqual(wrong, []);
  });
}

test('the command line imports its commands only when they are asked for', () => {
  const wrong = imports.filter(
    (one) => one.from === 'src/main.ts' && one.kind === 'static' && !one.to.startsWith('node:'),
  );
  assert.deepEqual(wrong, []);
});

test('no file imports itself in a circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, kind } of imports) if (kind === 'static') next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const circle = walk(to, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) assert.equal(walk(file, [])?.join(' → '), undefined);
});

test('every import of ours leads to a file', () => {
  const missing = imports.filter(({ to }) => /^(src|kernel)\//.test(to) && !files.includes(to));
  assert.deepEqual(missing, []);
});
