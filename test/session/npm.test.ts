// `%npm` in a notebook's folder: npm itself, from a registry on this machine.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findNpm } from '../../src/session/packages/find-npm.ts';
import { npmReason } from '../../src/session/packages/npm-error.ts';
import { errorOf, type Ran, TestSession } from './harness.ts';
import { startRegistry } from './registry.ts';

const registry = await startRegistry();
const cache = mkdtempSync(join(tmpdir(), 'tensorcell-npm-cache-'));
after(() => rmSync(cache, { recursive: true, force: true }));
Object.assign(process.env, {
  npm_config_registry: registry.url,
  npm_config_cache: cache,
  npm_config_fetch_retries: '0',
});
const session = new TestSession();

registry.add('shapes', {
  '1.0.0': { manifest: { type: 'module', exports: './i.js' }, files: { 'i.js': 'export const area = (r) => r' } },
  '2.0.0': { manifest: { type: 'module', exports: './i.js' }, files: { 'i.js': 'export const area = (r) => r * r' } },
});
registry.add('scripted', {
  '1.0.0': {
    manifest: { main: 'i.js', scripts: { postinstall: "node -e \"fs.writeFileSync('ran', '')\"" } },
    files: { 'i.js': 'exports.ran = require("fs").existsSync(__dirname + "/ran")' },
  },
});

/** The last state of what a cell's displays show. */
function shown({ outputs }: Ran): string {
  return outputs.flatMap((output) => ('data' in output ? [output.data['text/plain']] : [])).at(-1) ?? '';
}

test('%npm install makes a package importable at once, in a folder without package.json, after a failed import', async () => {
  const wanted = 'import { area } from "shapes"; area(3)';
  assert.match(errorOf(await session.run(wanted)) ?? '', /Cannot find package 'shapes'/);
  const installed = await session.run('%npm install shapes');
  assert.equal(errorOf(installed), undefined);
  assert.match(shown(installed), /^added 1 package/);
  assert.equal((await session.run(wanted)).value, '9');
  const manifest = JSON.parse(readFileSync(join(session.folder, 'package.json'), 'utf8')) as { dependencies: object };
  assert.deepEqual(Object.keys(manifest.dependencies), ['shapes']);
});

test('%npm install above an import runs before the import', async () => {
  const ran = await session.run('%npm install shapes@1\nimport { area } from "shapes"\n%npm ls\narea(3)');
  assert.equal(errorOf(ran), undefined);
  assert.match(ran.stdout, /shapes@1\.0\.0/);
});

test('a folder below one with a package.json gets its own packages', async () => {
  const inner = join(session.folder, 'inner');
  mkdirSync(inner);
  writeFileSync(join(inner, 'keep'), '');
  await session.run(`process.chdir(${JSON.stringify(inner)})`);
  await session.run('%npm install scripted');
  assert.ok(existsSync(join(session.folder, 'node_modules/scripted')));
  await session.run(`process.chdir(${JSON.stringify(session.folder)})`);
});

test('install scripts do not run, which is said with the way to run them', async () => {
  await session.run('%npm uninstall scripted');
  const ran = await session.run('%npm install scripted');
  assert.match(
    ran.stdout,
    /^scripted@1\.0\.0: the install script was not run; %npm rebuild scripted --ignore-scripts=false runs it/,
  );
  assert.equal((await session.run('require("scripted").ran')).value, 'false');
  const rebuilt = await session.run('%npm rebuild scripted --ignore-scripts=false');
  assert.equal(errorOf(rebuilt), undefined);
  assert.ok(existsSync(join(session.folder, 'node_modules/scripted/ran')));
});

test('a package that does not exist, a version that does not, a word that is none: each is told in a sentence', async () => {
  assert.equal(
    errorOf(await session.run('%npm install nothing-of-the-kind')),
    'Error: %npm install nothing-of-the-kind: the registry has no package nothing-of-the-kind',
  );
  assert.equal(
    errorOf(await session.run('%npm install shapes@9')),
    'Error: %npm install shapes@9: no matching version found for shapes@9',
  );
  assert.match(
    errorOf(await session.run('%npm instal-all')) ?? '',
    /^Error: %npm instal-all: npm ended with exit code 1/,
  );
  assert.match(errorOf(await session.run('%npm')) ?? '', /^SyntaxError: %npm: a word of npm must follow/);
  assert.equal((await session.run('1 + 1')).value, '2');
});

test('npm is found on the PATH, or beside Node, or not at all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tensorcell-find-npm-'));
  after(() => rmSync(folder, { recursive: true }));
  const node = join(folder, 'bin', 'node');
  assert.equal(findNpm('', node), undefined);
  const script = join(folder, 'lib/node_modules/npm/bin/npm-cli.js');
  mkdirSync(join(script, '..'), { recursive: true });
  writeFileSync(script, '');
  assert.deepEqual(findNpm('', node), { command: node, args: [script] });
  writeFileSync(join(folder, 'npm'), '');
  if (process.platform !== 'win32')
    assert.deepEqual(findNpm(`/nowhere:${folder}`, node), { command: join(folder, 'npm'), args: [] });
});

test('a registry that can not be reached is told as that', () => {
  const said = 'npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error network request to x failed';
  assert.equal(npmReason(said), "the registry can't be reached (ENOTFOUND)");
  assert.equal(
    npmReason('npm error code EACCES\nnpm error Your cache folder is not yours'),
    'Your cache folder is not yours',
  );
});
