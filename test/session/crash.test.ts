import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();

async function survives(code: string, error: RegExp): Promise<void> {
  await session.run('let before = 1');
  const ran = await session.run(code);
  assert.match(errorOf(ran) ?? '', error);
  assert.equal((await session.run('1 + 1')).value, '2');
  assert.match(errorOf(await session.run('before')) ?? '', /^ReferenceError/);
}

test('process.exit in a cell is the error of that cell, and a fresh session goes on', async () => {
  await survives('console.log("last words"); process.exit(3)', /^SessionEnded: .*code 3/);
});

test('what a cell printed before it ended the session is shown', async () => {
  const ran = await session.run('for (let i = 0; i < 100; i++) console.log(i); process.exit(0)');
  assert.equal(ran.stdout, Array.from({ length: 100 }, (_, i) => `${i}\n`).join(''));
});

test('a signal that kills the session is named', async () => {
  await survives('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', /^SessionEnded: .*SIGKILL/);
});

test('a native abort is named', async () => {
  await survives('process.abort()', /^SessionEnded: .*SIGABRT/);
});

test('an exhausted heap is named, and its report stays out of the cell', async () => {
  process.env.NODE_OPTIONS = '--max-old-space-size=64';
  const small = new TestSession();
  const ran = await small.run('const hog: number[][] = []; for (;;) hog.push(new Array(1e5).fill(1.5))');
  delete process.env.NODE_OPTIONS;
  assert.match(errorOf(ran) ?? '', /^SessionEnded: .*heap/);
  assert.equal(ran.stderr, '');
  assert.equal((await small.run('2')).value, '2');
  await small.close();
});

test('a session that ends while no cell runs is told of in the next cell', async () => {
  await session.run('setTimeout(() => process.exit(5), 20)');
  const { pid } = session.client;
  while (session.client.pid === pid) await new Promise((resolve) => setTimeout(resolve, 10));
  const next = await session.run('1');
  assert.match(next.stdout, /exited with code 5/);
  assert.equal(next.value, '1');
});

test('a cell sent around the news that the idle session died runs in the fresh one, which says so', async () => {
  // In the same turn the front can't know; in the next few it learns of it piece by piece.
  for (let turns = 0; turns < 12; turns++) {
    await session.run('let before = 1');
    process.kill(session.client.pid!, 'SIGKILL');
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    const next = await session.run('console.log("ran"); typeof before');
    assert.match(next.stdout, /SIGKILL.* fresh session\.\nran\n$/s, `after ${turns} turns: ${errorOf(next)}`);
    assert.equal(next.value, "'undefined'");
  }
});

test('a cell that has begun is not run again, whatever was asked behind it', async () => {
  const { next, client } = session;
  const ran = session.run('console.log("begun"); for (;;);');
  await session.printed(next, 'begun');
  await Promise.all([client.complete('x', 1), client.inspect('x', 1, 0)]);
  process.kill(client.pid!, 'SIGKILL');
  assert.match(errorOf(await ran) ?? '', /^SessionEnded: .*SIGKILL/);
});

test('a session that ends by itself before it has run a cell is started again by a cell alone, not in a loop', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-'));
  const [program, starts, sound] = ['die.cjs', 'starts', 'sound'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  // It starts well, and then ends: nothing that its front could see as a failure to start.
  const code = `if (!require('node:worker_threads').isMainThread) return;
    const fs = require('node:fs');
    fs.appendFileSync(${JSON.stringify(starts)}, 'x');
    if (!fs.existsSync(${JSON.stringify(sound)})) setTimeout(() => process.exit(7), 500);`;
  writeFileSync(program, code);
  process.env.NODE_OPTIONS = `--require ${program}`;
  const doomed = new TestSession();
  try {
    // Gone, and no other in its place.
    while (doomed.client.pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(readFileSync(starts, 'utf8'), 'x');
    writeFileSync(sound, '');
    const next = await doomed.run('1 + 1');
    assert.match(next.stdout, /ended.*variables are gone|could not start/);
    assert.equal(next.value, '2');
  } finally {
    delete process.env.NODE_OPTIONS;
    await doomed.close();
  }
});

test('%restart gives a fresh session, and the cell that asked ends well', async () => {
  await session.run('let gone = 1');
  const ran = await session.run('%restart');
  assert.equal(ran.result.status, 'ok');
  assert.match(errorOf(await session.run('gone')) ?? '', /^ReferenceError/);
});

test('a restart from outside ends the running cell with an error that says so', async () => {
  const cell = session.next;
  const running = session.run('console.log("begun"); for (;;);');
  await session.printed(cell, 'begun');
  await session.client.restart();
  assert.match(errorOf(await running) ?? '', /^SessionRestarted/);
  assert.equal((await session.run('1')).value, '1');
});

test('a busy session ends when its front is gone', async () => {
  const lone = new TestSession();
  const cell = lone.next;
  const running = lone.run('console.log("begun"); for (;;);');
  await lone.printed(cell, 'begun');
  const pid = lone.client.pid!;
  await lone.close();
  await running;
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('what a session started ends with it, unless it was started detached', async () => {
  const lone = new TestSession();
  const ran = await lone.run(`
    import { spawn } from 'node:child_process';
    const options = { stdio: 'ignore' } as const;
    [spawn('sleep', ['60'], options).pid, spawn('sleep', ['60'], { ...options, detached: true }).pid]`);
  const [child, detached] = JSON.parse(ran.value!) as [number, number];
  await lone.close();
  // The system needs a moment to end it.
  while (lives(child)) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(lives(detached), true);
  process.kill(detached);
});

/** A process that has ended and that nobody has asked after (a zombie) lives no more. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
