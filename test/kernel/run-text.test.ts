import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRunArgs } from '../../kernel/run-args.ts';
import { cellTitle, headingsBefore, outputText } from '../../kernel/run-text.ts';
import { applyReturns, fitLine, formatTime, stripAnsi } from '../../src/repl/terminal-text.ts';

test('carriage returns and backspaces leave what a terminal would', () => {
  assert.equal(applyReturns('10 %\r 20 %\nabc\rx\r\nab\b\bc\b\n'), ' 20 %\nxbc\n\n');
  assert.equal(applyReturns('plain\n'), 'plain\n');
});

test('a line is cut to the width of the terminal, colours uncounted, wide letters counted twice', () => {
  assert.equal(fitLine('\u001b[31mabcdef\u001b[0m', 3), '\u001b[31mabc\u001b[0m');
  assert.equal(fitLine('abc', 3), 'abc');
  assert.equal(fitLine('日本語', 4), '日本\u001b[0m');
  assert.equal(fitLine('é👩x', 4), 'é👩x');
});

test('colours, links and titles are taken out', () => {
  assert.equal(
    stripAnsi('\u001b[1;38;5;3ma\u001b[0m\u001b]8;;http://x\u001b\\b\u001b]8;;\u001b\\\u001b]0;t\u0007c'),
    'abc',
  );
});

test('the title of a cell is its first line that says something', () => {
  assert.equal(cellTitle('\n// comment\n/* x */\n{\n  const a = 1;'), 'const a = 1;');
  assert.equal(cellTitle("import { a } from 'b';\n\na()"), 'a()');
  assert.equal(cellTitle("import { a } from 'b';"), "import { a } from 'b';");
  assert.equal(cellTitle('// only a comment'), '// only a comment');
});

test('headings stand before the next code cell, those in code blocks are none', () => {
  const base = { metadata: {} };
  const headings = headingsBefore({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { ...base, id: 'm', cell_type: 'markdown', source: '# One\n\n```sh\n# no heading\n```\n\n## Two ##\n#no' },
      { ...base, id: 'c', cell_type: 'code', source: '1', outputs: [], execution_count: null },
      { ...base, id: 'd', cell_type: 'code', source: '1', outputs: [], execution_count: null },
    ],
  });
  assert.deepEqual([...headings], [['c', ['One', 'Two']]]);
});

test('a display without text is named by its types', () => {
  const data = { 'text/html': '<b>', 'image/png': '' };
  assert.equal(outputText({ output_type: 'display_data', data, metadata: {} }), '[text/html, image/png]');
});

test('times are told in a person’s units', () => {
  assert.deepEqual([40, 99_900, 119_900, 200_000].map(formatTime), ['0.0 s', '99.9 s', '2 min 0 s', '3 min 20 s']);
});

test('the words after run are read', () => {
  const args = parseRunArgs([
    'a.ipynb',
    '-o',
    'b.ipynb',
    '--html',
    'c.html',
    '-p',
    'n=3',
    '-p',
    's=x=y',
    '--kernel',
    'k',
  ]);
  assert.deepEqual(args, {
    file: 'a.ipynb',
    output: 'b.ipynb',
    html: 'c.html',
    kernel: 'k',
    parameters: new Map<string, unknown>([
      ['n', 3],
      ['s', 'x=y'],
    ]),
  });
  assert.equal(parseRunArgs(['--help']), undefined);
});

test('misuse of run is one line', () => {
  for (const [words, message] of [
    [[], /which file\?/],
    [['a', 'b'], /one file at a time, got a b$/],
    [['a', '--wrong'], /^NotebookError: tensorcell run: Unknown option '--wrong'$/],
    [['a', '-p', 'x'], /-p x: a parameter is written name=value/],
    [['a', '-o'], /^NotebookError: tensorcell run: Option '-o[^\n]*$/],
  ] as const)
    assert.throws(() => parseRunArgs(words), message);
});
