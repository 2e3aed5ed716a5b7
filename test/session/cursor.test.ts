import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameAt } from '../../src/session/cursor.ts';

/** The chain at the `|` of a text. */
function at(marked: string, whole = false): string | undefined {
  const cursor = marked.indexOf('|');
  const found = nameAt(marked.replace('|', ''), cursor, whole);
  return found && [...found.path, found.word].join('.');
}

const cases: [string, string | undefined][] = [
  ['Math.sq|', 'Math.sq'],
  ['const x = mod|', 'mod'],
  ['a.b?.c.|', 'a.b.c.'],
  ['a\n  .b\n  .c|', 'a.b.c'],
  ['f(x).y|', undefined],
  ['a[0].b|', undefined],
  ['[...it|', 'it'],
  ['"Math.sq|', undefined],
  ["'it' + na|", 'na'],
  ["'it\\'s na|", undefined],
  ['// na|', undefined],
  ['/* a */ na|', 'na'],
  ['`text na|', undefined],
  ['`text ${na|', 'na'],
  ['`text ${ {a: 1}.a } na|', undefined],
  ['`${`${na|', 'na'],
  ['`a` + na|', 'na'],
  ['größe.日本|', 'größe.日本'],
  ['|', ''],
];

for (const [text, want] of cases) {
  test(`at the cursor of ${JSON.stringify(text)} stands ${want === undefined ? 'nothing known' : JSON.stringify(want)}`, () => {
    assert.equal(at(text), want);
  });
}

test('inspection takes the whole name around the cursor', () => {
  assert.equal(at('Math.sq|rt(2)', true), 'Math.sqrt');
});
