// What counts as too deep for the parser, and what is only long.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tooDeep } from '../../src/session/rewrite/nesting.ts';

const many = (text: string) => text.repeat(20_000);

const deep: Record<string, string> = {
  'a sum': `0${many(' + 1')}`,
  'a sum over lines, each begun by its operator': `0${many('\n + 1')}`,
  'a sum over lines, each ended by its operator': `0${many(' +\n 1')}`,
  'a chain of calls': `a${many('\n  .b(x => 1)')}`,
  'calls of what calls give': `f${many('()')}`,
  'a chain of conditions': `${many('a ? b : ')}c`,
  'else if, with blocks': `if (a) { b; }${many(' else if (a) {\n b\n }\n')}`,
  'else if, without': `if (a) b;${many(' else if (a) b;')}`,
  'unary operators': `${many('!')}a`,
  'words that are operators': `${many('typeof ')}a`,
  'functions that give functions': `${many('a => ')}b`,
  assignments: `${many('a = ')}1`,
  'types of types': `type A = ${many('B<')}1${many('>')}`,
  'elements in elements': `${many('<a>')}${many('</a>')}`,
  brackets: many('['),
};

const long: Record<string, string> = {
  'an array': `[${many('-0.5, ')}]`,
  'an object': `({${many('a: -1,\n')}})`,
  'statements with semicolons on one line': many('a = b + c.d;'),
  'statements without semicolons': many('foo(a, b).bar()\n'),
  functions: many('function f() { return 1 + 2 }\n'),
  'a class': `class A {${many('  a() { return this.b }\n')}}`,
  'a switch': `switch (a) {${many('case 1:\n  foo(-1)\n  break\n')}}`,
  'a text': `x = "${many('a+b.c-d ')}"`,
  'a template of many lines': `\`${many('-0.5;+a.b\n')}\``,
  'a comment': `/*${many('a - b.c\n')}*/`,
  'a union': `type A = 1${many(" | 'a'\n")}`,
  'elements beside one another': `<ul>${many('<li a="1">x</li>\n')}${many('<br/>')}</ul>`,
};

describe('too deep', () => {
  for (const [what, code] of Object.entries(deep)) it(what, () => assert.ok(tooDeep(code)! < code.length));
});

describe('only long', () => {
  for (const [what, code] of Object.entries(long)) it(what, () => assert.equal(tooDeep(code), undefined));
});
