// The types of `npm:` imports: which file each package of the cache has for an import.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { npmPaths } from '../../src/language/npm-types.ts';
import { makeFolder } from '../session/folder.ts';
import { freshChecker } from './harness.ts';

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
  const helped = add('@s+helped@1', '@s/helped', { main: './i.js' });
  write({
    'node_modules/@types/s__helped/package.json': '{ "types": "h.d.ts" }',
    'node_modules/@types/s__helped/h.d.ts': '',
  });
  add('any@%2A', 'any', { types: './t.d.ts' }, 't.d.ts');
  write({ '.installing-1-x/package.json': '{}' });
  assert.deepEqual(npmPaths(folder, folder), {
    'npm:plain': [join(plain, 't.d.ts')],
    'npm:plain/*': [join(plain, '*')],
    'npm:plain@latest': [join(plain, 't.d.ts')],
    'npm:plain@latest/*': [join(plain, '*')],
    'npm:@s/mapped@^2.0': [join(scoped, 'i.d.mts')],
    'npm:@s/mapped@^2.0/*': [join(scoped, '*')],
    'npm:beside@1': [join(beside, 'lib/i.d.ts')],
    'npm:beside@1/*': [join(beside, '*')],
    'npm:none@1/*': [join(none, '*')],
    'npm:@s/helped@1': [join(folder, 'node_modules/@types/s__helped/h.d.ts')],
    'npm:@s/helped@1/*': [join(helped, '*')],
  });
  assert.deepEqual(npmPaths(folder, join(folder, 'nowhere')), {});
});

test('an npm: import without types gets its hint once it is installed, used or not', async () => {
  const { folder, write } = makeFolder('npm-hint');
  const home = process.env.TENSORCELL_HOME;
  after(() => {
    if (home === undefined) delete process.env.TENSORCELL_HOME;
    else process.env.TENSORCELL_HOME = home;
  });
  process.env.TENSORCELL_HOME = folder;
  const checker = freshChecker();
  const hints = async (code: string) => {
    const verdict = await checker.check(code);
    return verdict.status === 'checked' && verdict.findings ? checker.hints(verdict.findings) : verdict;
  };
  assert.deepEqual(await hints("import bare from 'npm:@s/bare@1'"), []);
  assert.deepEqual(await hints("import wrong from 'npm:'"), []);
  assert.deepEqual(checker.lateHints(), []);
  write({ 'npm/@s+bare@1/node_modules/@s/bare/package.json': '{ "name": "@s/bare", "main": "./i.js" }' });
  assert.deepEqual(checker.lateHints(), [
    'npm:@s/bare@1 brings no types: what comes from it is any. If there are some, %npm install @types/s__bare adds them.',
  ]);
  assert.deepEqual(await hints("import bare from 'npm:@s/bare@1'; bare.x"), []);
});
