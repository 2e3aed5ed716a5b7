import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsGlob } from '../../kernel/glob.ts';
import { History } from '../../kernel/history.ts';
import { readers } from '../../kernel/requests.ts';

function filled(): History {
  const history = new History();
  ['a = 1', 'b = 2', 'a = 1', 'c\nd'].forEach((input, i) => {
    history.add(i + 1, input);
  });
  history.addOutput(2, '2');
  return history;
}

/** Asks as a client does; returns `line:input`. */
function ask(history: History, content: Record<string, unknown>): unknown[] {
  return history
    .read(readers.history({ raw: true, output: false, ...content }))
    .map(([, line, input]) => [line, input]);
}

test('tail gives the last cells in their order', () => {
  const history = filled();
  assert.deepEqual(ask(history, { hist_access_type: 'tail', n: 2 }), [
    [3, 'a = 1'],
    [4, 'c\nd'],
  ]);
  assert.equal(ask(history, { hist_access_type: 'tail', n: 100 }).length, 4);
  assert.equal(ask(history, { hist_access_type: 'tail', n: 0 }).length, 0);
  assert.equal(ask(history, { hist_access_type: 'tail' }).length, 4);
});

test('range is from start to before stop, in the running session only', () => {
  const history = filled();
  const lines = (content: object) =>
    ask(history, { hist_access_type: 'range', ...content }).map((row) => (row as [number])[0]);
  assert.deepEqual(lines({ session: 0, start: 2, stop: 4 }), [2, 3]);
  assert.deepEqual(lines({ session: 1, start: 2, stop: 4 }), [2, 3]);
  assert.deepEqual(lines({ start: 3 }), [3, 4]);
  assert.deepEqual(lines({ start: 3, stop: null }), [3, 4]);
  assert.deepEqual(lines({ start: -2, stop: 0 }), [3, 4]);
  assert.deepEqual(lines({ start: 1, stop: -1 }), [1, 2, 3]);
  assert.deepEqual(lines({ session: -1, start: 1, stop: 9 }), []);
});

test('search takes a glob over the whole cell, at most n of the newest, each once when asked', () => {
  const history = filled();
  const search = (content: object) => ask(history, { hist_access_type: 'search', ...content });
  assert.deepEqual(search({ pattern: 'a*' }), [
    [1, 'a = 1'],
    [3, 'a = 1'],
  ]);
  assert.deepEqual(search({ pattern: 'a*', unique: true }), [[3, 'a = 1']]);
  assert.deepEqual(search({ pattern: '* = ?', n: 1 }), [[3, 'a = 1']]);
  assert.deepEqual(search({ pattern: 'c*d' }), [[4, 'c\nd']]);
  assert.deepEqual(search({ pattern: '=' }), []);
});

test('outputs come beside inputs when asked for', () => {
  const entries = filled().read(readers.history({ hist_access_type: 'tail', n: 3, output: true }));
  assert.deepEqual(entries[0], [1, 2, ['b = 2', '2']]);
  assert.deepEqual(entries[1], [1, 3, ['a = 1', null]]);
});

test('old cells make room', () => {
  const history = new History();
  for (let i = 1; i <= 25_000; i++) history.add(i, `${i}`);
  const all = ask(history, { hist_access_type: 'tail', n: 1e6 });
  assert.ok(all.length >= 5000 && all.length <= 10_000);
  assert.deepEqual(all.at(-1), [25_000, '25000']);
});

test('a glob reads sets, and every other character as itself', () => {
  const fits: [pattern: string, text: string, expected: boolean][] = [
    ['', '', true],
    ['', 'a', false],
    ['**', '', true],
    ['*b*d', 'abcbd', true],
    ['*b*d', 'abcbde', false],
    ['a?c', 'a😀c', true],
    ['[a-c]?', 'bx', true],
    ['[^a-c]*', 'b', false],
    ['[]]', ']', true],
    ['[^]]', ']', false],
    ['[a-]', '-', true],
    ['[xa-cy]*[xa-cy]', 'by', true],
    ['[xa-c]', '-', false],
    ['f(x) => {$1.|^+}/-', 'f(x) => {$1.|^+}/-', true],
    ['a.c', 'abc', false],
    ['[\\d]', '\\', true],
    ['[unclosed', '[unclosed', true],
    ['[z-a]', 'b', false],
  ];
  for (const [pattern, text, expected] of fits)
    assert.equal(fitsGlob(pattern, text), expected, `${pattern} over ${JSON.stringify(text)}`);
});

test('a glob of many stars over a long cell is done at once', () => {
  assert.equal(fitsGlob(`${'*a'.repeat(30)}*b`, 'a'.repeat(50_000)), false);
});
