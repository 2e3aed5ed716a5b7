import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { endOpen } from '../../src/display/open.ts';
import { progress } from '../../src/display/progress.ts';
import { live } from './live.ts';

const text = () => live.last()['text/plain']!;
const displays = () => live.outputs.filter(({ type }) => type === 'display').length;

async function* slowly<T>(items: readonly T[]) {
  for (const item of items) {
    await delay(1);
    yield item;
  }
}

test('what is gone through comes as it is: counts, arrays, sets, strings, generators, array-likes', () => {
  const cases: [unknown, unknown[], RegExp][] = [
    [3, [0, 1, 2], /100 % ━{24} 3\/3 in /],
    [['a', 'b'], ['a', 'b'], / 2\/2 in /],
    [new Set([1, 2]), [1, 2], / 2\/2 in /],
    [Int8Array.of(5), [5], / 1\/1 in /],
    [new Map([[1, 2]]), [[1, 2]], / 1\/1 in /],
    ['héß', ['h', 'é', 'ß'], / 3\/3 in /],
    [{ length: 2, 0: 'x', 1: 'y' }, ['x', 'y'], / 2\/2 in /],
    [[1, 2, 3].values(), [1, 2, 3], /^what {2}3 in /],
    [0, [], / 0\/0 in /],
  ];
  for (const [items, expected, words] of cases) {
    assert.deepEqual([...(progress(items as Iterable<unknown>, 'what') as Iterable<unknown>)], expected);
    assert.match(text(), words);
  }
});

test('for await goes through async items, and through promises', async () => {
  const seen: number[] = [];
  for await (const value of progress(slowly([1, 2, 3]), { label: 'pages', total: 3, unit: 'pages' })) seen.push(value);
  for await (const value of progress([Promise.resolve(4)])) seen.push(value);
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.match(
    (live.outputs.find(({ type }) => type === 'update_display') as never as { data: Record<string, string> }).data[
      'text/plain'
    ]!,
    /pages/,
  );
  assert.match(text(), /100 % .* 1\/1 in/);
});

test('one display for a loop, and few updates however many items there are', () => {
  for (const _ of progress(200_000, 'counting'));
  assert.equal(displays(), 1);
  assert.ok(live.outputs.length < 100, `${live.outputs.length}`);
  assert.match(text(), /^counting {2}100 % ━+ 200,000\/200,000 in [\d.]+ s · [\d,]+\/s$/);
  assert.ok(text().length <= 80);
});

test('a running loop tells how far it is, how fast and how long still', () => {
  for (const at of progress(10, { label: '<b>load', unit: 'files' })) {
    const until = performance.now() + 30;
    while (performance.now() < until);
    if (at === 8) {
      assert.match(text(), /^<b>load {3}[3-9]0 % ━+╺─* [3-9]\/10 files · [\d.]+ files\/s · [\d.]+ s left$/);
      assert.match(live.last()['text/html']!, /&lt;b&gt;load/);
    }
  }
});

test('a loop within another is a line below it, told in sum at the end', () => {
  for (const epoch of progress(3, 'epochs')) for (const _ of progress(4 + epoch, 'batches'));
  assert.equal(displays(), 1);
  const [first, second, ...more] = text().split('\n');
  assert.match(first!, /^epochs {3}100 % ━+ 3\/3 in /);
  assert.match(second!, /^batches {2}100 % ━+ 15 in 3 rounds, /);
  assert.deepEqual(more, []);
});

test('loops that run side by side share a display', async () => {
  const load = async (name: string) => {
    for await (const _ of progress(slowly([1, 2, 3]), name));
  };
  await Promise.all([load('one'), load('two')]);
  assert.equal(displays(), 1);
  assert.match(text(), /^one {2}3 in .*\ntwo {2}3 in /);
});

test('a loop that is left or that throws ends its bar, and closes what it went through', () => {
  let closed = 0;
  function* items() {
    try {
      yield* [1, 2, 3, 4];
    } finally {
      closed++;
    }
  }
  for (const item of progress(items(), { total: 4 })) if (item === 3) break;
  assert.match(text(), /50 % ━+╺─+ 2\/4, left after /);
  assert.throws(() => {
    for (const _ of progress(items(), 'work')) throw new Error('mine');
  }, /mine/);
  assert.match(text(), /^work {2}0, left after/);
  assert.equal(closed, 2);
});

test('what fails by itself says so, and throws what it threw', async () => {
  function* broken() {
    yield 1;
    throw new Error('torn');
  }
  assert.throws(() => [...progress(broken(), 'tape')], /torn/);
  assert.match(text(), /^tape {2}0, failed after/);
  async function* late() {
    yield 1;
    throw new Error('late');
  }
  await assert.rejects(async () => {
    for await (const _ of progress(late()));
  }, /late/);
  assert.match(text(), /^0, failed after/);
});

test('an interrupt or an error of the cell ends a bar; a cell that went well leaves it to its loop', () => {
  const iterator = progress(5, 'by hand')[Symbol.iterator]();
  iterator.next();
  iterator.next();
  endOpen({ status: 'interrupted' });
  assert.match(text(), /1\/5, interrupted after/);
  live.cell++;
  const other = progress(2, 'behind')[Symbol.iterator]();
  other.next();
  endOpen({ status: 'ok' });
  assert.match(text(), /0\/2/);
  other.next();
  other.next();
  assert.match(text(), /2\/2 in/);
});

test('half a character in a label can be sent', () => {
  for (const _ of progress(1, 'a\ud800b'));
  assert.match(text(), /^a\ufffdb /);
  assert.match(live.last()['text/html']!, /a\ufffdb/);
});

test('many loops at one time are counted', () => {
  const open = Array.from({ length: 11 }, (_, i) => progress(2, `loop ${i}`)[Symbol.iterator]());
  for (const one of open) one.next();
  for (const one of open) one.return!();
  assert.match(text(), /\nand 3 more$/);
});

test('what can’t be gone through is told', () => {
  const wrong: [unknown[], string, string][] = [
    [[-1], 'RangeError', 'progress: a count must be a whole number from 0 on, got -1'],
    [[Number.NaN], 'RangeError', 'progress: a count must be a whole number from 0 on, got NaN'],
    [[null], 'TypeError', 'progress: items must be a count, an array, or what for … of goes through, got null'],
    [[{}], 'TypeError', 'progress: items must be a count, an array, or what for … of goes through, got object'],
    [[[1], 5], 'TypeError', 'progress: a label must be a string, got number'],
    [[[1], { total: -1 }], 'RangeError', 'progress: total must be a number from 0 on, got -1'],
  ];
  for (const [values, name, message] of wrong) assert.throws(() => progress(...(values as [never])), { name, message });
});
