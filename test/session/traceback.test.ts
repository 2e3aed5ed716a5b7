// What a person reads when their code fails: the right line, as they typed it, whatever was thrown.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { cellError } from '../../src/session/errors/traceback.ts';
import { Evaluator } from '../../src/session/evaluate.ts';
import type { CellError } from '../../src/session/types.ts';

const evaluator = new Evaluator({ folder: tmpdir(), redirects: [] });

/** What the cell throws, drawn without colours. */
async function failure(code: string, name = 'In[1]'): Promise<CellError> {
  try {
    await evaluator.prepare(code, name).run();
  } catch (error) {
    const { name, message, traceback } = cellError(error);
    return { name, message, traceback: traceback.map(stripVTControlCharacters) };
  }
  throw new Error('the cell did not fail');
}

async function lines(code: string, name?: string): Promise<string> {
  return (await failure(code, name)).traceback.join('\n');
}

describe('a thrown error', () => {
  it('is told with its lines, as they were typed', async () => {
    const code = [
      'type A = {',
      '  a: number',
      '}',
      '',
      'function boom(x: A): never {',
      '',
      '  throw new TypeError("line 7")',
      '}',
      'const zz: number = 1',
      'boom({ a: 1 })',
    ].join('\n');
    assert.deepEqual(await failure(code, 'In[12]'), {
      name: 'TypeError',
      message: 'line 7',
      traceback: [
        'TypeError: line 7',
        '    at In[12]:7:9 in boom',
        '       5 | function boom(x: A): never {',
        '       6 |',
        '--->   7 |   throw new TypeError("line 7")',
        '       8 | }',
        '       9 | const zz: number = 1',
        '    at In[12]:10:1',
        '--->  10 | boom({ a: 1 })',
      ],
    });
  });

  it('names the cell that a function came from', async () => {
    await evaluator.prepare('// one\nfunction older() {\n  noSuchName\n}', 'In[2]').run();
    const text = await lines('older()', 'In[3]');
    assert.match(text, /In\[2\]:3:3 in older/);
    assert.match(text, /In\[3\]:1:1/);
  });

  it('keeps the text of a cell whose name came up again', async () => {
    await evaluator.prepare('function again() {\n\n  throw new Error("first")\n}', 'In[4]').run();
    await evaluator.prepare('const other = 1', 'In[4]').run();
    assert.match(
      await lines('again()', 'In[4]'),
      /In\[4\]:3:9 in again\n.*\n.*\n---> {3}3 \| {3}throw new Error\("first"\)/,
    );
  });

  it('is told across awaits', async () => {
    const text = await lines('async function later() {\n  await null\n  throw new Error("late")\n}\n\nawait later()');
    assert.match(text, /In\[1\]:3:9 in later/);
    assert.match(text, /In\[1\]:6:1/);
  });

  it('is told in a cell that esbuild compiled', async () => {
    const code =
      'const d = (v: any, c: any) => v\nclass K {\n  @d m(): void {\n    throw new Error("decorated")\n  }\n}\nnew K().m()';
    const text = await lines(code);
    assert.match(text, /In\[1\]:4:11/);
    assert.match(text, /In\[1\]:7:9/);
  });

  it('is told in functions, classes, namespaces and defaults at their own lines', async () => {
    const places: [code: string, place: RegExp][] = [
      ['export default (() => {\n  throw new Error("x")\n})()', /In\[1\]:2:9/],
      ['namespace N {\n  export const f = () => {\n    throw new Error("x")\n  }\n}\nN.f()', /In\[1\]:3:11/],
      ['class C {\n  static x: number = (() => { throw new Error("x") })()\n}', /In\[1\]:2:37/],
      ['const { a = (() => { throw new Error("x") })() }: any = {}', /In\[1\]:1:28/],
      ['const é = "😀"; throw new Error("x")', /In\[1\]:1:23/],
      ['for (var i = 0; i < 2; i++) {\n  if (i) throw new Error("x")\n}', /In\[1\]:2:16/],
      ['const fetch = () => {\n  throw new Error("x")\n}\nfetch()', /In\[1\]:2:9 in fetch/],
      ['import { join } from "node:path"\n\njoin(1 as any)', /In\[1\]:3:1/],
      ['%magic\n\nundefinedName', /In\[1\]:1/],
    ];
    for (const [code, place] of places) assert.match(await lines(code), place, code);
  });

  it('shows no frame of the session or of Node', async () => {
    for (const code of [
      'JSON.parse("{")',
      'import fs from "fs"; fs.readFileSync("/no such file")',
      '[1].map(() => { throw new Error("x") })',
    ]) {
      const text = await lines(code);
      assert.doesNotMatch(text, /node:|dist\/src|evaluate|<anonymous>/, text);
      assert.match(text, /In\[1\]:1:/);
    }
  });

  it('says how to get a package that is not there', async () => {
    assert.match(
      await lines('\nimport x from "@none/such/deep"\nx'),
      /In\[1\]:2:1\n(.*\n)+ +%npm install @none\/such installs it beside the notebook$/,
    );
    assert.match(await lines('require("no-such")'), /%npm install no-such/);
    assert.doesNotMatch(await lines('await import("./no-such.ts")'), /npm/);
  });

  it('counts the calls of a deep recursion', async () => {
    const text = await lines('const deep = (n: number): number => deep(n + 1) + 1\ndeep(0)');
    assert.match(text, /^RangeError: Maximum call stack/);
    assert.match(text, /… and \d+ more calls$/);
    assert.ok(text.length < 2000);
  });

  it('tells its causes and the errors it gathers', async () => {
    const text = await lines('throw new Error("top", { cause: new TypeError("why", { cause: "deep" }) })');
    assert.match(text, /^Error: top/);
    assert.match(text, /^Caused by TypeError: why/m);
    assert.match(text, /^Caused by Uncaught: 'deep'/m);
    const many = await lines(
      'await Promise.any([Promise.reject(new Error("a")), Promise.reject(new RangeError("b"))])',
    );
    assert.match(many, /^AggregateError: All promises were rejected/);
    assert.match(many, /^\[0\] Error: a/m);
    assert.match(many, /^\[1\] RangeError: b/m);
  });

  it('ends with causes that go in a circle', async () => {
    assert.match(await lines('const e = new Error("round") as any; e.cause = e; throw e'), /^Error: round/);
  });

  it('that comes from a built-in module is told at the await that waits for it', async () => {
    const text = await lines('import { readFile } from "node:fs/promises"\n\nawait readFile("/no such file")');
    assert.match(text, /^Error: ENOENT.*\n {4}at In\[1\]:3:1\n/);
    const inner = await lines(
      'const f = async () => {\n  await import("node:fs/promises").then((fs) => fs.readFile("/no such file"))\n}\nawait f()',
    );
    assert.match(inner, /at In\[1\]:2:3/);
    assert.match(
      await lines('for await (const line of (await import("node:fs")).createReadStream("/no such file")) {}'),
      /at In\[1\]:1:\d+\n/,
    );
  });

  it('has the name of its class', async () => {
    assert.equal((await failure('class ShapeError extends Error {}\nthrow new ShapeError("s")')).name, 'ShapeError');
    assert.equal((await failure('throw Object.assign(new Error("s"), { name: "Mine" })')).name, 'Mine');
  });

  it('keeps the lines of its message', async () => {
    assert.deepEqual((await failure('throw new Error("a\\nb")')).traceback.slice(0, 2), ['Error: a', 'b']);
  });

  it('maps the stack that the code itself reads', async () => {
    const stack = await evaluator.prepare('type T = 1\n\nnew Error("x").stack', 'In[9]').run();
    assert.equal(stack, 'Error: x\n    at In[9]:3:1');
  });
});

describe('a syntax error', () => {
  it('is told with its line and a caret', async () => {
    assert.deepEqual(await failure('const q = 1;\nconst r = ;\n', 'In[5]'), {
      name: 'SyntaxError',
      message: 'Unexpected token',
      traceback: [
        'SyntaxError: Unexpected token',
        '    at In[5]:2:11',
        '       1 | const q = 1;',
        '--->   2 | const r = ;',
        '         |           ^',
        '       3 |',
      ],
    });
  });

  it('that only the engine sees is told at its place', async () => {
    assert.match(
      await lines('const a: number = 1;\n  /(?<n>a)(?<n>b)/'),
      /In\[1\]:2:3\n.*\n---> {3}2 \|.*\n *\| {3}\^+/,
    );
  });

  it('keeps tabs before its caret', async () => {
    assert.match(await lines('\tconst r = ;'), /\n {9}\| \t {10}\^$/);
  });
});

describe('what is no error', () => {
  const thrown: [code: string, message: string][] = [
    ['throw 5', '5'],
    ['throw "text"', "'text'"],
    ['throw { a: 1 }', '{ a: 1 }'],
    ['throw undefined', 'undefined'],
    ['throw null', 'null'],
    ['throw Symbol("s")', 'Symbol(s)'],
    ['throw () => 1', '[Function (anonymous)]'],
    ['await Promise.reject(7)', '7'],
  ];
  for (const [code, message] of thrown) {
    it(`is shown: ${code}`, async () => {
      assert.deepEqual(await failure(code), { name: 'Uncaught', message, traceback: [`Uncaught: ${message}`] });
    });
  }
});

describe('what fights being looked at', () => {
  const hostile = [
    'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, has() { throw 3 }, ownKeys() { throw 4 } })',
    'throw new Proxy(new Error("p"), { get() { throw 1 } })',
    'const e = new Error("m"); Object.defineProperty(e, "message", { get() { throw 1 } }); throw e',
    'const e = new Error("m"); Object.defineProperty(e, "stack", { get() { throw 1 } }); throw e',
    'const e = new Error("m"); Object.defineProperty(e, "name", { value: { toString() { throw 1 } } }); throw e',
    'const e = new Error("m"); Object.defineProperty(e, "cause", { get() { throw 1 } }); throw e',
    'const e = new Error("m"); Object.defineProperty(e, "constructor", { get() { throw 1 } }); throw e',
    'const e = new Error("m"); (e as any).stack = 5; throw e',
    'const e = new Error("m"); (e as any).message = { a: 1 }; throw e',
    'throw { get message() { throw 1 }, get stack() { throw 2 } }',
    'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw 1 } }',
    'throw Object.create(null)',
    'const r = Proxy.revocable({}, {}); r.revoke(); throw r.proxy',
    'Error.prepareStackTrace = () => { throw 1 }; throw new Error("mine")',
    'Error.prepareStackTrace = () => 5; throw new Error("mine")',
    'throw new AggregateError(new Array(1000).fill(0).map((_, i) => new Error("e" + i)), "many")',
    'throw new Error("x".repeat(1e6))',
  ];
  for (const code of hostile) {
    it(`is drawn: ${code.slice(0, 90)}`, async () => {
      const prepare = Error.prepareStackTrace;
      const { name, traceback } = await failure(`{ ${code} }`);
      Error.prepareStackTrace = prepare;
      assert.ok(name.length > 0);
      assert.ok(traceback.length > 0 && traceback.join('\n').length < 20_000);
    });
  }
});
