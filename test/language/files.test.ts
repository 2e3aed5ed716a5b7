// Types follow the notebook's files: a local module that changes, a package that is installed while the notebook is open.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { FolderFiles } from '../../src/language/files.ts';
import { makeFolder } from '../session/folder.ts';
import { check, freshChecker, freshFolder } from './harness.ts';

const folder = freshFolder();
const checker = freshChecker({ folder });
function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

test('of a local module that changed, and of one that it imports', async () => {
  write('lib.ts', 'export { inner as value } from "./inner.ts"');
  write('inner.ts', 'export const inner: number = 1');
  assert.deepEqual(await check(checker, 'import { value } from "./lib"; const a: number = value'), []);
  write('inner.ts', 'export const inner: string = "text"');
  assert.deepEqual(await check(checker, 'import { value } from "./lib"; const b: number = value'), ['TS2322 1:38']);
  assert.deepEqual(await check(checker, 'import { value } from "./lib"; const c: string = value'), []);
  write('lib.ts', 'export const value = true, other = 1');
  assert.deepEqual(await check(checker, 'import { other, value } from "./lib"; const d: boolean = value'), []);
});

test('of a package that was not there before', async () => {
  assert.deepEqual(await check(checker, 'import { made } from "fresh-package"'), []);
  write(
    'node_modules/fresh-package/package.json',
    '{ "name": "fresh-package", "version": "1.0.0", "types": "./i.d.ts" }',
  );
  write('node_modules/fresh-package/i.d.ts', 'export const made: number');
  assert.deepEqual(await check(checker, 'import { made } from "fresh-package"; const e: string = made'), [
    'TS2322 1:45',
  ]);
});

test('files are told of as created, changed and deleted; packages and what lies too deep are not looked at', () => {
  const { folder, write } = makeFolder('files');
  write({ 'a.ts': '1', 'b.json': '{}', 'notes.md': '', 'node_modules/x/i.ts': '', '.hidden/c.ts': '' });
  const files = new FolderFiles(folder);
  assert.deepEqual(files.changes(), []);
  write({ 'a.ts': '12', 'sub/d.tsx': '', 'notes.md': 'x', 'node_modules/x/i.ts': '1', '1/2/3/4/5/6/7/deep.ts': '' });
  rmSync(join(folder, 'b.json'));
  const told = files.changes().map(({ uri, type }) => `${type} ${uri.split('/').slice(-1)[0]}`);
  assert.deepEqual(told.sort(), ['1 d.tsx', '2 a.ts', '3 b.json']);
  assert.deepEqual(files.changes(), []);
});
