import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripAnsi } from '../../src/repl/terminal-text.ts';

const BIN = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));
const DRIVER = fileURLToPath(new URL('../../../test/repl/terminal.py', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'tensorcell-repl-'));
after(() => rmSync(home, { recursive: true, force: true }));

const noPython = spawnSync('python3', ['-c', 'import pty']).status === 0 ? false : 'no python3 with a pty module';

function pipe(input: string) {
  return spawnSync(process.execPath, [BIN], { input, encoding: 'utf8', cwd: home });
}

/** Types keys at a real terminal, each step once the text of the step before was seen; gives what the screen was sent. */
function type(steps: [keys: string, wanted: string][], folder = home): string {
  const args = [DRIVER, JSON.stringify(steps), process.execPath, BIN];
  const { stdout, stderr } = spawnSync('python3', args, {
    encoding: 'utf8',
    cwd: home,
    env: { ...process.env, TENSORCELL_HOME: folder, NO_COLOR: '1' },
  });
  assert.equal(stderr, '', stripAnsi(stdout));
  return stripAnsi(stdout).replaceAll('\r', '');
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

test('cells of several lines, values, magics and a paste of several cells', { skip: noPython }, () => {
  const screen = type([
    ['', 'In [1]: '],
    ['const x = 3\nfunction twice(n: number) {\nreturn 2 * n\n}\ntwice(x)\n', 'Out[3]: 6'],
    ['', 'In [4]: '],
    ['tf.tensor([1, 2, 3])\n', '[1, 2, 3]'],
    ['', 'In [5]: '],
    ['%help reset\n', '%reset [name…]'],
    ['', 'In [6]: '],
    ['!echo from a shell\n', 'from a shell\r\n'],
    ['', 'In [7]: '],
    ['\u0004', ''],
  ]);
  assert.match(screen, / {3}\.\.\.: return 2 \* n/);
});

test('a display is redrawn in place and stands above the value', { skip: noPython }, () => {
  const screen = type([
    ['', 'In [1]: '],
    ['const shown = display("one"); shown.update("two"); 3\n', 'Out[1]: 3'],
    ['', 'In [2]: '],
    ['\u0004', ''],
  ]);
  assert.match(screen, /'two'\nOut\[1\]: 3/);
});

test('Ctrl-C interrupts a running cell and clears a line; state is kept; Ctrl-D leaves', { skip: noPython }, () => {
  type([
    ['', 'In [1]: '],
    ['let n = 5; console.log("go"); for (;;);\n', 'go\r\n'],
    ['\u0003', 'KeyboardInterrupt'],
    ['', 'In [2]: '],
    ['throw away', 'throw away'],
    ['\u0003', 'In [2]: '],
    ['n + 1\n', 'Out[2]: 6'],
    ['', 'In [3]: '],
    ['\u0004', ''],
  ]);
});

test('a cell that ends its session says so, and the next one runs', { skip: noPython }, () => {
  type([
    ['', 'In [1]: '],
    ['process.exit(3)\n', 'code 3'],
    ['', 'In [2]: '],
    ['prompt("who? ")\n', 'who? '],
    ['me\n', "Out[2]: 'me'"],
    ['', 'In [3]: '],
    ['exit\n', ''],
  ]);
});

test('Tab completes, Up brings lines of an earlier run back', { skip: noPython }, () => {
  const folder = join(home, 'kept');
  type(
    [
      ['', 'In [1]: '],
      ['Math.sqr\t', 'sqrt'],
      ['(16)\n', 'Out[1]: 4'],
      ['', 'In [2]: '],
      ['\u0004', ''],
    ],
    folder,
  );
  assert.equal(readFileSync(join(folder, 'repl_history'), 'utf8'), 'Math.sqrt(16)\n');
  type(
    [
      ['', 'In [1]: '],
      ['\u001b[A', 'Math.sqrt(16)'],
      ['\n', 'Out[1]: 4'],
      ['', 'In [2]: '],
      ['\u0004', ''],
    ],
    folder,
  );
});

test('a history that cannot be kept is told of in one line at the end', { skip: noPython }, () => {
  const folder = join(home, 'a-file');
  writeFileSync(folder, '');
  const screen = type(
    [
      ['', 'In [1]: '],
      ['1 + 1\n', 'Out[1]: 2'],
      ['', 'In [2]: '],
      ['\u0004', ''],
    ],
    folder,
  );
  assert.match(screen, /The history could not be kept in .*repl_history/);
});
