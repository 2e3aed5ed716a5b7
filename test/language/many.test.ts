// Many cells: what the checker keeps follows the names that are alive, not the cells that have run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check, freshChecker } from './harness.ts';

const CELLS = 120;

test(`${CELLS} cells, each by the one before, are told right to the last, in bounded memory`, async () => {
  const checker = freshChecker();
  assert.deepEqual(await check(checker, 'const v0 = { n: 0 }; let total = 0;'), []);
  for (let i = 1; i < CELLS; i++) {
    const code = `const v${i} = { n: v${i - 1}.n + 1 };\nfunction f${i}<T>(x: T) { return { x, n: v${i}.n } }\ntotal += f${i}("a").n;`;
    assert.deepEqual(await check(checker, code), []);
  }
  assert.deepEqual(await check(checker, `const s: string = v${CELLS - 1}.n`), ['TS2322 1:7']);
  assert.deepEqual(await check(checker, `const n: number = v0.n + f1("x").x.length + total`), []);
  if (process.platform !== 'linux') return;
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${checker.workspace.pid}/status`, 'utf8'))!;
  assert.ok(Number(kilobytes) < 250_000, `${kilobytes} kB`);
});

test('a cell that runs again and again leaves one module; what nobody names any more is closed', async () => {
  const checker = freshChecker();
  for (let i = 0; i < 40; i++)
    assert.deepEqual(await check(checker, `const again = { n: ${i} }; const used = again.n;`), []);
  assert.deepEqual(await check(checker, 'again.n + used'), []);
  const kept = Array.from({ length: 41 }, (_, id) => checker.index.module(id)).filter((module) => module !== undefined);
  assert.equal(kept.length, 1);
});
