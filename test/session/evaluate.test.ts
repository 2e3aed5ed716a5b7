// Cells run one after another in one evaluator: what they mean together. Names differ from case to case, as all share one process.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { CellSyntaxError } from '../../src/session/errors/syntax-error.ts';
import { Evaluator } from '../../src/session/evaluate.ts';

const evaluator = new Evaluator({ folder: tmpdir(), redirects: [], magic: ({ name, args }) => `${name}(${args})` });
let count = 0;

async function run(code: string): Promise<unknown> {
  return await evaluator.prepare(code, `In[${++count}]`).run();
}

/** The value of the last cell. */
async function value(...cells: string[]): Promise<unknown> {
  let last: unknown;
  for (const cell of cells) last = await run(cell);
  return last;
}

interface Failed {
  readonly throws: RegExp;
}

const throws = (pattern: RegExp): Failed => ({ throws: pattern });

/** A cell that fails on the way is part of a case: what it throws is left alone. */
const may = (code: string) => ({ may: code });

type Case = [name: string, cells: (string | { readonly may: string })[], want: unknown];

function cases(list: Case[]): void {
  for (const [name, cells, want] of list) {
    it(name, async () => {
      const last = cells.at(-1) as string;
      for (const cell of cells.slice(0, -1)) {
        if (typeof cell === 'string') await run(cell);
        else await run(cell.may).catch(() => undefined);
      }
      if (typeof want === 'object' && want !== null && 'throws' in want)
        await assert.rejects(run(last), matches((want as Failed).throws));
      else assert.deepEqual(await run(last), want);
    });
  }
}

function matches(pattern: RegExp) {
  return (error: unknown) => {
    assert.match(String(error), pattern);
    return true;
  };
}

describe('declarations', () => {
  cases([
    ['a const is declared again with another type', ['const a1: number = 1', 'const a1: string = "x"; a1'], 'x'],
    ['a let is declared again', ['let a2 = 1', 'let a2 = 2', 'a2'], 2],
    ['a function is declared again', ['function a3() { return 1 }', 'function a3() { return 2 }', 'a3()'], 2],
    ['a class is declared again', ['class A4 { a() {} }', 'class A4 { b() { return 7 } }', 'new A4().b()'], 7],
    [
      'every kind of declaration follows every other',
      [
        'const q = 1',
        'let q = 2',
        'var q = 3',
        'function q() { return 4 }',
        'class q { m() { return 5 } }',
        'import q from "node:fs"',
        'enum q { A = 6 }',
        'namespace q { export const B = 7 }',
        'const { q } = { q: 8 }',
        'q',
      ],
      8,
    ],
    ['a destructured const is declared again', ['const { a5 } = { a5: 1 };', 'const { a5 } = { a5: 2 };', 'a5'], 2],
    ['the same cell runs twice', ['const a6 = Math.PI;', 'const a6 = Math.PI;', 'a6 > 3'], true],
    [
      'a function sees a redefined const',
      ['const a7 = 1;', 'function a7f() { return a7; }', 'const a7 = 2;', 'a7f()'],
      2,
    ],
    ['a later cell assigns to a let', ['let a8 = 1;', 'a8 = 5;', 'a8'], 5],
    [
      'names stay live in old functions',
      ['let cnt = 0; function inc(): number { return ++cnt }', 'inc()', 'let cnt = 100', 'inc()', 'cnt'],
      101,
    ],
    [
      'a recursion calls what its name means now',
      [
        'function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2) }',
        'const slow = fib; let calls = 0; fib = ((n: number) => { calls++; return slow(n) }) as any; fib(5); calls',
      ],
      15,
    ],
    ['a function is there before its line', ['const hh = h1(); function h1() { return 7 }; hh'], 7],
    [
      'functions, arrows and classes have their names',
      [
        'function nm1() {}; const nm2 = () => {}; class Nm3 {}; const nm4 = class {}; [nm1, nm2, Nm3, nm4].map((f) => f.name)',
      ],
      ['nm1', 'nm2', 'Nm3', 'nm4'],
    ],
    [
      'every form of destructuring declares',
      [
        'const { b1, c: [b2 = 9, ...b3], ["x" + 1]: b4, ...b5 } = { b1: 1, c: [undefined, 2, 3], x1: 4, z: 5 } as any; [b1, b2, b3, b4, b5]',
      ],
      [1, 9, [2, 3], 4, { z: 5 }],
    ],
    [
      'a let without a value is undefined, a var keeps what it had',
      ['let c1 = 1, c2 = 2', 'let c1; var c2; [c1, c2]'],
      [undefined, 2],
    ],
    [
      'var in a loop head and in a block is a name of the session',
      ['for (var vi = 0; vi < 3; vi++) { var vj = vi }', '[vi, vj]', 'for (var vo of [1, 2]) {}', 'vo + vi'],
      5,
    ],
    [
      "a loop's let is its own in each turn",
      ['const fs2: any[] = []; for (let i = 0; i < 3; i++) fs2.push(() => i); fs2.map((f) => f())'],
      [0, 1, 2],
    ],
    [
      'names of blocks stay in them',
      ['{ const inner1 = 1; function inner2() {} } [typeof inner1, typeof inner2]'],
      ['undefined', 'undefined'],
    ],
    [
      'exports declare',
      [
        'export function ef() { return 1 }; export const ec = 2; export { ec as ed }; export default class Ek {}',
        '[ef(), ec, typeof Ek]',
      ],
      [1, 2, 'function'],
    ],
    ['a binding is kept from a cell that fails', [may('const k1 = 11; throw new Error("x");'), 'k1'], 11],
    ['a cell redefines after a failed cell', [may('const k2 = 11; throw new Error("x");'), 'const k2 = 12;', 'k2'], 12],
    ['names behind a throw are there, without a value', [may('throw new Error("x"); const k3 = 1'), 'k3'], undefined],
    ['assigning to an undeclared name throws', ['neverDeclared = 3'], throws(/ReferenceError: neverDeclared/)],
    ['assigning to a const of the cell throws', ['const d1 = 1; d1 = 2'], throws(/TypeError: Assignment to constant/)],
    [
      'assigning to a const of an earlier cell throws',
      ['const d2 = 1', 'd2++'],
      throws(/TypeError: Assignment to constant/),
    ],
    ['a const declared again as let can be assigned', ['const d3 = 1', 'let d3 = 1', 'd3 = 4; d3'], 4],
  ]);
});

describe('TypeScript', () => {
  cases([
    [
      'interfaces and type aliases are declared again',
      ['interface I { a: number }', 'interface I { b: string }; type I2 = I; const i: I = { b: "q" } as any; i.b'],
      'q',
    ],
    [
      'an enum declared again does not merge with the former',
      ['enum E1 { A, B }', 'enum E1 { C = 5 }; Object.keys(E1)'],
      ['5', 'C'],
    ],
    ['enums of one cell merge', ['enum E2 { A } enum E2 { B = 5 } Object.keys(E2).length'], 4],
    ['an exported enum works', ['export enum E3 { A = "a" }; E3.A'], 'a'],
    ['const enums and namespaces work', ['const enum CE { X = 3 }; namespace NS { export const y = CE.X }; NS.y'], 3],
    [
      'a namespace declared again does not merge with the former',
      ['namespace N1 { export const a = 1 }', 'namespace N1 { export const b = 2 }; Object.keys(N1)'],
      ['b'],
    ],
    [
      'a namespace adds to a function of its cell',
      ['function nf() { return 1 } namespace nf { export const x = 2 }', 'nf() + nf.x'],
      3,
    ],
    ['a namespace with a let works', ['namespace N2 { export let z = 2; z++ }; N2.z'], 3],
    [
      'classes have private, static and parameter properties',
      [
        'class P { static s = 2; #z = 3; constructor(private x: number) {} sum() { return this.x + this.#z + P.s } }; new P(1).sum()',
      ],
      6,
    ],
    [
      'generic functions work across cells',
      ['function idf<T>(x: T): T { return x; }', 'const idv: number = idf(3); idv'],
      3,
    ],
    ['satisfies and as work', ['const sat = { a: 1 } satisfies Record<string, number>; (sat as any).a'], 1],
    ['a generic arrow is no JSX', ['const ga = <T>(x: T) => x; ga(4)'], 4],
    ['an assertion in angle brackets works', ['const ab = <any>{ x: 5 }; ab.x'], 5],
    [
      'a method decorator runs',
      [
        'function dec(f: any, c: any) { return function (this: any) { return f.call(this) + c.name } }\nclass Dc { @dec m() { return "8" } }',
        'new Dc().m()',
      ],
      '8m',
    ],
    [
      'a cell that ends in a decorated class has no value',
      ['function deco(v: any) { return v }\n@deco class Dd {}'],
      undefined,
    ],
    ['accessor works', ['class Ac { accessor q = 1 }; const ac = new Ac(); ac.q++; [ac.q, Object.keys(ac)]'], [2, []]],
    [
      'JSX calls the pragma',
      ['/** @jsx h */ const h = (tag: any, props: any, ...rest: any[]) => [tag, props, rest]; <p id="x">{1}{2}</p>'],
      ['p', { id: 'x' }, [1, 2]],
    ],
    ['import = require works', ['import cr = require("node:fs"); typeof cr.readFileSync'], 'function'],
    [
      'using disposes at the end of its block',
      [
        'let disp = 0;\n{ using r = { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { disp = 4; } } as any; }',
        'disp',
      ],
      4,
    ],
    [
      'using at the top disposes at the end of the cell, which has its value',
      [
        'const log: string[] = []; const open = (n: string) => ({ n, [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { log.push(n) } }) as any',
        'using u1 = open("a"), u2 = open("b"); log.length',
        'log',
      ],
      ['b', 'a'],
    ],
    ['the value of a cell with using is its last expression', ['using u3 = null; const u4 = 5; u4 + 1'], 6],
    [
      'await using waits for the disposal',
      [
        'const steps: string[] = []; { await using u5 = { async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() { await null; steps.push("closed") } } as any; steps.push("used") } steps',
      ],
      ['used', 'closed'],
    ],
    [
      'what using cannot dispose is told',
      ['using u6 = {} as any'],
      throws(/TypeError: using: the value has no \[Symbol.dispose\]/),
    ],
    [
      'errors of the block and of its disposal are both kept',
      [
        'try { using u7 = { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() { throw new Error("second") } } as any; throw new Error("first") } catch (e: any) { var both = [e.name, e.error.message, e.suppressed.message] } both',
      ],
      ['SuppressedError', 'second', 'first'],
    ],
  ]);
});

describe('values', () => {
  cases([
    ['the last expression is the value', ['1; 2; 3'], 3],
    ['a semicolon does not hide it', ['"a" + "b";'], 'ab'],
    ['an object literal in parentheses is a value', ['({ zed: 5 })'], { zed: 5 }],
    ['a sequence gives its last', ['(1, 2)'], 2],
    ['an assignment gives what was assigned', ['let as1 = 1', 'as1 = 2'], 2],
    ['export default is a value', ['export default { a: 1 }'], { a: 1 }],
    ['a string alone is no directive', ['"use strict"'], 'use strict'],
    ['a block has no value', ['if (true) { 3 }'], undefined],
    ['a declaration has no value', ['const noValue = 3'], undefined],
    ['nothing has no value', [''], undefined],
    ['a comment has no value', ['// only words'], undefined],
    ['types alone have no value', ['interface Only {}'], undefined],
    ['a value before a type is still the last', ['4\ntype After = 1'], 4],
    ['a template keeps its lines', ['`a\n  b`'], 'a\n  b'],
    ['a generator of a cell works', ['function* gen() { yield 1; yield 2 }; [...gen()]'], [1, 2]],
  ]);

  it('a cell without await gives its value at once', () => {
    assert.equal(evaluator.prepare('1 + 1', 'sync').run(), 2);
    const later = evaluator.prepare('const f = async () => { await null; return 3 }; f', 'sync').run() as () => unknown;
    assert.equal(typeof later, 'function');
  });

  it('a cell that awaits gives a promise', () => {
    const prepared = evaluator.prepare('await 1', 'async');
    assert.equal(prepared.isAsync, true);
    assert.ok(prepared.run() instanceof Promise);
  });

  it('strict mode holds', async () => {
    assert.equal(await run('(function () { return this })()'), undefined);
  });
});

describe('await', () => {
  cases([
    ['await works at the top', ['const w = await Promise.resolve(42); w'], 42],
    [
      'for await works at the top',
      ['let fa = 0; for await (const v of (async function* () { yield 3; yield 4; })()) { fa += v; }', 'fa'],
      7,
    ],
    [
      'for await goes through plain iterables of promises',
      ['const got: number[] = []; for await (const v of [Promise.resolve(1), 2]) got.push(v); got'],
      [1, 2],
    ],
    [
      'leaving for await closes the iterator',
      [
        'let closed = false; for await (const v of (async function* () { try { yield 1; yield 2 } finally { closed = true } })()) break; closed',
      ],
      true,
    ],
    [
      'for await refuses what it cannot go through',
      ['for await (const v of 5 as any) ;'],
      throws(/TypeError: 5 is not async iterable/),
    ],
    ['a thenable is awaited', ['await { then(f: any) { f(6) } } as any'], 6],
    [
      'a rejection is caught',
      ['try { await Promise.reject(new Error("no")) } catch (e: any) { var caught = e.message } caught'],
      'no',
    ],
    [
      "timers see the session's names",
      ['let tv = 0; setTimeout(() => { tv = 9 }, 1)', 'await new Promise((r) => setTimeout(r, 10)); tv'],
      9,
    ],
    [
      'promises settle in the order of the language',
      [
        'const order: number[] = []; const second = async () => { order.push(1) }; const first = async () => { await second(); order.push(3) }; const done = first(); const then = Promise.resolve().then(() => order.push(4)); order.push(2); await done; await then; order',
      ],
      [1, 2, 3, 4],
    ],
  ]);

  it('each await, nested ones too, goes through the guard', async () => {
    const seen: unknown[] = [];
    const guarded = new Evaluator({
      folder: tmpdir(),
      redirects: [],
      guard: (waited) => {
        seen.push(waited);
        return waited;
      },
    });
    const code =
      'const inside = async () => { await "a".length; }; await inside(); for await (const x of [7]) await x; await (1, 2)';
    await guarded.prepare(code, 'guarded').run();
    assert.deepEqual(
      seen.filter((one) => typeof one === 'number'),
      [1, 7, 2],
    );
    // Three steps of the loop's iterator: 7 and the end.
    assert.equal(seen.filter((one) => one instanceof Promise).length, 2);
  });

  it('a guard that rejects ends the cell, its finally blocks run', async () => {
    const guarded = new Evaluator({
      folder: tmpdir(),
      redirects: [],
      guard: () => Promise.reject(new Error('stopped')),
    });
    const cell = guarded.prepare(
      'let ended = false; try { await new Promise(() => {}) } finally { ended = true }',
      'guarded',
    );
    await assert.rejects(async () => await cell.run(), /stopped/);
    assert.equal(guarded.read('ended'), true);
  });
});

describe('imports', () => {
  cases([
    [
      'default, named and namespace imports',
      [
        'import fs, { readFileSync as rf } from "node:fs"; import * as p from "node:path"; [typeof fs.writeFileSync, typeof rf, typeof p.join]',
      ],
      ['function', 'function', 'function'],
    ],
    ['an import serves later cells', ['import { join } from "node:path"', 'join("a", "b")'], 'a/b'],
    [
      'the same import twice',
      ['import { join as j2 } from "node:path";', 'import { join as j2 } from "node:path";', 'j2("a", "c")'],
      'a/c',
    ],
    [
      'an import of types alone is dropped',
      ['import type { X } from "no-such-package"; import { type Y } from "no-such-either"; 5'],
      5,
    ],
    ['an import used only as a type does no harm', ['import { Xt } from "no-such-package"; const xt: Xt = 5; xt'], 5],
    [
      'a name used only as a type need not exist',
      ['import { join as j3, ParsedPath } from "node:path"; const pp: ParsedPath = 5 as any; [pp, j3("a", "b")]'],
      [5, 'a/b'],
    ],
    [
      'a missing export is a SyntaxError',
      ['import { nope } from "node:fs"'],
      throws(/SyntaxError: The requested module 'node:fs' does not provide an export named 'nope'/),
    ],
    [
      'a missing module is told',
      ['import x1 from "no-such-package"; x1'],
      throws(/Cannot find package 'no-such-package'/),
    ],
    ['a dynamic import works', ['const os1 = await import("node:os"); typeof os1.cpus'], 'function'],
    ['require works', ['const os2 = require("node:os"); typeof os2.cpus'], 'function'],
    ['export from loads the module', ['export { join as j4 } from "node:path"; export * from "node:url"; 1'], 1],
    [
      'import.meta and the names of CommonJS tell the folder',
      [
        '[import.meta.dirname, import.meta.filename.endsWith(".ts"), import.meta.url.startsWith("file://"), __dirname, __filename.startsWith(__dirname), import.meta.resolve("fs")]',
      ],
      [tmpdir(), true, true, tmpdir(), true, 'node:fs'],
    ],
    ['an import cannot be assigned', ['import { sep } from "node:path"; sep = "x"'], throws(/Assignment to constant/)],
  ]);
});

describe('built-ins', () => {
  cases([
    ['a cell may take the name of a built-in', ['const fetch = 3; fetch', 'fetch + 1'], 4],
    ['let name works', ['let name = "n"; name'], 'n'],
    [
      'packages and the session keep theirs',
      [
        'class Map { mine = true }; class URL {}; const process = 1, Promise = 2; [new Map().mine, new globalThis.Map() instanceof Map]',
        'import { join as j5 } from "node:path"; [new Map().mine, await 5, j5("a", "b")]',
      ],
      [true, 5, 'a/b'],
    ],
    [
      'a function of the name has the name',
      ['function structuredClone() {} const atob = () => 1; [structuredClone.name, atob.name]'],
      ['structuredClone', 'atob'],
    ],
    [
      "in a block the name is the block's",
      ['const btoa = 1; { const btoa = 2; var seen1 = btoa } [seen1, btoa]'],
      [2, 1],
    ],
    ['undefined cannot be declared', ['const undefined = 1'], throws(/SyntaxError: 'undefined' cannot be declared/)],
    [
      "the session's own name cannot be used",
      ['const $$tensorcell = 1'],
      throws(/SyntaxError: '\$\$tensorcell' is the session's own name/),
    ],
  ]);

  it('forget brings a hidden built-in back', async () => {
    await value('const queueMicrotask = 1');
    assert.equal(await run('queueMicrotask'), 1);
    evaluator.forget('queueMicrotask');
    assert.equal(await run('typeof queueMicrotask'), 'function');
    assert.equal(evaluator.names().has('queueMicrotask'), false);
  });

  it('forget goes back to a global that a cell made', async () => {
    await run('(globalThis as any).mine = 1');
    await run('let mine = 2');
    evaluator.forget('mine');
    assert.equal(await run('mine'), 1);
  });

  it('a forgotten name throws, and can be declared again', async () => {
    await run('const fg = 1; function useFg() { return fg }');
    evaluator.forget('fg');
    await assert.rejects(run('fg'), /ReferenceError: fg is not defined/);
    await assert.rejects(run('fg = 2'), /ReferenceError: fg is not defined/);
    assert.equal(await run('typeof fg'), 'undefined');
    await run('let fg = 5');
    assert.equal(await run('fg + useFg()'), 10);
  });
});

describe('names', () => {
  it('are known with their kinds', async () => {
    await run(
      'const n1 = 1; let n2; var n3; function n4() {} class n5 {} enum n6 {} namespace n7 { export const x = 1 } import n8 from "node:fs"',
    );
    const kinds = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'].map((name) => evaluator.names().get(name));
    assert.deepEqual(kinds, ['const', 'let', 'var', 'function', 'class', 'enum', 'namespace', 'import']);
    assert.equal(evaluator.read('n1'), 1);
    assert.equal(evaluator.read('neverSeen'), undefined);
  });

  it('are declared from outside, taken by a cell, and given back', async () => {
    evaluator.declare('amb', 1);
    assert.equal(await run('amb'), 1);
    evaluator.declare('amb', 2);
    assert.equal(await run('amb'), 2);
    assert.equal(evaluator.names().get('amb'), 'ambient');
    await run('const amb = 3');
    evaluator.declare('amb', 4);
    assert.equal(await run('amb'), 3);
    evaluator.forget('amb');
    assert.equal(await run('amb'), 4);
    evaluator.forget('amb');
    assert.equal(await run('amb'), 4);
  });

  it('are not declared by a cell that is only prepared, or wrong', () => {
    evaluator.prepare('const prepared1 = 1', 'never run');
    assert.throws(() => evaluator.prepare('const wrong1 = ;', 'wrong'), CellSyntaxError);
    assert.equal(evaluator.names().has('prepared1'), false);
    assert.equal(evaluator.names().has('wrong1'), false);
  });

  it('that a script has made global are taken over', async () => {
    await run('import vm from "node:vm"; vm.runInThisContext("var madeGlobal = 1; let madeLexical = 2")');
    assert.deepEqual(
      await value('let madeGlobal = 5, madeLexical = 6, madeFresh = 7', '[madeGlobal, madeLexical, madeFresh]'),
      [5, 6, 7],
    );
  });
});

describe('magics', () => {
  cases([
    ["a magic's value is the cell's, when it is last", ['%time fit(1)'], 'time(fit(1))'],
    ['a magic stands among statements', ['const m1 = 1\n%who\nm1 + 1'], 2],
    ['a command is a magic without a name', ['!ls -l'], '(ls -l)'],
    ['a cell magic has the cell', ['%%writefile x.txt\nlet = 3 `'], 'writefile(x.txt)'],
  ]);

  it('without a table they throw', async () => {
    const plain = new Evaluator({ folder: tmpdir(), redirects: [] });
    await assert.rejects(async () => await plain.prepare('%nothing', 'plain').run(), /no magics here/);
  });
});
