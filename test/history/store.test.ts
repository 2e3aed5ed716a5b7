// The history's store over real files and threads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { HistoryStore } from '../../src/history/store.ts';
import type { HistoryQuery } from '../../src/history/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'tc-history-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const freshFile = () => join(folder, `${++files}`, 'history.sqlite');

const log: string[] = [];
const open = (file: string | undefined) => new HistoryStore(file, (line) => log.push(line));

async function fill(file: string, inputs: readonly string[]): Promise<void> {
  const store = open(file);
  inputs.forEach((input, at) => {
    store.add(at + 1, input);
  });
  await store.close();
}

/** `session:line input` of each cell. */
async function ask(store: HistoryStore, query: HistoryQuery): Promise<string[]> {
  return (await store.read(query)).map(({ session, line, input }) => `${session}:${line} ${input}`);
}

test('cells live on in the file; tail, range and search reach over sessions', async () => {
  const file = freshFile();
  await fill(file, ['a = 1', 'b = 2', 'a = 1']);
  await fill(file, ['c\nd']);
  const store = open(file);
  const range = (session: number, start = 1, stop: number | null = null) =>
    ask(store, { kind: 'range', session, start, stop });
  assert.deepEqual(await range(-1), ['2:1 c\nd'], 'before a cell of its own');
  store.add(1, 'a = 2');
  store.add(2, '  ');
  assert.deepEqual(await ask(store, { kind: 'tail', n: 3 }), ['1:3 a = 1', '2:1 c\nd', '3:1 a = 2']);
  assert.deepEqual(await ask(store, { kind: 'tail', n: -1 }), []);
  assert.deepEqual(await range(0), ['3:1 a = 2']);
  assert.deepEqual(await range(-2, 2), ['1:2 b = 2', '1:3 a = 1']);
  assert.deepEqual(await range(1, 1, 3), ['1:1 a = 1', '1:2 b = 2']);
  assert.deepEqual(await range(1, -2, 0), ['1:2 b = 2', '1:3 a = 1']);
  assert.deepEqual(await range(1, 1, -1), ['1:1 a = 1', '1:2 b = 2']);
  assert.deepEqual(await range(9), []);
  const search = (pattern: string, unique: boolean, n: number | null) =>
    ask(store, { kind: 'search', pattern, unique, n });
  assert.deepEqual(await search('a*', false, null), ['1:1 a = 1', '1:3 a = 1', '3:1 a = 2']);
  assert.deepEqual(await search('a*', true, null), ['1:3 a = 1', '3:1 a = 2']);
  assert.deepEqual(await search('* = ?', true, 2), ['1:3 a = 1', '3:1 a = 2']);
  assert.deepEqual(await search('c*d', false, 5), ['2:1 c\nd']);
  assert.deepEqual(await search('=', false, null), []);
  await store.close();
  assert.equal(statSync(file).mode & 0o077, 0, 'nobody else may read it');
});

test('values are kept beside their cells', async () => {
  const file = freshFile();
  const store = open(file);
  store.add(1, '6 * 7');
  store.addOutput(1, '42');
  store.addOutput(2, 'of a cell that is not kept');
  await store.close();
  const again = open(file);
  assert.deepEqual(await again.read({ kind: 'tail', n: 9 }), [{ session: 1, line: 1, input: '6 * 7', output: '42' }]);
  await again.close();
});

test('two that write at once lose nothing', async () => {
  const file = freshFile();
  const stores = [open(file), open(file), open(file)];
  for (let line = 1; line <= 20; line++) {
    for (const store of stores) store.add(line, `${line}`);
    // Separate transactions.
    await Promise.all(stores.map((store) => store.read({ kind: 'tail', n: 1 })));
  }
  await Promise.all(stores.map((store) => store.close()));
  const reader = open(file);
  const cells = await ask(reader, { kind: 'tail', n: 1000 });
  await reader.close();
  assert.deepEqual(cells.length, 60);
  assert.equal(new Set(cells).size, 60);
  assert.deepEqual(log, []);
});

test('a process that was killed with the file in its hand holds up nobody', async () => {
  const file = freshFile();
  await fill(file, ['before']);
  const dead = spawn(process.execPath, ['-e', '0']);
  await once(dead, 'exit');
  const { hostname } = await import('node:os');
  writeFileSync(`${file}-owner`, `${dead.pid} ${hostname()}`);
  mkdirSync(`${file}.lock`);
  await fill(file, ['after']);
  const reader = open(file);
  assert.deepEqual(await ask(reader, { kind: 'tail', n: 9 }), ['1:1 before', '2:1 after']);
  await reader.close();
  assert.ok(!existsSync(`${file}-owner`));
  assert.deepEqual(log, []);
});

test('a file that is no database, or can’t be written, gives one line; cells are then remembered', async () => {
  const damaged = freshFile();
  mkdirSync(join(damaged, '..'));
  writeFileSync(damaged, 'this is no database '.repeat(500));
  const blocked = join(damaged, 'below a file', 'history.sqlite');
  for (const file of [damaged, blocked]) {
    const store = open(file);
    store.add(1, 'a');
    assert.deepEqual(await ask(store, { kind: 'tail', n: 9 }), ['1:1 a']);
    store.add(2, 'b');
    assert.deepEqual(await ask(store, { kind: 'tail', n: 9 }), ['1:1 a', '1:2 b']);
    await store.close();
    assert.equal(log.length, 1, log.join('\n'));
    assert.ok(log.pop()!.startsWith(`history: ${file} can't be used: `));
  }
});

test('without a file cells are remembered in memory', async () => {
  const store = open(undefined);
  store.add(1, 'a');
  assert.deepEqual(await ask(store, { kind: 'range', session: 0, start: 1, stop: null }), ['1:1 a']);
  await store.close();
});
