import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stripAnsi } from '../../src/repl/terminal-text.ts';
import { BIN, noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-repl-'));
after(() => rmSync(home, { recursive: true, force: true }));

function pipe(input: string) {
  return spawnSync(process.execPath, [BIN], { input, encoding: 'utf8', cwd: home });
}

test('piped input runs as cells, values and prints shown, streams apart', () => {
  const { status, stdout, stderr } = pipe('const a: number = 1\nconsole.error("e")\n// %%\nconsole.log("x"); a + 1');
  assert.deepEqual([status, stdout, stderr], [0, 'x\n2\n', 'e\n']);
});

test('piped input ends with the first cell that fails, and code 1', () => {
  const { status, stdout, stderr } = pipe('1\n// %%\nthrow new TypeError("no")\n// %%\n2');
  assert.deepEqual([status, stdout], [1, '1\n']);
  assert.match(stripAnsi(stderr), /TypeError: no/);
});

test('values, magics and shell commands', { skip: noPython }, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('tf.tensor([1, 2, 3])\r');
  await tty.until('[1, 2, 3]');
  await tty.prompt(2);
  tty.keys('%help reset\r');
  await tty.until('%reset [name…]');
  await tty.prompt(3);
  tty.keys('!echo from a shell\r');
  await tty.until(/^from a shell$/m);
});

test('a display is redrawn in place and stands above the value', { skip: noPython }, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('const shown = display("one"); shown.update("two"); 3\r');
  await tty.until(/'two'\nOut\[1\]: 3/);
});

test('what comes between cells stands above the prompt', { skip: noPython }, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('const timer = setTimeout(() => console.log("late"), 300)\r');
  await tty.until(/late\nIn \[2\]:/);
});
