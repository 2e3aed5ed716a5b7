// What is known of values while a cell is in a loop: what they were behind the cell before it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastSeen } from '../../src/session/last-seen.ts';
import { Snapshot } from '../../src/session/snapshot.ts';
import { TestSession } from './harness.ts';

process.env.TENSORCELL_BACKEND = 'cpu';

test('a name is told with its value while a loop runs, without running code of the value', async () => {
  const session = new TestSession();
  await session.run(`
    let ran = 0;
    let count = 1;
    const rows = [{ city: 'Rome' }, { city: 'Oslo' }];
    const loud = { get size() { return ++ran }, [Symbol.for('nodejs.util.inspect.custom')]() { ran++; return 'x' } };
    const guarded = new Proxy({ a: 1 }, { get() { ran++ }, ownKeys() { ran++; return [] } });
    const matrix = tf.ones([2, 3]);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] })] });`);
  await session.run('count = 41');
  await session.run('count += 1');
  const cell = session.next;
  const loop = session.run('console.log("in"); for (;;);');
  await session.printed(cell, 'in');
  const told = async (name: string) =>
    String((await session.client.inspect(name, name.length, 0))?.data['text/plain']).replace(
      '\n(before the cell that is running)',
      '',
    );
  assert.equal(await told('count'), 'count: number\n\n42');
  assert.equal(await told('rows'), 'rows: Array(2)\n\n[{ city: "Rome" }, { city: "Oslo" }]');
  assert.match(await told('loud'), /^loud: Object\n\n.*\[Getter\]/s);
  assert.match(await told('guarded'), /^guarded: Proxy\n\nProxy$/);
  assert.match(await told('matrix'), /^matrix: Tensor\n\nTensor float32 \[2, 3\] · 24 B · cpu$/);
  assert.match(await told('model'), /^model: Sequential\n\nSequential "sequential_\d+" · 16 parameters$/);
  session.client.interrupt();
  await loop;
  assert.equal((await session.run('ran')).value, '0');
});

test('only what has changed is told, and names that are gone', () => {
  const values = new Map<string, unknown>([
    ['a', 1],
    ['b', 'text'],
  ]);
  const snapshot = new Snapshot(
    { names: () => values, touched: () => ['a', 'b', 'unknown'], read: (name) => values.get(name) },
    [],
  );
  assert.deepEqual(snapshot.changes(), { a: 'number\n\n1', b: 'string\n\n"text"' });
  assert.equal(snapshot.changes(), undefined);
  values.set('a', 2);
  values.delete('b');
  assert.deepEqual(snapshot.changes(), { a: 'number\n\n2', b: null });
  const seen = new LastSeen();
  seen.take({ a: 'number\n\n2' });
  assert.match(String(seen.inspect('a + 1', 1)?.data['text/plain']), /^a: number\n\n2\n\(before/);
  assert.equal(seen.inspect('x.a', 3), undefined);
  seen.take({ a: null });
  assert.equal(seen.inspect('a', 1), undefined);
});

test('names that no cell touches are looked at in turn', () => {
  const values = new Map(Array.from({ length: 3000 }, (_, i): [string, unknown] => [`v${i}`, 0]));
  const snapshot = new Snapshot({ names: () => values, touched: () => [], read: (name) => values.get(name) }, []);
  const told = new Set<string>();
  for (let looks = 0; looks < 3000 && told.size < 3000; looks++)
    for (const name of Object.keys(snapshot.changes() ?? {})) told.add(name);
  assert.equal(told.size, 3000);
});
