// The language itself, cell by cell: what a program means must not change because its names live on. Cells share names on purpose.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { Evaluator } from '../../src/session/evaluate.ts';

/** The value of the last cell, or `ERR` and what it throws; then the cells. */
const cells: [want: unknown, ...cells: string[]][] = [
  [1, 'let a = 1; { let a = 2; } a'],
  [[1, 2], 'switch (1) { case 1: let y = 1; var z = 2; var z2 = y } [z2, z]'],
  [2, 'for (let i = 0, n = 3; i < n; i++) { var last = () => i } last()'],
  [1, 'try { throw {a:1} } catch ({a}) { var got = a } got'],
  [1, 'var x = 1; function f(a = () => x) { var x = 2; return a() } f()'],
  [3, 'const {length} = "abc"; length'],
  [[1, 3], 'let [a1 = 1, , b1] = [undefined, 2, 3]; [a1,b1]'],
  [5, 'var { a: { b } = { b: 5 } } = {} as any; b'],
  [[2, 1], 'let s = 1, t = 2; [s, t] = [t, s]'],
  [[2, 1], '[s, t]'],
  [{ a: 4 }, 'let aa; ({ a: aa } = { a: 4 })'],
  ['a\\n', 'String.raw`a\\n`'],
  [5, 'function fa() {} fa = 5 as any; fa'],
  [3, 'class Bb {} Bb = 3 as any; Bb'],
  [120, 'const ff = function fact(n: number): number { return n < 2 ? 1 : n * fact(n-1) }; ff(5)'],
  [3, 'const o = { fetch() { return 1 } }; const fetch = 2; o.fetch() + fetch'],
  [2, 'fetch: for(;;) break fetch; fetch'],
  ['x', "const name = 'x'; ((a = name) => a)()"],
  [2, '(({ name }) => name)({ name: 2 })'],
  [3, 'let v; for (const { name } of [{name: 3}]) v = name; v'],
  [7, 'try { throw 7 } catch (name) { var c7 = name } c7'],
  [8, 'function pf(fetch: any) { return fetch } pf(8)'],
  ['x', 'let q; ({ q = name } = {} as any); q'],
  [[1, 'number'], 'let name = 0; name++; [name, typeof name]'],
  [6, 'name += 5; name'],
  [[0, 'A'], 'enum Event { A } [Event.A, Event[0]]'],
  [1, 'namespace Response { export const x = 1 }; Response.x'],
  [[true, 'Headers'], 'class Headers extends Map {} ; [new Headers() instanceof Map, Headers.name]'],
  [[1, 2], 'enum E1 { A = 1, B = A << 1 } [E1.A, E1.B]'],
  ['q', 'export enum Blob { A = "q" } Blob.A'],
  [[1, 2], 'function URL() { return 1 } namespace URL { export const y = 2 } [URL(), URL.y]'],
  [[1, 'fetch'], 'async function fetch() { return 1 } [await fetch(), fetch.name]'],
  [{ fetch: 9 }, 'var fetch = 9; ({ fetch })'],
  [10, 'for (var fetch = 0; fetch < 10; fetch++); fetch'],
  [3, 'for (var fetch of [1,2,3]); fetch'],
  [4, 'const { performance } = { performance: 4 }; performance'],
  [4, 'const [ crypto = 4 ] = []; crypto'],
  [true, 'typeof structuredClone === "function" && new Error("x") instanceof Error'],
  ['hi 1', 'const w1 = 1; `hi ${w1}`'],
  [[1, 2, 3], 'function* g1() { const x: any = yield 1; yield* [2, 3] } [...g1()]'],
  [2, 'class S1 { static #c = 0; static { S1.#c = 2 } static get c() { return S1.#c } } S1.c'],
  [undefined, 'async function nothing() {}'],
  [1, 'var { length: len } = [1]; len'],
  ['function', 'typeof async function() {}'],
  [3, '(function () { return arguments.length })(1,2,3)'],
  ['ReferenceError', 'try { arguments; 1 } catch (e: any) { var ar = e.name } ar'],
  [5, 'await (async () => 5)()'],
  [[1, 2], 'await Promise.all([1, Promise.resolve(2)])'],
  [9, 'const p = new Promise<number>((r) => setTimeout(r, 1, 9)); await p'],
  [2, 'const größe = 1; größe + 1'],
  ['ok', 'outer: for (const i of [1,2]) { for (const j of [1]) { continue outer } } "ok"'],
  [3, 'if (true) { function inBlock() { return 3 } var r3 = inBlock() } r3'],
  [0, 'let u; u ??= 0; u'],
  [[{ n: 1 }], 'let list = [{n: 0}]; for (list[0].n of [1]); list'],
  ['b', 'const k = "b"; const { [k]: kk } = { b: "b" }; kk'],
  ['x1', 'const ob = { m() { return super.toString ? "x1" : 0 } }; ob.m()'],
  [7, 'let ev = 3; eval("ev = 7"); ev'],
  [true, 'globalThis === this || this === undefined'],
  [1, 'var v1 = 1; var v1; v1'],
  [[1, 1], 'const d1 = 1\nconst fn1 = () => d1\n;[d1, fn1()]'],
  ['yes', 'const big = 10n ** 2n; big === 100n ? "yes" : "no"'],
  [6, 'let total = 0; for await (const x of [1, Promise.resolve(2), 3]) total += x; total'],
  [
    2,
    'async function* ag() { try { yield 1; yield 2 } finally { var fin = 1 } } let lastv; for await (lastv of ag()); lastv',
  ],
  ['a,b', 'import path, { sep } from "node:path"; export { path }; ["a","b"].join()'],
  ['/', 'path.sep'],
  [3, 'declare const nowhere: number; let used: typeof nowhere = 3; used'],
  ['C', 'abstract class Ab { abstract n: string } class Cc extends Ab { n = "C" } new Cc().n'],
  [3, 'function over(a: string): void; function over(a: number): number; function over(a: any) { return a } over(3)'],
  [undefined, 'type Foo<T> = T extends string ? 1 : 2; interface Bar<T> extends Array<T> {}'],
  [[1], 'const tuple = [1] as const; tuple satisfies readonly number[]'],
  ['8', `const dm = (v: any, c: any) => v; class Dm { @dm m() { return '8' } static s = 1; #p = 1 } new Dm().m()`],
  [4, 'class Acc { static accessor z = 4 } Acc.z'],
  ['SyntaxError', 'let se; try { new Function("return (") } catch (x: any) { se = x.name } se'],
  [5, 'let \\u0061bc = 5; abc'],
  [[3, 4], 'const wm = { a: 3, get b() { return 4 } }; [wm.a, wm.b]'],
  [11, 'label1: { var lb = 11; break label1 } lb'],
  [1, 'do { var dw = 1 } while (false); dw'],
  [2, 'let cl = 0; { class cl2 { static x = 2 } cl = cl2.x } cl'],
  ['fallback', 'const opt: any = undefined; opt?.a.b ?? "fallback"'],
  [[undefined, 1], 'let l1, l2 = 1; [l1, l2]'],
  [5, 'x = 5'],
  ['ERR TypeError: Assignment to constant variable.', 'const cst = 1', '[cst] = [2]'],
  ['ERR TypeError: Assignment to constant variable.', 'for (cst of [1]);'],
  [3, 'function ap(cst: number) { cst = 3; return cst } ap(1)'],
  [4, '{ let cst = 1; cst = 4; var ct4 = cst } ct4'],
  ['constructor', 'const toString = "constructor"; toString'],
  ['p', 'const __proto__ = "p"; __proto__'],
  [[1, 2], 'const constructor = 1, hasOwnProperty = 2; [constructor, hasOwnProperty]'],
  [1, 'let let1 = 1 /* c */ // d\n/* e */ ; let1 // f'],
  ['ok', 'const tpl = `${(() => { const inner = `x`; return "ok" })()}`; tpl'],
  [2, 'const id = (x: any) => x; id<number>(2)'],
  [true, 'const re = /[/\\]]+/u; re.test("]")'],
  [false, '1 < 2 && 3 > 4'],
  [3, 'const gen = class<T> { v: T; constructor(v: T) { this.v = v } }; new gen(3).v'],
  [{ a: 1, b: 2 }, 'const sp = { a: 1, ...{ b: 2 } }; sp'],
  ['done', 'setTimeout(() => {}, 0); "done"'],
];

describe('the language', () => {
  const evaluator = new Evaluator({ folder: tmpdir(), redirects: [] });
  let count = 0;
  for (const [want, ...codes] of cells) {
    it(codes.join(' ⏎ '), async () => {
      let value: unknown;
      try {
        for (const code of codes) value = await evaluator.prepare(code, `In[${++count}]`).run();
      } catch (error) {
        value = `ERR ${error}`;
      }
      assert.deepEqual(value, want);
    });
  }
});
