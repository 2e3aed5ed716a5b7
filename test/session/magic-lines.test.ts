// Where a cell has magics, and where it only looks as if.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeBesideMagics, findMagics, type Magic } from '../../src/session/rewrite/magic-lines.ts';

/** The magics as short text: kind, name, arguments, line. */
function found(code: string): string[] {
  return findMagics(code).magics.map(({ kind, name, args, line }) => `${line} ${kind} ${name}(${args})`);
}

describe('findMagics', () => {
  const cases: [name: string, code: string, magics: string[]][] = [
    ['a line with a name', '%time fit(x)', ['1 line time(fit(x))']],
    ['a name alone', '%help', ['1 line help()']],
    ['a command', '!ls -l | wc', ['1 shell (ls -l | wc)']],
    ['a command after a space', '! ls', ['1 shell (ls)']],
    ['a cell magic', '%%writefile a.ts\nconst x = `', ['1 cell writefile(a.ts)']],
    ['a cell magic below empty lines', '\n\n%%html\n<p>', ['3 cell html()']],
    ['several lines', 'const a = 1\n%who\n\n!ls\na', ['2 line who()', '4 shell (ls)']],
    ['a command over two lines', '!echo a \\\n  b\n%who', ['1 shell (echo a \\\n  b)', '3 line who()']],
    ["a negation at the line's start is a command", 'const a = 1\n!a', ['2 shell (a)']],
    ['lines that end with a carriage return', '%who\r\n!ls\r\n1', ['1 line who()', '2 shell (ls)']],
    ['after a statement without semicolon', 'foo(a)\n%time b', ['2 line time(b)']],
    ['after a comment', '// hi\n/* there */\n%who', ['3 line who()']],
    ['after something wrong', 'const = 1\n%who', ['2 line who()']],
    ['none in a template', '`\n%who\n!ls\n`', []],
    ['none in a comment', '/*\n%who\n!ls\n*/', []],
    ['none in an open call', 'foo(\n!a,\n)', []],
    ['none in an open list', 'const x = [\n!a,\n!b\n]', []],
    ['none in an open object or block', 'if (a) {\n!b\n}', []],
    ['none where an operand must come', 'const x =\n!a', []],
    ['none behind an operator', 'a &&\n!b', []],
    ['none behind a condition', 'if (a)\n!b', []],
    ['no inequality', 'a\n!= b', []],
    ['none inside of a line', 'a %b\n  %who', []],
    ['no remainder with a space', 'a\n% b', []],
    ['no cell magic below code', 'const a = 1\n%%time', []],
    ['none in plain code', 'const a = 5 % 3; !a', []],
  ];
  for (const [name, code, magics] of cases) it(name, () => assert.deepEqual(found(code), magics));

  it('blanks magics out, length and lines kept', () => {
    const code = 'const a = 1\n%time x\n!ls \\\n -l\na';
    const { code: plain } = findMagics(code);
    assert.equal(plain, 'const a = 1\n;;     \n;;   \n   \na');
    assert.equal(findMagics('%%html\n<p>\n').code, ';;    \n   \n');
  });

  it("tells where each stands and a cell magic's body", () => {
    const code = 'a\n%who b';
    const [line] = findMagics(code).magics as [Magic];
    assert.equal(code.slice(line.start, line.end), '%who b');
    assert.equal(line.body, undefined);
    const [cell] = findMagics('%%html x\n<p>\n</p>').magics as [Magic];
    assert.deepEqual([cell.start, cell.end, cell.body], [0, 8, '<p>\n</p>']);
  });
});

describe('codeBesideMagics', () => {
  it('keeps the code of %time and its kin at its place, and no other', () => {
    const code = 'const a = 1\n%time const b = f(a)\n%timeit -n 5 b\n%who b\nb';
    assert.equal(codeBesideMagics(code), 'const a = 1\n;;    const b = f(a)\n;;           b\n;;    \nb');
    assert.equal(codeBesideMagics('%%time\nlet c = 1\nc'), ';;    \nlet c = 1\nc');
    assert.equal(codeBesideMagics('%timer x'), ';;      ');
  });
});
