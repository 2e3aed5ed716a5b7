// Values in a line, at once and without running their code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { glance } from '../../src/display/glance.ts';

test('a value is told by its first items, each in a word or two', () => {
  const rows: [unknown, string][] = [
    [1, '1'],
    [-0, '-0'],
    [2n, '2n'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('s'), 'Symbol(s)'],
    ['say "x"\n', '"say \\"x\\"\\n"'],
    ['y'.repeat(1000), `"${'y'.repeat(60)}…"`],
    [() => 1, 'function'],
    [[1, [2, [3, [4]]]], '[1, [2, Array]]'],
    [Array(3), '[empty, empty, empty]'],
    [new Float32Array(1_000_000), '[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, … 999990 more]'],
    [{ a: { b: 'x' }, c: [true] }, '{ a: { b: "x" }, c: [true] }'],
    [{}, '{}'],
    [new Map([[1, 2]]), 'Map of 1'],
    [new Set('ab'), 'Set of 2'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'Invalid Date'],
    [
      new (class Point {
        x = 1;
      })(),
      '{ x: 1 }',
    ],
    [/x/, 'RegExp'],
  ];
  for (const [value, text] of rows) assert.equal(glance(value), text);
});

test('no getter and no trap runs', () => {
  const fail = () => {
    throw new Error('ran');
  };
  const value = {
    get loud() {
      return fail();
    },
    proxy: new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }),
  };
  assert.equal(glance(value), '{ loud: [Getter], proxy: Proxy }');
});
