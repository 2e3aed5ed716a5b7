import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsGlob } from '../../src/history/glob.ts';

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
