// The types of `npm:` imports: which file each package of the cache has for an import.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { npmPaths } from '../../src/language/npm-types.ts';
import { makeFolder } from '../session/folder.ts';

test('each specifier of a cached package leads to the types that an import of it has', () => {
  const { folder, write } = makeFolder('npm-types');
  const add = (entry: string, name: string, manifest: object, ...files: string[]) => {
    const at = `${entry}/node_modules/${name}`;
    write({ [`${at}/package.json`]: JSON.stringify({ name, ...manifest }) });
    for (const file of files) write({ [`${at}/${file}`]: '' });
    return join(folder, at);
  };
  const plain = add('plain@latest', 'plain', { types: './t.d.ts' }, 't.d.ts');
  const scoped = add(
    '@s+mapped@%5E2.0',
    '@s/mapped',
    {
      exports: { '.': { import: { types: './i.d.mts', default: './i.mjs' }, require: './r.cjs' } },
      types: './old.d.ts',
    },
    'i.d.mts',
    'old.d.ts',
  );
  const beside = add('beside@1', 'beside', { exports: './lib/i.js' }, 'lib/i.d.ts');
  const none = add('none@1', 'none', { main: './i.js' });
  add('any@%2A', 'any', { types: './t.d.ts' }, 't.d.ts');
  write({ '.installing-1-x/package.json': '{}' });
  assert.deepEqual(npmPaths(folder), {
    'npm:plain': [join(plain, 't.d.ts')],
    'npm:plain/*': [join(plain, '*')],
    'npm:plain@latest': [join(plain, 't.d.ts')],
    'npm:plain@latest/*': [join(plain, '*')],
    'npm:@s/mapped@^2.0': [join(scoped, 'i.d.mts')],
    'npm:@s/mapped@^2.0/*': [join(scoped, '*')],
    'npm:beside@1': [join(beside, 'lib/i.d.ts')],
    'npm:beside@1/*': [join(beside, '*')],
    'npm:none@1/*': [join(none, '*')],
  });
  assert.deepEqual(npmPaths(join(folder, 'nowhere')), {});
});
