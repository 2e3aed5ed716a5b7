// The suites and clients that others wrote, against the built kernel.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
  const convert = (source: string) => {
    const path = rig!.notebook('in.ipynb', [source]);
    return rig!.module('nbconvert', '--execute', '--to', 'notebook', '--output', 'out.ipynb', path);
  };
  const good = await convert('const n: number = 6;\nconsole.log("printed");\nn * 7');
  assert.equal(good.code, 0, good.stderr);
  const { cells, metadata } = JSON.parse(readFileSync(join(rig!.folder, 'out.ipynb'), 'utf8'));
  assert.equal([cells[0].outputs[0].text].flat().join(''), 'printed\n');
  assert.equal([cells[0].outputs[1].data['text/plain']].flat().join(''), '42');
  assert.equal(metadata.language_info.name, 'typescript');
  const bad = await convert('throw new RangeError("too far")');
  assert.notEqual(bad.code, 0);
  assert.match(stripVTControlCharacters(bad.stderr), /RangeError: too far/);
});

test('nbconvert --execute to HTML shows the printed line, the value and a chart as a picture', { skip }, async () => {
  const chart = `({
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    data: { values: [{ x: 1, y: 2 }, { x: 2, y: 5 }] },
    mark: 'bar',
    encoding: { x: { field: 'x', type: 'ordinal' }, y: { field: 'y', type: 'quantitative' } },
  })`;
  const path = rig!.notebook('page.ipynb', ['console.log("print" + "ed"); 6 * 7', chart]);
  const { code, stderr } = await rig!.module('nbconvert', '--execute', '--to', 'html', path);
  assert.equal(code, 0, stderr);
  const page = readFileSync(join(rig!.folder, 'page.html'), 'utf8');
  assert.match(page, /<pre>printed\n<\/pre>/);
  assert.match(page, /<pre>42<\/pre>/);
  // nbconvert draws no Vega: what it shows is the SVG beside it.
  const [, svg = ''] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(page) ?? [];
  assert.match(Buffer.from(svg, 'base64').toString(), /<svg[\s\S]*mark-rect/);
});

test('jupyter_client starts the kernel encrypted, restarts it so, and a client without the keys hears nothing', {
  skip,
}, async () => {
  const { code, stdout, stderr } = await rig!.script('curve_test.py');
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    keys: [40, 40],
    first: ['ok', ['through\n', '42']],
    beating: true,
    again: ['ok', ['2']],
    stranger: 'Empty',
    still: ['ok', ['4']],
  });
});

test('jupyter console runs, completes, interrupts, asks and ends as a person types', { skip }, async () => {
  // It stops with what the terminal showed at the first step that did not come.
  const { code, stdout, stderr } = await rig!.script('console_test.py');
  assert.equal(code, 0, stderr);
  const seen = JSON.parse(stdout);
  assert.match(seen.kept, /^Out\[\d\]: 42$/);
  assert.equal(seen.printed, 'tabbed 8');
  assert.match(seen.answered, /^Out\[\d\]: 'hello me'$/);
  assert.equal(seen.code, 0);
});
