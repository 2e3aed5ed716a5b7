// Where TensorFlow's library is looked for, and what is said of one that can't be loaded.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findLibrary } from '../../src/tensor/libtensorflow.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-library-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A folder with files that have a library's names. */
function place(name: string, content: Buffer = Buffer.alloc(0)): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const file of ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'])
    writeFileSync(join(folder, file), content);
  return folder;
}

describe('the library of TensorFlow', () => {
  it('is looked for in the named folder alone, then where setup put it, then in the active Python', () => {
    const home = join(root, 'home');
    const kept = place('home/libtensorflow/2.21.0-cpu/tensorflow');
    const pip = place('venv/lib/python3.12/site-packages/tensorflow');
    const named = place('named');
    const env = { TENSORCELL_HOME: home, VIRTUAL_ENV: join(root, 'venv') };
    const folder = (env: NodeJS.ProcessEnv) => findLibrary(env, 'linux').folder;
    assert.equal(folder(env), kept);
    assert.equal(folder({ ...env, TENSORCELL_HOME: join(root, 'none') }), pip);
    assert.equal(folder({ ...env, TENSORCELL_LIBTENSORFLOW: named }), named);
    assert.equal(folder({ ...env, TENSORCELL_LIBTENSORFLOW: join(root, 'none') }), undefined);
  });

  it('that is not there: says which files were looked for, where, and what gets them', () => {
    const found = findLibrary({ TENSORCELL_LIBTENSORFLOW: '/nowhere' }, 'linux');
    assert.deepEqual(found, {
      reason:
        'no libtensorflow_framework.so.2 and libtensorflow_cc.so.2: not in /nowhere (TENSORCELL_LIBTENSORFLOW); ' +
        'tensorcell setup gets them',
    });
  });

  for (const [what, content, words] of [
    ['is no library', Buffer.from('hello'), 'is no ELF library'],
    ['was cut off', elf({ machine: process.arch === 'arm64' ? 183 : 62, end: 1e6 }), 'is cut off: 1000000 bytes'],
    ['is for another processor', elf({ machine: 243, end: 64 }), 'is for another processor'],
  ] as const) {
    it(`that ${what} is passed over with a line that says so`, {
      skip: process.platform !== 'linux' && 'ELF is Linux’s',
    }, () => {
      const module = new URL('../../src/tensor/load.js', import.meta.url).href;
      const code = `import { load } from ${JSON.stringify(module)}; console.log(load().getBackend());`;
      const env = { ...process.env, TENSORCELL_LIBTENSORFLOW: place(what, content), TENSORCELL_BACKEND: '' };
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        encoding: 'utf8',
        env,
      });
      assert.equal(stdout, 'wasm\n');
      assert.match(stderr, /^tensor: the backend tensorflow is passed over: .*; tensorcell setup gets a library/);
      assert.ok(stderr.includes(words), stderr);
    });
  }
});

/** The first bytes of a library whose table of sections ends at `end`. */
function elf({ machine, end }: { machine: number; end: number }): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 0, 'latin1');
  header.writeUInt16LE(machine, 18);
  header.writeBigUInt64LE(BigInt(end), 40);
  return header;
}
