// `import x from 'npm:name@range'`: installed at first use into the cache of all sessions, by npm itself from a registry on this machine.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { cacheFolder, parseNpmSpecifier } from '../../src/session/packages/npm-specifier.ts';
import { errorOf, type Ran, TestSession } from './harness.ts';
import { startRegistry } from './registry.ts';

const registry = await startRegistry();
const home = mkdtempSync(join(tmpdir(), 'tensorcell-npm-home-'));
after(() => rmSync(home, { recursive: true, force: true }));
Object.assign(process.env, {
  TENSORCELL_HOME: home,
  npm_config_registry: registry.url,
  npm_config_cache: join(home, 'npm-cache'),
});
const cache = join(home, 'npm');
const esm = (text: string) => ({
  manifest: { type: 'module', exports: { '.': './i.js', './deep': './deep.js' } },
  files: { 'i.js': text, 'deep.js': 'export default "deep"' },
});
registry.add('shapes', { '1.0.0': esm('export const version = 1'), '2.5.0': esm('export const version = 2') });
registry.add('@scope/common', {
  '1.0.0': {
    manifest: { main: 'm.js', dependencies: { shapes: '^1.0.0' } },
    files: { 'm.js': 'exports.common = "yes"' },
  },
});
registry.add('breaks', { '1.0.0': esm('throw new RangeError("on import")') });
registry.add('scripted', {
  '1.0.0': { manifest: { main: 'm.js', scripts: { install: 'exit 1' } }, files: { 'm.js': 'exports.s = 1' } },
});

const session = new TestSession();

function shown({ outputs }: Ran): string[] {
  const last = new Map<string, string>();
  for (const output of outputs)
    if (output.type === 'display' || output.type === 'update_display')
      last.set(output.displayId!, output.data['text/plain']);
  return [...last.values()];
}

describe('an npm: import', () => {
  it('installs at its first use, says so, and is there from then on without asking', async () => {
    const cell = 'import { version } from "npm:shapes@^1"; version';
    const first = await session.run(cell);
    assert.equal(first.value, '1', errorOf(first));
    assert.match(shown(first).join(), /^npm:shapes@\^1: installed shapes 1\.0\.0 in [\d.]+ s, kept for all notebooks$/);
    const asked = registry.asked.length;
    const again = await session.run(cell);
    assert.deepEqual([again.value, shown(again)], ['1', []]);
    const other = new TestSession();
    assert.equal((await other.run(cell)).value, '1');
    assert.equal(registry.asked.length, asked);
  });

  it('may name a version, a scope, a path inside, or nothing but the name', async () => {
    assert.equal((await session.run('import { version } from "npm:shapes"; version')).value, '2');
    assert.equal((await session.run('import { version } from "npm:shapes@1.0.0"; version')).value, '1');
    assert.equal((await session.run('import deep from "npm:shapes@^1/deep"; deep')).value, "'deep'");
    assert.equal((await session.run('import { common } from "npm:@scope/common@1"; common')).value, "'yes'");
    assert.equal((await session.run('(await import("npm:shapes@2.5.0")).version')).value, '2');
    assert.equal((await session.run('const wanted = "npm:shapes@>=2"; (await import(wanted)).version')).value, '2');
  });

  it('works in a local module, however deep', async () => {
    writeFileSync(join(session.folder, 'outer.ts'), 'export { inner } from "./inner.ts"');
    writeFileSync(
      join(session.folder, 'inner.ts'),
      'import { version } from "npm:shapes@2"; export const inner: number = version * 10',
    );
    const ran = await session.run('import { inner } from "./outer"; inner');
    assert.equal(ran.value, '20', errorOf(ran));
    assert.match(shown(ran).join(), /npm:shapes@2: installed/);
  });

  it('of a package that is not there is told at its line, and installs nothing', async () => {
    const ran = await session.run('1\nimport x from "npm:no-such-package"');
    assert.equal(errorOf(ran), 'Error: npm:no-such-package: the registry has no package no-such-package');
    assert.ok(ran.result.status === 'error' && /In\[\d+\].*:2:1/.test(ran.result.error.traceback.join('\n')));
    assert.match(
      errorOf(await session.run('import x from "npm:shapes@7"')) ?? '',
      /no matching version found for shapes@7/,
    );
    assert.match(errorOf(await session.run('import x from "npm:"')) ?? '', /^TypeError: an npm: import must be/);
    assert.match(
      errorOf(await session.run('import x from "npm:x@file:/etc"')) ?? '',
      /^TypeError: an npm: import must be/,
    );
    assert.deepEqual(
      readdirSync(cache).filter((name) => /no-such|@7|installing/.test(name)),
      [],
    );
  });

  it('fails with a sentence where the registry is away, and what is there still imports', async () => {
    const away = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
    const before = { ...process.env };
    Object.assign(process.env, away);
    const offline = new TestSession();
    process.env.npm_config_registry = before.npm_config_registry;
    delete process.env.npm_config_fetch_retries;
    assert.equal((await offline.run('import { version } from "npm:shapes@^1"; version')).value, '1');
    assert.match(
      errorOf(await offline.run('import "npm:scripted"')) ?? '',
      /^Error: npm:scripted: the registry can't be reached \(ECONNREFUSED\)/,
    );
  });

  it('does not run install scripts, and says which', async () => {
    const ran = await session.run('import { s } from "npm:scripted"; s');
    assert.equal(ran.value, '1', errorOf(ran));
    assert.match(shown(ran).join(), /\(install scripts that were not run: scripted@1\.0\.0\)$/);
  });

  it('of a package that throws tells the package’s error', async () => {
    assert.equal(errorOf(await session.run('import "npm:breaks"')), 'RangeError: on import');
    assert.equal((await session.run('1 + 1')).value, '2');
  });

  it('of the session’s own packages is the session’s own', async () => {
    const ran = await session.run('import * as core from "npm:@tensorflow/tfjs-core@4"; core.Tensor === tf.Tensor');
    assert.equal(ran.value, 'true', errorOf(ran));
    assert.ok(!existsSync(cacheFolder(parseNpmSpecifier('npm:@tensorflow/tfjs-core@4'))));
  });

  it('is safe in two sessions at once, and clears what a killed one left', async () => {
    registry.add('together', { '1.0.0': esm('export const t = 1') });
    const left = join(cache, '.installing-999999999-x');
    mkdirSync(left);
    const sessions = [session, new TestSession()];
    const ran = await Promise.all(sessions.map((one) => one.run('import { t } from "npm:together@1"; t')));
    assert.deepEqual(
      ran.map(({ value }) => value),
      ['1', '1'],
    );
    assert.ok(existsSync(join(cache, 'together@1', 'node_modules', 'together')));
    assert.deepEqual(
      readdirSync(cache).filter((name) => name.includes('installing')),
      [],
    );
  });

  it('is given up by an interrupt', async () => {
    const asked = registry.hang('/slow');
    const running = session.run('import "npm:slow"');
    await asked;
    session.client.interrupt();
    assert.match(errorOf(await running) ?? '', /^KeyboardInterrupt/);
    assert.equal((await session.run('2 + 2')).value, '4');
  });

  it('never installs a plain name', async () => {
    const asked = registry.asked.length;
    assert.match(errorOf(await session.run('import { version } from "shapes"')) ?? '', /Cannot find package 'shapes'/);
    assert.equal(registry.asked.length, asked);
  });
});
