import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { asDisplay, type Display } from '../../src/display/bundle.ts';
import { formatters } from '../../src/display/formatters.ts';
import { type Formatter, render } from '../../src/display/render.ts';

/** Draws a value that must be drawn at once. */
function draw(value: unknown, table: readonly Formatter[] = formatters): Display {
  const display = render(value, table);
  assert.ok(!(display instanceof Promise), 'drawn at once');
  return display;
}

const text = (value: unknown) => draw(value).data['text/plain'];

const throwing: Formatter = {
  name: 'thrower',
  matches: () => true,
  format: () => {
    throw new RangeError('no <ink>');
  },
};
const html: Formatter = {
  name: 'html',
  matches: () => true,
  format: () => asDisplay('t', { 'text/html': '<p>h</p>' }),
};

test('plain values are drawn at once as text alone', () => {
  const expected: [unknown, string][] = [
    [2, '2'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [10n, '10n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['it', "'it'"],
    ["it's", `"it's"`],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 2], '[ 1, 2 ]'],
    [{ a: 1, b: { c: [2] } }, '{ a: 1, b: { c: [ 2 ] } }'],
    [new Map([[1, 'x']]), "Map(1) { 1 => 'x' }"],
    [class Net {}, '[class Net]'],
    [Promise.resolve(1), 'Promise { 1 }'],
    [/x/g, '/x/g'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ];
  for (const [value, shown] of expected) assert.deepEqual(draw(value), { data: { 'text/plain': shown }, metadata: {} });
  assert.equal(
    text(function f() {}),
    '[Function: f]',
  );
  assert.match(text(new TypeError('bad')), /^TypeError: bad\n {4}at /);
});

test('the marks that Node leaves on a promise while work is followed are not shown', async () => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  new AsyncLocalStorage<number>().run(6, () => {
    assert.equal(text({ p: Promise.resolve(1) }).replace(/\s+/g, ' '), '{ p: Promise { 1 } }');
    assert.equal(
      text([Promise.reject(new Error('x')).catch(() => 1)]).replace(/\s+/g, ' '),
      '[ Promise { <pending> } ]',
    );
  });
});

test('text has no colours', () => {
  assert.ok(!text({ a: 'x', b: [1, null, undefined] }).includes('\u001b'));
});

test('the first row that matches draws', () => {
  assert.equal(draw(1, [{ ...html, matches: () => false }, ...formatters]).data['text/html'], undefined);
  assert.equal(draw(1, [html, ...formatters]).data['text/html'], '<p>h</p>');
});

test('a formatter that throws is noted, in text and in HTML, and the next draws', () => {
  const { data } = draw(1, [throwing, html]);
  assert.equal(data['text/plain'], 't\n(thrower could not draw this: RangeError: no <ink>)');
  assert.equal(
    data['text/html'],
    '<p>h</p><div style="opacity:.7">(thrower could not draw this: RangeError: no &lt;ink&gt;)</div>',
  );
});

test('a match that throws, a rejection and a result that is no display fall back too', async () => {
  const bad: Partial<Formatter>[] = [
    {
      matches: () => {
        throw new Error('m');
      },
    },
    { format: () => Promise.reject(new Error('r')) },
    { format: () => ({}) as Display },
    { format: () => undefined as unknown as Display },
  ];
  for (const part of bad) {
    const { data } = await render(5, [{ ...throwing, ...part }, ...formatters]);
    assert.match(data['text/plain'], /^5\n\(thrower could not draw this: /);
  }
});

test('whatever is thrown is told in a short line', () => {
  const hostile = {
    get message() {
      throw new Error();
    },
    toString() {
      throw new Error();
    },
  };
  for (const thrown of [
    hostile,
    undefined,
    'x'.repeat(1e6),
    new Proxy(
      {},
      {
        get: () => {
          throw 1;
        },
      },
    ),
  ]) {
    const format = () => {
      throw thrown;
    };
    const { data } = draw(1, [{ ...throwing, format }, ...formatters]);
    assert.match(data['text/plain'], /^1\n\(thrower could not draw this: /);
    assert.ok(data['text/plain'].length < 300);
  }
});

test('a table without a row that draws still gives text', () => {
  assert.equal(draw({}, [throwing]).data['text/plain'].split('\n')[0], '[object]');
  assert.equal(draw(1, []).data['text/plain'], '[number]');
});

test('lone surrogates are replaced, pairs are kept', () => {
  const table: Formatter[] = [{ ...html, format: () => asDisplay('\ud800a', { 'text/html': '\ud83d\ude00\udc00' }) }];
  assert.deepEqual(draw(1, table).data, { 'text/plain': '\ufffda', 'text/html': '\ud83d\ude00\ufffd' });
  assert.doesNotMatch(text({ a: 'x\ud800' }), /\p{Surrogate}/u);
});

test('hostile values are drawn, at once and in bounds', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
  const wide = keys(50_000);
  let deep: unknown = 0;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const trap = () => {
    throw new Error('trap');
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const values: unknown[] = [
    cyclic,
    keys(1_000_000),
    { inner: wide },
    [wide, wide],
    deep,
    'x'.repeat(50_000_000),
    Array.from({ length: 100_000 }, (_, i) => ({ i, inner: { i } })),
    new Array(2 ** 32 - 1),
    new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap, has: trap }),
    new Proxy(() => undefined, { get: trap, apply: trap }),
    proxy,
    Object.create(null),
    Object.create(proxy),
    Object.defineProperty({}, 'x', { get: trap, enumerable: true }),
    {
      get [Symbol.toStringTag]() {
        return trap();
      },
    },
    { [inspect.custom]: trap },
    {
      get toHTML() {
        return trap();
      },
    },
    {
      get outerHTML() {
        return trap();
      },
    },
    { toHTML: trap, toDataURL: trap },
    // biome-ignore lint/suspicious/noThenProperty: that is the hostile part
    { then: trap },
    Object.assign(
      Object.create({
        constructor: {
          get name() {
            return trap();
          },
        },
      }),
      { a: 1 },
    ),
    new Map([[{}, new Set([cyclic])]]),
    globalThis,
    process,
  ];
  for (const value of values) {
    const display = draw(value);
    assert.equal(typeof display.data['text/plain'], 'string');
    assert.ok(JSON.stringify(display).length < 100_000, `in bounds: ${display.data['text/plain'].slice(0, 60)}`);
  }
});

test('a wide object shows its first keys, its class and how many are left', () => {
  class Weights {}
  const wide = Object.assign(new Weights(), Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])));
  assert.match(text(wide), /^Weights \{\n {2}k0: 0,[\s\S]* {2}k99: 99,\n {2}'… 4,900 more keys': …\n\}$/);
});

test('values are shown as deep as they stay readable', () => {
  assert.equal(text({ a: { b: { c: { d: 1 } } } }), '{\n  a: { b: { c: { d: 1 } } }\n}');
  const bushy = (depth: number): unknown =>
    depth === 0
      ? 'leaf'.repeat(20)
      : Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, bushy(depth - 1)]));
  assert.match(text(bushy(3)), /\[Object\]/);
  assert.ok(text(bushy(3)).length <= 20_000);
});

test('getters are not run', () => {
  let runs = 0;
  const value = {
    get outer() {
      return ++runs;
    },
    get toSpec() {
      return ++runs;
    },
  };
  draw(value);
  draw([value, value]);
  assert.equal(runs, 0);
});
