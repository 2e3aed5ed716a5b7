import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkWritable, readNotebook, writeWhole } from '../../kernel/notebook-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
after(() => rmSync(folder, { recursive: true }));

test('a file is written whole, over an old one too, and nothing else is left', async () => {
  const path = join(folder, 'a.ipynb');
  await writeWhole(path, 'one');
  await writeWhole(path, 'two');
  assert.equal(readFileSync(path, 'utf8'), 'two');
  assert.deepEqual(readdirSync(folder), ['a.ipynb']);
});

test('a disk that takes no more gives one clear line, and the old file stays whole', {
  skip: process.platform === 'win32' && 'needs ulimit',
}, () => {
  const path = join(folder, 'full.ipynb');
  writeFileSync(path, 'old');
  const module = new URL('../../kernel/notebook-file.js', import.meta.url).href;
  const program = `import { writeWhole } from ${JSON.stringify(module)};
    await writeWhole(${JSON.stringify(path)}, 'x'.repeat(1e6)).catch((error) => console.log(error.message));`;
  // A file may have at most 64 blocks here; with the signal ignored, the write fails as on a full disk.
  const script = 'trap "" XFSZ; ulimit -f 64; exec "$0" --input-type=module -e "$1"';
  const child = spawnSync('sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  assert.equal(child.stdout, `${path} can't be written: the file would be too large; it is as it was\n`, child.stderr);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.deepEqual(
    readdirSync(folder).filter((file) => file.includes('.tmp')),
    [],
  );
});

test('a path below a file gives one clear line', async () => {
  const path = join(folder, 'a.ipynb', 'b.ipynb');
  await assert.rejects(
    writeWhole(path, 'text'),
    /^NotebookError: [^\n]* can't be written: a part of the path is not a folder$/,
  );
});

test('a missing folder, and a folder in place of the file, are found before the run', async () => {
  await assert.rejects(checkWritable(join(folder, 'no', 'a.ipynb')), /can't be written: there is no folder .*no$/);
  await assert.rejects(checkWritable(folder), /can't be written: it is a folder$/);
  await checkWritable(join(folder, 'new.ipynb'));
  assert.ok(!readdirSync(folder).some((file) => file.includes('new.ipynb')));
});

test('a missing file and a folder are told in one line', async () => {
  await assert.rejects(readNotebook(join(folder, 'no.ipynb')), /no\.ipynb: no such file$/);
  await assert.rejects(readNotebook(folder), /: it is a folder, not a file$/);
});

test('a .ts file is read as cells', async () => {
  const path = join(folder, 'script.ts');
  writeFileSync(path, '// %%\n1\n// %%\n2\n');
  assert.deepEqual(
    (await readNotebook(path)).cells.map((cell) => cell.source),
    ['1', '2'],
  );
});
