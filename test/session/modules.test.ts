// Imports of cells: packages and local files of the notebook's folder, found, changed, broken and mended while the session runs.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cellError } from '../../src/session/errors/traceback.ts';
import { Evaluator } from '../../src/session/evaluate.ts';
import { makeFolder } from './folder.ts';

// One folder for all: the hooks belong to the process.
const { folder, write } = makeFolder('modules');

write({
  'own/instance.mjs': 'export const own = "ours"; export default { own }',
  'own/instance.cjs': 'exports.own = "ours"',
});
const evaluator = new Evaluator({
  folder,
  redirects: [
    {
      pattern: '^ours(/.*)?$',
      url: pathToFileURL(join(folder, 'own/instance.mjs')).href,
      require: join(folder, 'own/instance.cjs'),
    },
  ],
});
let count = 0;

async function run(code: string): Promise<unknown> {
  return await evaluator.prepare(code, `In[${++count}]`).run();
}

/** A package of the folder; `files` by their names in it. */
function install(name: string, files: Record<string, string>, manifest: object = {}): void {
  const at = `node_modules/${name}`;
  write({ [`${at}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...manifest }) });
  write(Object.fromEntries(Object.entries(files).map(([file, text]) => [`${at}/${file}`, text])));
}

/** A later version of a file: its time differs even where the clock's steps are coarse, by its length. */
let filler = 0;
function change(name: string, text: string): void {
  write({ [name]: `${text}\n// ${'x'.repeat(++filler)}` });
}

describe('packages', () => {
  it('import as ES modules and as CommonJS', async () => {
    install(
      'esm-only',
      { 'i.js': 'export const x = 1; export default "d"' },
      { type: 'module', exports: { import: './i.js' } },
    );
    install('cjs-only', { 'm.js': 'exports.x = 2; exports.here = __filename' }, { main: 'm.js' });
    assert.deepEqual(
      await run('import d, { x } from "esm-only"; import c, { x as cx } from "cjs-only"; [d, x, cx, c.x]'),
      ['d', 1, 2, 2],
    );
    assert.equal(await run('require("cjs-only").x'), 2);
  });

  it('give names that only exist once they have run', async () => {
    install('cjs-dynamic', { 'index.js': 'for (const name of ["made"]) module.exports[name] = 3' });
    assert.equal(await run('import { made } from "cjs-dynamic"; made'), 3);
    await assert.rejects(run('import { unmade } from "cjs-dynamic"'), /does not provide an export named 'unmade'/);
  });

  it('import when they were installed after a failed import', async () => {
    await assert.rejects(run('import { y } from "later-esm"; y'), /Cannot find package 'later-esm'/);
    await assert.rejects(run('await import("later-esm")'), /Cannot find package 'later-esm'/);
    await assert.rejects(run('import z from "later-cjs"; z'), /Cannot find package 'later-cjs'/);
    await assert.rejects(run('require("later-required")'), /Cannot find module 'later-required'/);
    install('later-esm', { 'i.js': 'export const y = 4' }, { type: 'module', exports: './i.js' });
    install('later-cjs', { 'index.js': 'module.exports = 5' });
    install('later-required', { 'index.js': 'module.exports = 6' });
    assert.deepEqual(
      await run('import { y } from "later-esm"; import z from "later-cjs"; [y, z, require("later-required")]'),
      [4, 5, 6],
    );
  });

  it('of the session resolve to its own instance, from any depth, imported and required', async () => {
    install(
      'uses-ours',
      { 'i.js': 'export * from "ours"; export { own as deep } from "ours/dist/deep.js"' },
      { type: 'module', main: 'i.js' },
    );
    install('needs-ours', { 'index.js': 'exports.own = require("ours").own; exports.deep = require("ours/x").own' });
    install('ours', { 'index.js': 'exports.own = "theirs"' });
    install('uses-ours/node_modules/ours', { 'index.js': 'exports.own = "theirs"' });
    assert.equal(await run('import { own } from "ours"; own'), 'ours');
    assert.deepEqual(await run('import * as uses from "uses-ours"; [uses.own, uses.deep]'), ['ours', 'ours']);
    assert.deepEqual(await run('import * as needs from "needs-ours"; [needs.own, needs.deep]'), ['ours', 'ours']);
    assert.equal(await run('require("ours/sub").own'), 'ours');
    assert.equal(await run('(await import("ours")).own'), 'ours');
  });

  it('may be written in TypeScript', async () => {
    install('in-ts', { 'i.ts': 'export const t: number = 7' }, { type: 'module', exports: './i.ts' });
    assert.equal(await run('import { t } from "in-ts"; t'), 7);
  });

  it('that declare a name as a type may be asked for it', async () => {
    install(
      'typed',
      {
        'i.js': 'export const v = 1',
        'i.d.ts': 'export * from "./more.js"; export const v: number',
        'more.d.ts': 'export interface Shape {}',
      },
      { type: 'module', main: 'i.js', types: 'i.d.ts' },
    );
    assert.equal(await run('import { v, Shape } from "typed"'), undefined);
    assert.equal(await run('const s: Shape = 1 as any; v'), 1);
    await assert.rejects(run('import { Shapes } from "typed"'), /does not provide an export named 'Shapes'/);
  });
});

describe('local files', () => {
  it('import as TypeScript of every kind', async () => {
    write({
      'plain.ts': 'import { inner } from "./inner.ts"; enum E { A = 1 } export const v: number = E.A + inner;',
      'inner.ts': 'export const inner: number = 10;',
      'm.mts': 'export const m: string = "m"; export default class Named {}',
      'c.cts': 'const c: number = 5; module.exports = { c };',
      'x.tsx': '/** @jsx h */ const h = (tag: string) => tag; export const x = <b/>;',
      'd.ts':
        'export class D { accessor a = 1 } export function late() { using r = { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { D.closed = true } } as any; return r } export namespace D { export let closed = false }',
    });
    assert.equal(await run('import { v } from "./plain.ts"; v'), 11);
    assert.equal(await run('import { m } from "./m.mts"; m'), 'm');
    assert.equal(await run('import { c } from "./c.cts"; c'), 5);
    assert.equal(await run('import { x } from "./x.tsx"; x'), 'b');
    assert.deepEqual(await run('import { D, late } from "./d.ts"; late(); [new D().a, D.closed]'), [1, true]);
  });

  it('import without their ending, by .js, and as a folder', async () => {
    write({ 'lib/index.ts': 'export const i = 1; export * from "./other.js"', 'lib/other.ts': 'export const o = 2' });
    assert.deepEqual(
      await run(
        'import { i, o } from "./lib"; import { o as o2 } from "./lib/other"; import { o as o3 } from "./lib/other.js"; [i, o, o2, o3]',
      ),
      [1, 2, 2, 2],
    );
    await assert.rejects(run('import "./nothing-here"'), /Cannot find module/);
  });

  it('drop imports that only name types', async () => {
    write({
      'types.ts': 'export interface T {}',
      'uses-types.ts': 'import { T } from "./types.ts"; export const u: T = 8',
    });
    assert.equal(await run('import { u } from "./uses-types.ts"; u'), 8);
    assert.equal(await run('import { T } from "./types.ts"'), undefined);
  });

  it('load anew when they changed, or what they import did; others stay', async () => {
    write({
      'a.ts': 'import { b } from "./b.ts"; export const a: number = b + 1',
      'b.ts': 'export const b = 1',
      'same.ts': 'export const made = {}',
    });
    const cell = 'import { a } from "./a.ts"; import { made } from "./same.ts"; [a, made]';
    const [first, made] = (await run(cell)) as [number, object];
    assert.equal(first, 2);
    change('b.ts', 'export const b = 10');
    const [second, again] = (await run(cell)) as [number, object];
    assert.equal(second, 11);
    assert.equal(again, made);
    change('a.ts', 'export const a = 5');
    assert.equal(await run('(await import("./a.ts")).a'), 5);
    change('a.ts', 'export { c as a } from "./new.ts"');
    write({ 'new.ts': 'export const c = 6' });
    assert.equal(await run('import { a } from "./a"; a'), 6);
  });

  it('load anew after an error was mended', async () => {
    write({ 'broken.ts': 'export const b: = 1' });
    await assert.rejects(
      run('import { b } from "./broken.ts"; b'),
      /SyntaxError: Unexpected token \(broken\.ts:1:17\)/,
    );
    change('broken.ts', 'export const b = 1');
    assert.equal(await run('import { b } from "./broken.ts"; b'), 1);

    write({ 'wants.ts': 'export { w } from "wanted"' });
    await assert.rejects(run('import { w } from "./wants.ts"; w'), /Cannot find package 'wanted'/);
    install('wanted', { 'i.js': 'export const w = 2' }, { type: 'module', main: 'i.js' });
    assert.equal(await run('import { w } from "./wants.ts"; w'), 2);

    write({
      'reads.ts':
        'import { readFileSync } from "node:fs"; export const r = readFileSync(new URL("./r.txt", import.meta.url), "utf8")',
    });
    await assert.rejects(run('import { r } from "./reads.ts"; r'), /ENOENT/);
    write({ 'r.txt': 'there' });
    assert.equal(await run('import { r } from "./reads.ts"; r'), 'there');

    write({
      'reads2.ts':
        'import { readFileSync } from "node:fs"; export const r = readFileSync(new URL("./r2.txt", import.meta.url), "utf8")',
    });
    await assert.rejects(run('const { r } = await import("./reads2.ts")'), /ENOENT/);
    write({ 'r2.txt': 'there' });
    assert.equal(await run('const { r } = await import("./reads2.ts"); r'), 'there');
  });

  it('may be JavaScript, of either kind', async () => {
    write({
      'esm.js': 'export const e = 1',
      'common.js': 'exports.c = 2',
      'm.mjs': 'export default 3',
      'c2.cjs': 'module.exports = 4',
    });
    assert.deepEqual(
      await run(
        'import { e } from "./esm.js"; import { c } from "./common.js"; import m from "./m.mjs"; import c2 from "./c2.cjs"; [e, c, m, c2]',
      ),
      [1, 2, 3, 4],
    );
    change('esm.js', 'export const e = 10');
    change('common.js', 'exports.c = 20');
    assert.deepEqual(await run('import { e } from "./esm.js"; import { c } from "./common.js"; [e, c]'), [10, 20]);
  });

  it('are required, and required anew when they or theirs changed', async () => {
    write({
      'req.js': 'exports.n = require("./req2.js").n',
      'req2.js': 'exports.n = 1',
      'req3.cts': 'const n: number = 3; module.exports = n',
    });
    assert.deepEqual(await run('[require("./req.js").n, require("./req3.cts")]'), [1, 3]);
    change('req2.js', 'exports.n = 2');
    assert.equal(await run('require("./req.js").n'), 2);
    change('req3.cts', 'module.exports = 4 as number');
    assert.equal(await run('require("./req3.cts")'), 4);
  });

  it('may be JSON, with and without its attribute', async () => {
    write({ 'd.json': '{"k":1}' });
    assert.deepEqual(
      await run('import d from "./d.json"; import e from "./d.json" with { type: "json" }; [d.k, e.k]'),
      [1, 1],
    );
    assert.equal(await run('(await import("./d.json")).default.k'), 1);
    assert.equal(await run('require("./d.json").k'), 1);
    change('d.json', '{"k":2}'.replace('}', '}  '));
  });
});

describe('WebAssembly', () => {
  /** `(module (import "./env.ts" "twice" (func (param i32) (result i32))) (func (export "f") (param i32) (result i32) local.get 0 call 0))` */
  const bytes = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 18, 1, 8, 46, 47, 101, 110, 118, 46, 116, 115, 5, 116,
    119, 105, 99, 101, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11,
  ];

  it('imports what it imports and exports what it exports, from a cell and from a package', async () => {
    write({ 'env.ts': 'export const twice = (n: number): number => 2 * n' });
    writeFileSync(join(folder, 'm.wasm'), Buffer.from(bytes));
    assert.equal(await run('import { f } from "./m.wasm"; f(21)'), 42);
    install(
      'in-wasm',
      { 'i.js': 'export { f } from "./m.wasm"', 'env.ts': 'export const twice = (n: number) => 3 * n' },
      { type: 'module', main: 'i.js' },
    );
    writeFileSync(join(folder, 'node_modules/in-wasm/m.wasm'), Buffer.from(bytes));
    assert.equal(await run('(await import("in-wasm")).f(2)'), 6);
  });

  it('that is none is told', async () => {
    write({ 'bad.wasm': 'no wasm' });
    await assert.rejects(run('import "./bad.wasm"'), /CompileError: WebAssembly.Module\(\)/);
  });
});

describe('errors', () => {
  it('in a local module are told at the line of its source', async () => {
    write({
      'throws.ts':
        'interface Padding {\n  a: number;\n}\nexport function boom(x: number): never {\n  throw new RangeError("from a module");\n}',
    });
    const error = await run('import { boom } from "./throws.ts"\n\nboom(1)').catch((thrown: unknown) => thrown);
    assert.match((error as Error).stack!, /at .*boom \(throws\.ts:5:9\)\n {4}at (async )?In\[\d+\]:3:1$/);
    const traceback = cellError(error).traceback.join('\n');
    assert.match(traceback, /throw new RangeError/);
    assert.match(traceback, /boom\(1\)/);
  });

  it('of an import are told at its line', async () => {
    const error = await run('const before = 1;\nimport { q } from "not-there";\nq').catch((thrown: unknown) => thrown);
    assert.match(cellError(error).traceback.join('\n'), /In\[\d+\]:2:1/);
    const late = await run('const l = 1;\n\nawait import("not-there")').catch((thrown: unknown) => thrown);
    assert.match(cellError(late).traceback.join('\n'), /In\[\d+\]:3:7/);
    const missing = await run('import fs, {\n  readFileSinc,\n} from "node:fs";').catch((thrown: unknown) => thrown);
    assert.match(cellError(missing).traceback.join('\n'), /In\[\d+\]:2:3/);
  });
});
