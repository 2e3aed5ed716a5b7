// What a notebook's tsconfig.json says of how code runs: paths, JSX, decorators; read when the session starts.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { aliased, readTsconfig } from '../../src/session/modules/tsconfig.ts';
import { makeFolder } from './folder.ts';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();
function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const path = join(session.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

write({
  'base/tsconfig.json': `{
    // What others extend.
    "compilerOptions": {
      "paths": { "@/*": ["../src/*", "../more/*"], "config": ["../src/settings.json"], "@/exact": ["../src/one.ts"] },
      "jsx": "react", "jsxFactory": "h", /* and more: */ "experimentalDecorators": true,
    },
  }`,
  'tsconfig.json': '{ "extends": "./base/tsconfig.json", "compilerOptions": { "strict": true } }',
  'src/one.ts': 'export const one: number = 1; export { two } from "@/deep/two"',
  'src/deep/two.ts': 'import settings from "config"; export const two: number = settings.two',
  'src/settings.json': '{ "two": 2 }',
  'more/three.ts': 'export const three = 3',
  'node_modules/@/one/package.json': '{ "name": "@/one", "version": "1.0.0", "type": "module", "main": "i.js" }',
});
await session.run('%restart');

test('paths of a tsconfig.json, inherited, lead imports of cells and of local modules, and a change reloads', async () => {
  const ran = await session.run(
    'import { one, two } from "@/one"; import { three } from "@/three.ts"; import * as e from "@/exact"; [one, two, three, e.one]',
  );
  assert.equal(ran.value, '[ 1, 2, 3, 1 ]', errorOf(ran));
  assert.equal((await session.run('require("config").two')).value, '2');
  write({ 'src/settings.json': '{ "two": 22 }  ' });
  const again = await session.run('import { two } from "@/one"; two');
  assert.deepEqual([again.value, again.stdout], ['22', `reloaded src/one.ts (changed: src/settings.json)\n`]);
  assert.match(errorOf(await session.run('import "@/nowhere"')) ?? '', /Cannot find (package|module) '@\/nowhere'/);
});

test('JSX and decorators are those of the tsconfig.json, a pragma in the cell comes before', async () => {
  await session.run('const h = (tag: string) => `h:${tag}`, other = (tag: string) => `other:${tag}`');
  assert.equal((await session.run('<p/>')).value, "'h:p'");
  assert.equal((await session.run('/** @jsx other */\n<p/>')).value, "'other:p'");
  const old =
    'const seen: unknown[] = []; function mark(target: object, key: string) { seen.push(key, typeof target) }\nclass Old { @mark field = 1 }\nseen';
  assert.equal((await session.run(old)).value, "[ 'field', 'object' ]");
});

test('of patterns the most exact counts, and a file that is wrong counts for nothing', () => {
  const { folder, write } = makeFolder('tsconfig');
  write({
    'tsconfig.json':
      '{ "compilerOptions": { "baseUrl": "lib", "paths": { "*": ["all/*"], "a/*": ["a/*"], "a/b": ["c"] } } }',
  });
  const { aliases } = readTsconfig(folder);
  assert.deepEqual(aliased('a/b', aliases), [join(folder, 'lib/c')]);
  assert.deepEqual(aliased('a/x', aliases), [join(folder, 'lib/a/x')]);
  assert.deepEqual(aliased('z', aliases), [join(folder, 'lib/all/z')]);
  for (const wrong of [
    '{ "compilerOptions": { "paths": ',
    'null',
    '7',
    '{ "extends": 7, "compilerOptions": { "baseUrl": 1, "paths": 5 } }',
  ]) {
    write({ 'tsconfig.json': wrong });
    assert.deepEqual(readTsconfig(folder).aliases, [], wrong);
  }
  write({ 'tsconfig.json': '{ "extends": "./tsconfig.json" }', 'package.json': '{}', 'inner/package.json': '{}' });
  assert.deepEqual(readTsconfig(folder).aliases, []);
  assert.deepEqual(readTsconfig(join(folder, 'inner')).aliases, []);
});
