// A changed local module is loaded anew by the next cell that imports it, which says so; what the notebook holds stays.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();
let filler = 0;
/** Later texts are longer, so that a change shows also where the clock's steps are coarse. */
function write(file: string, text: string): void {
  writeFileSync(
    join(session.folder, file),
    file.endsWith('.json') ? `${text}${' '.repeat(++filler)}` : `${text}\n//${'x'.repeat(++filler)}`,
  );
}

test('a module that changed is loaded anew, with a line that says so, and the notebook keeps its state', async () => {
  write('model.ts', 'export const units: number = 8; export class Net { name = "first" }');
  const cell = 'import { units, Net } from "./model.ts"; units';
  const first = await session.run(`${cell}\nconst kept = new Net(); let trained = 5; units`);
  assert.deepEqual([first.value, first.stdout], ['8', '']);
  assert.equal((await session.run(cell)).stdout, '');
  write('model.ts', 'export const units: number = 16; export class Net { name = "second" }');
  const again = await session.run(cell);
  assert.deepEqual([again.value, again.stdout], ['16', 'reloaded model.ts\n']);
  assert.equal((await session.run('[kept.name, new Net().name, trained]')).value, "[ 'first', 'second', 5 ]");
});

test('so is one whose imports changed, and the line names them', async () => {
  write('outer.ts', 'import { inner } from "./inner"; export const outer = inner + 1');
  write('inner.ts', 'import data from "./data.json"; export const inner: number = data.n');
  write('data.json', '{ "n": 1 }');
  const cell = 'import { outer } from "./outer.ts"; outer';
  assert.equal((await session.run(cell)).value, '2');
  write('data.json', '{ "n": 10 }');
  const again = await session.run(cell);
  assert.deepEqual([again.value, again.stdout], ['11', 'reloaded outer.ts (changed: data.json)\n']);
  write('inner.ts', 'export const inner: number = 5');
  assert.equal((await session.run(cell)).stdout, 'reloaded outer.ts (changed: inner.ts)\n');
});

test('a change in the same cell counts, an import() tells too, and a mended module is not called reloaded', async () => {
  write('late.ts', 'export const late: number = 1');
  assert.equal((await session.run('(await import("./late.ts")).late')).value, '1');
  const ran = await session.run(
    'await import("node:fs").then((fs) => fs.appendFileSync("late.ts", "\\nexport const more = 2"));\n(await import("./late.ts")).more',
  );
  assert.deepEqual([ran.value, ran.stdout], ['2', 'reloaded late.ts\n']);
  write('late.ts', 'export const late: = 1');
  assert.match(errorOf(await session.run('import { late } from "./late.ts"')) ?? '', /^SyntaxError/);
  write('late.ts', 'export const late: number = 3');
  const mended = await session.run('import { late } from "./late.ts"; late');
  assert.deepEqual([mended.value, mended.stdout], ['3', '']);
});
