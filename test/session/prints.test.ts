import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prints } from '../../src/session/prints.ts';

function collect() {
  const writes: [number, string, string][] = [];
  const waiting: number[] = [];
  const prints = new Prints(
    (cell, name, text) => void writes.push([cell, name, text]),
    (number) => void waiting.push(number),
  );
  return { prints, writes, waiting };
}

test('the first print is written at once', () => {
  const { prints, writes } = collect();
  prints.print(1, 'stdout', 'a');
  assert.deepEqual(writes, [[1, 'stdout', 'a']]);
});

test('a burst loses nothing, keeps its order and takes few writes', () => {
  const { prints, writes } = collect();
  let want = '';
  for (let line = 0; line < 20_000; line++) {
    prints.print(1, 'stdout', `line ${line}\n`);
    want += `line ${line}\n`;
  }
  prints.flush();
  assert.equal(writes.map(([, , text]) => text).join(''), want);
  assert.ok(writes.length < 2_000, `${writes.length} writes`);
});

test('another cell or stream sends what waits before its own', () => {
  const { prints, writes } = collect();
  const sequence = [
    [1, 'stdout', 'a'],
    [1, 'stdout', 'b'],
    [1, 'stderr', 'c'],
    [2, 'stderr', 'd'],
    [1, 'stdout', 'e'],
  ] as const;
  for (const [cell, name, text] of sequence) prints.print(cell, name, text);
  prints.flush();
  const joined = writes.map(([cell, name, text]) => `${cell} ${name} ${text}`);
  assert.equal(writes.map(([, , text]) => text).join(''), 'abcde');
  assert.ok(
    joined.includes('1 stderr c') && joined.includes('2 stderr d') && joined.includes('1 stdout e'),
    joined.join(),
  );
});

test('text that waits is announced, and that none waits after it is sent', () => {
  const { prints, waiting } = collect();
  prints.print(1, 'stdout', 'a');
  prints.print(1, 'stdout', 'b');
  prints.flush();
  assert.deepEqual(waiting, [1, 0]);
});

test('a loop that prints for long leaves the event loop next to nothing to do', () => {
  const { prints } = collect();
  const immediates = () => process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length;
  const before = immediates();
  const end = performance.now() + 250;
  while (performance.now() < end) prints.print(1, 'stdout', 'x');
  assert.ok(immediates() - before < 6, `${immediates() - before} immediates`);
});

test('text that waits is sent when the event loop turns', async () => {
  const { prints, writes } = collect();
  prints.print(1, 'stdout', 'a');
  prints.print(1, 'stdout', 'b');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(writes.map(([, , text]) => text).join(''), 'ab');
});
