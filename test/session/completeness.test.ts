// What a terminal asks at each line's end.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeness } from '../../src/session/rewrite/completeness.ts';

const complete = [
  '',
  '  ',
  '// comment',
  'const x = 1',
  'const a = 1;\n\n',
  'console.log("hi");',
  'function f(x) {\n  return x * 2;\n}\n',
  'class A { b() {} }',
  'await foo()',
  'function f(): void',
  '(a, b)',
  'x = { a: 1 }',
  '`a ${b} c`',
  '"a\\\nb"',
  'import x from "y"',
  'const f = <T>(x: T) => x',
  '<div>{x}</div>',
  'for (const x of y) ;',
  'do {} while (x)',
  '%time x',
  '!ls | grep "',
  '%%html\n<p',
  'const a = 1\n%who',
  'type A = { b: 1 }',
  'label: for (;;) break label',
  '@dec class A {}',
  '/re{/',
  'a\n/b/g',
];

const incomplete: [code: string, indent: string][] = [
  ['function f() {', '  '],
  ['const s = `abc', ''],
  ['const a = [1,', '  '],
  ['if (true) {', '  '],
  ['foo(', '  '],
  ['/* abc', ''],
  ['/** doc\n * more', ''],
  ['const x =', ''],
  ['class A {\n  m() {', '    '],
  ['1 +', ''],
  ['x.', ''],
  ['x?.', ''],
  ['({a: 1', '    '],
  ['for (const x of y)', ''],
  ['const x: Array<', ''],
  ['type A = {', '  '],
  ['if (a) b\nelse', ''],
  ['() =>', ''],
  ['(a, b) =>', ''],
  ['async () => {', '  '],
  ['x = {', '  '],
  ['do {}', ''],
  ['try {', '  '],
  ['try {}', ''],
  ['switch (x) { case 1:', '  '],
  ['`${a', '  '],
  ['`a ${b} c', ''],
  ['`a ${ { b: `', ''],
  ['import {a', '  '],
  ['import', ''],
  ['enum E {', '  '],
  ['foo({\n  a: [', '      '],
  ['const f = (s = ")") => { // }', '  '],
  ['"a\\', ''],
  ['@dec', ''],
  ['let x: string |', ''],
  ['x as', ''],
  ['a ? b :', ''],
  ['a ? b', ''],
  ['async function* g() { yield* ', '  '],
  ['<div>{', '  '],
  ['<div>', ''],
  ['if (x) { y }\nelse {', '  '],
  ['%time x\nfoo(', '  '],
  ['f(`${g(', '      '],
  ['throw', ''],
  ['new', ''],
];

const invalid = [
  'const const = 3',
  'let 1x = 2',
  '}',
  ')',
  'a b',
  '"abc',
  'let a: number = ;',
  'x = 1 2',
  'foo())',
  '</div>',

  'return 5 +* 2\nfoo(',
];

describe('completeness', () => {
  for (const code of complete)
    it(`${JSON.stringify(code)} is complete`, () => assert.deepEqual(completeness(code), { status: 'complete' }));
  for (const [code, indent] of incomplete)
    it(`${JSON.stringify(code)} waits for more`, () =>
      assert.deepEqual(completeness(code), { status: 'incomplete', indent }));
  for (const code of invalid)
    it(`${JSON.stringify(code)} is wrong`, () => assert.deepEqual(completeness(code), { status: 'invalid' }));
});
