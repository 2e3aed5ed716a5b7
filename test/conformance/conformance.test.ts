// The suites and clients that others wrote, against the built kernel.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { JupyterRig } from './python.ts';

const rig = await JupyterRig.make();
const skip = rig ? false : 'no Python with Jupyter’s clients could be had';

test('jupyter_kernel_test passes whole, but for the pager', { skip }, async () => {
  const { code, stderr } = await rig!.script('kernel_test.py');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Ran 12 tests/m);
  assert.match(stderr, /^OK \(skipped=1\)/m);
});

test('nbclient keeps every line, value and error in its cell', { skip }, async () => {
  const { code, stdout, stderr } = await rig!.script('nbclient_test.py');
  assert.equal(code, 0, stderr);
  const { results, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, {
    whole: [true, true],
    // nbclient itself leaves out what comes after a cell's end; it must not turn up in another cell.
    streams: [1, 3],
    errors: { 7: 'Error' },
    counts: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  });
  assert.deepEqual(Object.keys(results), ['0', '2', '4', '8']);
  assert.equal(results[0][0]['text/plain'], '2');
  assert.equal(results[4][0]['text/html'], '<b>own</b>');
});

test('nbconvert --execute writes a notebook with the outputs, and fails with the error of a cell', {
  skip,
}, async () => {
  const notebook = (source: string) => {
    const cell = { cell_type: 'code', id: 'a', metadata: {}, source, outputs: [], execution_count: null };
    const kernelspec = { name: 'tensorcell', display_name: 'TypeScript (Tensorcell)', language: 'typescript' };
    const path = join(rig!.folder, 'in.ipynb');
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells: [cell] }));
    return path;
  };
  const convert = (path: string) =>
    rig!.module('nbconvert', '--execute', '--to', 'notebook', '--output', 'out.ipynb', path);
  const good = await convert(notebook('const n: number = 6;\nconsole.log("printed");\nn * 7'));
  assert.equal(good.code, 0, good.stderr);
  const { cells, metadata } = JSON.parse(readFileSync(join(rig!.folder, 'out.ipynb'), 'utf8'));
  assert.equal([cells[0].outputs[0].text].flat().join(''), 'printed\n');
  assert.equal([cells[0].outputs[1].data['text/plain']].flat().join(''), '42');
  assert.equal(metadata.language_info.name, 'typescript');
  const bad = await convert(notebook('throw new RangeError("too far")'));
  assert.notEqual(bad.code, 0);
  assert.match(stripVTControlCharacters(bad.stderr), /RangeError: too far/);
});
