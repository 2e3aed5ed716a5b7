import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatNotebook, type Notebook, parseNotebook } from '../../kernel/notebook.ts';
import { injectParameters, parseParameter } from '../../kernel/notebook-parameters.ts';
import { parseScript } from '../../kernel/notebook-script.ts';

// Written by Jupyter's own nbformat.
const written = readFileSync(new URL('../../../test/kernel/notebooks/every-output.ipynb', import.meta.url), 'utf8');

function notebook(fields: object): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [], ...fields });
}

const code = (fields: object = {}) => ({
  cell_type: 'code',
  id: 'a',
  metadata: {},
  source: '1',
  outputs: [],
  execution_count: null,
  ...fields,
});

test('a notebook that Jupyter wrote is written again byte for byte, unknown fields included', () => {
  assert.equal(formatNotebook(parseNotebook(written, 'x.ipynb')), written);
});

test('texts are whole strings in memory, JSON types stay what they are', () => {
  const { cells } = parseNotebook(written, 'x.ipynb');
  const cell = cells[1]!;
  assert.equal(cell.source, 'let a = 1;\r\nlet b = 2;\n\n');
  assert.ok(cell.cell_type === 'code');
  const [stream, , display] = cell.outputs;
  assert.ok(stream?.output_type === 'stream' && display?.output_type === 'display_data');
  assert.equal(stream.text, 'one\ntwo\vthree\u2028four\rfive');
  assert.deepEqual(display.data['application/json'], { a: ['x\ny'], b: 1 });
});

test('an nbformat 4.0 notebook is raised to 4.5: every cell gets an id of its own', () => {
  const cells = [code({ id: undefined }), code({ id: 'same' }), code({ id: 'same' }), code({ id: 'not valid!' })];
  const read = parseNotebook(notebook({ nbformat_minor: 0, cells }), 'x.ipynb');
  assert.equal(read.nbformat_minor, 5);
  const ids = read.cells.map((cell) => cell.id);
  assert.equal(new Set(ids).size, 4);
  for (const id of ids) assert.match(id, /^[\w-]{1,64}$/);
  assert.equal(ids[1], 'same');
});

test('a later nbformat 4 keeps its number', () => {
  assert.equal(parseNotebook(notebook({ nbformat_minor: 9 }), 'x.ipynb').nbformat_minor, 9);
});

test('a byte order mark before the JSON does no harm', () => {
  assert.equal(parseNotebook(`\uFEFF${notebook({})}`, 'x.ipynb').cells.length, 0);
});

const bad: [reason: string, text: string, message: RegExp][] = [
  ['an empty file', ' \n', /^x\.ipynb is not a notebook: the file is empty$/],
  ['text', 'hello', /^x\.ipynb is not a notebook: it is not JSON \(/],
  ['a JSON list', '[]', /not a notebook: its JSON is not an object$/],
  ['some JSON object', '{"name": "x"}', /no "nbformat" number/],
  ['an old notebook', notebook({ nbformat: 3 }), /it is nbformat 3, and only nbformat 4 is read/],
  ['no cells', notebook({ cells: undefined }), /"cells" is not a list/],
  ['a cell that is text', notebook({ cells: [code(), 'x'] }), /cell 2: it is not an object/],
  ['a cell without source', notebook({ cells: [code({ source: 1 })] }), /cell 1: "source" is not text/],
  ['an unknown cell type', notebook({ cells: [code({ cell_type: 'x' })] }), /cell 1: "cell_type" is "x"/],
  [
    'an unknown output',
    notebook({ cells: [code({ outputs: [{}] })] }),
    /cell 1: an output's "output_type" is undefined/,
  ],
  ['a merge conflict', `{\n<<<<<<< HEAD\n"cells": []`, /it has merge conflict markers \(line 2\)$/],
];

for (const [reason, text, message] of bad)
  test(`${reason} is told from a notebook in one line`, () => {
    assert.throws(
      () => parseNotebook(text, 'x.ipynb'),
      (error: Error) => error.name === 'NotebookError' && message.test(error.message) && !error.message.includes('\n'),
    );
  });

test('a script is split at its %% lines into code and Markdown', () => {
  const script = `#!/usr/bin/env node
import { a } from './a.ts';

// %% [markdown]
// # Title
//
// Text with *stars*.

// %% Load the data tags=["parameters", "x"]
let n = 1;

// %%

//%% [markdown]
/*
- one
- two
*/
`;
  const { cells } = parseScript(script.replaceAll('\n', '\r\n'));
  assert.deepEqual(
    cells.map(({ cell_type, source }) => [cell_type, source]),
    [
      ['code', "import { a } from './a.ts';"],
      ['markdown', '# Title\n\nText with *stars*.'],
      ['code', 'let n = 1;'],
      ['markdown', '- one\n- two'],
    ],
  );
  assert.deepEqual(cells[2]!.metadata, { tags: ['parameters', 'x'] });
});

test('a comment block framed with stars loses its frame', () => {
  const { cells } = parseScript('// %% [md]\n/**\n * # Title\n *\n * text\n */');
  assert.equal(cells[0]!.source, '# Title\n\ntext');
});

test('a script without a marker is one cell', () => {
  assert.deepEqual(
    parseScript('const a = 1;\n\nconst b = 2;\n').cells.map((cell) => cell.source),
    ['const a = 1;\n\nconst b = 2;'],
  );
});

test('a parameter is JSON where it can be, else text', () => {
  assert.deepEqual(['n=3', 'b=true', 's=hello', 'e=', 'q="3"', 'l=[1, "x"]', 'eq=a=b'].map(parseParameter), [
    ['n', 3],
    ['b', true],
    ['s', 'hello'],
    ['e', ''],
    ['q', '3'],
    ['l', [1, 'x']],
    ['eq', 'a=b'],
  ]);
});

test('a parameter that TypeScript could not declare is refused', () => {
  for (const wrong of ['x', 'a b=1', '1x=2', 'a;evil()=1', '=1'])
    assert.throws(() => parseParameter(wrong), /^NotebookError: -p /);
});

test('parameters come in a cell after the tagged one, and replace those of an earlier run', () => {
  const start: Notebook = parseNotebook(
    notebook({ cells: [code({ id: 'a' }), code({ id: 'b', metadata: { tags: ['parameters'] } }), code({ id: 'c' })] }),
    'x.ipynb',
  );
  const once = injectParameters(
    start,
    new Map<string, unknown>([
      ['n', 3],
      ['s', 'a"b'],
    ]),
  );
  const twice = injectParameters(once, new Map([['n', 4]]));
  assert.equal(once.cells[2]!.source, '// Parameters\nlet n = 3;\nlet s = "a\\"b";');
  assert.deepEqual(once.cells[2]!.metadata.tags, ['injected-parameters']);
  assert.deepEqual(
    twice.cells.map((cell) => cell.source),
    ['1', '1', '// Parameters\nlet n = 4;', '1'],
  );
});

test('without a tagged cell parameters come first, and without parameters nothing changes', () => {
  const start = parseNotebook(notebook({ cells: [code()] }), 'x.ipynb');
  assert.equal(injectParameters(start, new Map([['n', 1]])).cells[0]!.source, '// Parameters\nlet n = 1;');
  assert.equal(injectParameters(start, new Map()), start);
});
