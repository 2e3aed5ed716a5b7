import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();
const INTERRUPTED = 'KeyboardInterrupt: The cell was interrupted.';

/** Runs a cell that says when it has begun, interrupts it, and gives how it ended. */
async function interrupted(code: string): Promise<string | undefined> {
  const cell = session.next;
  const running = session.run(`console.log('begun');\n${code}`);
  await session.printed(cell, 'begun');
  await new Promise((resolve) => setTimeout(resolve, 30));
  session.client.interrupt();
  return errorOf(await running);
}

const endless: Record<string, string> = {
  'a synchronous loop': 'for (;;) n++;',
  'a loop after an await': 'await null; for (;;) n++;',
  'endless microtasks': 'for (;;) { await null; n++; }',
  'a loop over timers': 'for (;;) { await new Promise((resolve) => setTimeout(resolve, 1)); n++; }',
  'a loop over timers that catches everything':
    'for (;;) try { await new Promise((resolve) => setTimeout(resolve, 1)); n++; } catch {}',
  'a printing loop': 'for (;;) console.log("x");',
  'a printing loop over awaits': 'for (;;) { console.log("x"); await null; }',
  'Atomics.wait': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  'a regular expression that backtracks for ever': '/^(a+)+$/.test("a".repeat(40) + "b");',
  'a promise that never settles': 'await new Promise(() => {});',
  'a loop in a timer': 'setTimeout(() => { for (;;) n++; }, 1); await new Promise(() => {});',
  'a loop that catches and finally loops': 'for (;;) { try { for (;;) n++; } catch {} finally { for (;;) n++; } }',
  'a child process that is waited for': 'import { spawnSync } from "node:child_process"; spawnSync("sleep", ["60"]);',
  'a child process':
    'import { spawn } from "node:child_process"; await new Promise((r) => spawn("sleep", ["60"]).on("exit", r));',
  'a shell command': '!sleep 60',
  'a shell command of several': '!sleep 60; echo never',
  'a question nobody answers': 'prompt("?")',
};

session.answer = () => new Promise(() => undefined);

test('before any interrupt the state is there', async () => {
  assert.equal((await session.run('let n = 1; const kept = { a: [1, 2] }; n')).value, '1');
});

for (const [name, code] of Object.entries(endless)) {
  test(`an interrupt ends ${name}, and the next cell runs with the state kept`, async () => {
    const asks = code.startsWith('prompt');
    if (asks) {
      const running = session.run(code, { allowStdin: true });
      await new Promise((resolve) => setTimeout(resolve, 60));
      session.client.interrupt();
      assert.equal(errorOf(await running), INTERRUPTED);
    } else {
      assert.equal(await interrupted(code), INTERRUPTED);
    }
    const next = await session.run('console.log("alive"); [n > 0, kept.a.length]');
    assert.equal(next.value, '[ true, 2 ]');
    assert.equal(next.stdout, 'alive\n');
  });
}

test('an interrupt of an idle session is harmless', async () => {
  for (let i = 0; i < 5; i++) session.client.interrupt();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await session.run('kept.a')).value, '[ 1, 2 ]');
});

test('an interrupt that comes as the cell ends does no harm, at any moment', async () => {
  for (let delay = 0; delay < 40; delay++) {
    const running = session.run(
      `const until = performance.now() + ${delay / 4}; while (performance.now() < until); ${delay}`,
    );
    await new Promise((resolve) => setTimeout(resolve, delay / 8));
    session.client.interrupt();
    await running;
    assert.equal((await session.run(`${delay}`)).value, `${delay}`);
  }
});

// Node 20 and 22 aborted in one of ten when the interrupt fell into Node's own hooks of promises.
test('endless microtasks end at whatever moment the interrupt comes', async () => {
  for (let round = 0; round < 40; round++) {
    const running = session.run('for (;;) { await null; n++; }');
    await new Promise((resolve) => setTimeout(resolve, 5 + round / 4));
    session.client.interrupt();
    assert.equal(errorOf(await running), INTERRUPTED);
  }
  assert.equal((await session.run('n > 0')).value, 'true');
});

test('timers of an interrupted cell are cleared, those of others go on', async () => {
  await session.run('let ticks = 0; let strangers = 0; const other = setInterval(() => strangers++, 1);');
  await interrupted('setInterval(() => ticks++, 1); await new Promise(() => {});');
  await session.run('const [t, s] = [ticks, strangers]; await new Promise((resolve) => setTimeout(resolve, 60));');
  assert.equal((await session.run('[ticks - t, strangers > s]')).value, '[ 0, true ]');
  await session.run('clearInterval(other)');
});
