// Golden pairs: each cell of test/cells/input becomes the code in test/cells/output. UPDATE_GOLDEN=1 writes the outputs anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { originalPlace } from '../../src/session/errors/source-map.ts';
import { CellSyntaxError, offsetOf, placeOf } from '../../src/session/errors/syntax-error.ts';
import type { NameRules } from '../../src/session/rewrite/names.ts';
import { rewrite } from '../../src/session/rewrite/rewrite.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const cells = join(root, 'test/cells');

const rules: NameRules = {
  builtins: new Set(['fetch', 'Map', 'URL', 'name', 'structuredClone']),
  shadowed: new Set(),
  constants: new Set(['earlierConstant']),
  missing: new Set(['gone']),
};

/** The code of a cell and what is known of it, as the golden files have it. */
function golden(code: string): string {
  const { code: js, declares, mentions, writes, isAsync } = rewrite(code, rules);
  const names = [...declares].map(([name, kind]) => `${name}: ${kind}`).join(', ');
  const facts = [
    `// declares ${names || 'nothing'}`,
    `// mentions ${[...mentions].join(', ') || 'nothing'}${writes.size > 0 ? `; writes ${[...writes].join(', ')}` : ''}`,
    `// ${isAsync ? 'async' : 'sync'}`,
  ];
  return `${facts.join('\n')}\n${js}\n`;
}

describe('rewrite', () => {
  for (const file of readdirSync(join(cells, 'input'))) {
    it(`rewrites ${basename(file, '.ts')} as its golden file has it`, () => {
      const found = golden(readFileSync(join(cells, 'input', file), 'utf8'));
      const path = join(cells, 'output', file.replace(/\.ts$/, '.js'));
      if (process.env.UPDATE_GOLDEN) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, found);
      }
      assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1`);
      assert.equal(found, readFileSync(path, 'utf8'));
    });
  }

  it('gives the same code with and without a map', () => {
    for (const file of readdirSync(join(cells, 'input'))) {
      const code = readFileSync(join(cells, 'input', file), 'utf8');
      assert.equal(rewrite(code, rules, true).code, rewrite(code, rules).code, file);
    }
  });

  it('leads from each marked place of the code back to the cell', () => {
    const code = [
      'type A = { a: number };',
      'const é = "😀" as string; mark1(é);',
      'function lifted(x: number): void {',
      '  mark2(x as any);',
      '}',
      'const { a, b = mark3() }: any = await mark4();',
      'await mark5(a!, b);',
    ].join('\n');
    const { code: js, edited, javascript, mappings } = rewrite(code, rules, true);
    for (const name of ['mark1', 'mark2', 'mark3', 'mark4', 'mark5']) {
      const offset = edited.original(js.indexOf(name));
      assert.equal(javascript.slice(offset, offset + 5), name);
      const place = originalPlace(mappings!, placeOf(javascript, offset));
      assert.equal(offsetOf(code, place), code.indexOf(name), name);
    }
  });

  it('counts only free names as mentions', () => {
    const mentions = (code: string) => [...rewrite(code).mentions].sort();
    assert.deepEqual(mentions('tf.tensor(1)'), ['tf']);
    assert.deepEqual(mentions('((tf) => tf.a)(x)'), ['x']);
    assert.deepEqual(mentions('function f() { return tf } f()'), ['tf']);
    assert.deepEqual(mentions('let t: tf.Tensor'), []);
    assert.deepEqual(mentions('a.tf; ({ tf: 1 }); x = { tf }'), ['a', 'tf', 'x']);
    assert.deepEqual(mentions('{ let tf = 1; tf } try {} catch (e) { e }'), []);
    assert.deepEqual(mentions('import * as tf from "t"; tf.x'), []);
    assert.deepEqual(mentions('for (const i of is) { var v = i } v'), ['is']);
    assert.deepEqual(mentions('const f = function g() { return g(arguments) }'), []);
    assert.deepEqual(mentions('class K { [key] = this.x; static { var s = 1; s } }'), ['key']);
    assert.deepEqual(mentions('loop: for (;;) break loop'), []);
  });

  const refused: [string, RegExp, line: number, column: number][] = [
    ['const q = 1;\nconst r = ;', /Unexpected token/, 2, 11],
    ['return 5', /return/, 1, 1],
    ['1;\nlet x;\nlet x;', /already been declared/, 3, 5],
    ['import a from "b";\nconst a = 1', /already been declared/, 2, 7],
    ['type T = 1;\nconst undefined = 3', /cannot be declared/, 2, 7],
    ['const { NaN } = x', /cannot be declared/, 1, 9],
    ['let $$tensorcell = 1', /session's own name/, 1, 5],
    ['x;\n  $$tensorcell.helpers', /session's own name/, 2, 3],
    ['new.target', /new\.target/, 1, 1],
    ['const let = 1', /let/, 1, 7],
    ['@@', /./, 1, 3],
    ['const el = <div>;\n</p>;', /./, 2, 3],
  ];
  for (const [code, message, line, column] of refused) {
    it(`refuses ${JSON.stringify(code)} at ${line}:${column}`, () => {
      assert.throws(
        () => rewrite(code),
        (error) => {
          assert.ok(error instanceof CellSyntaxError);
          assert.match(error.message, message);
          assert.deepEqual([error.line, error.column], [line, column]);
          return true;
        },
      );
    });
  }
});
