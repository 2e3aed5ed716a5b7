// Plain lines (`--simple`) and piped input: for screen readers and scripts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BIN, noPython, Tty } from './tty.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-simple-'));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };
const args = ['--simple'];

function folder(): string {
  return mkdtempSync(join(root, 'home-'));
}

function pipe(input: string | Buffer, words: readonly string[] = []) {
  const home = folder();
  const env = { ...process.env, TENSORCELL_HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
    input,
    encoding: 'utf8',
    cwd: home,
    env,
  });
  return { status, stdout, stderr };
}

test('plain lines hold no sequence that a terminal obeys, of data neither', inTerminal, async () => {
  await using tty = new Tty({ home: folder(), args });
  await tty.until(/In \[1\]: *$/);
  tty.keys('console.log("kept\\x1b[2J\\x1b]0;title\\x07 \\x1b[31mred\\x1b[0m"); tf.tensor([1, 2])\n');
  await tty.until(/^kept red$/m);
  await tty.until(/^\[1, 2\]$/m);
  await tty.until(/In \[2\]: *$/);
  tty.keys('throw new RangeError("no")\n');
  await tty.until(/^RangeError: no$/m);
  await tty.until(/In \[3\]: *$/);
  assert.ok(!tty.written.includes('\u001b'), JSON.stringify(tty.written));
});

test('a cell asks, is interrupted, is saved; the person’s files and settings count', inTerminal, async () => {
  const home = folder();
  mkdirSync(join(home, 'startup'));
  writeFileSync(join(home, 'startup', 'one.ts'), 'const one = 1;');
  writeFileSync(join(home, 'config.json'), '{ "editing": "nano", "editor": "echo 40 + 2 >>" }');
  await using tty = new Tty({ home, args, columns: 160 });
  await tty.until('config.json: editing must be emacs or vi, got "nano"; it is emacs');
  await tty.until(/In \[1\]: *$/);
  tty.keys('prompt("who? ") + one\n');
  await tty.until(/who\? *$/);
  tty.keys('me\n');
  await tty.until(/^'me1'$/m);
  await tty.until(/In \[2\]: *$/);
  tty.keys('console.log("on"); for (;;);\n');
  await tty.until(/^on$/m);
  tty.keys('\u0003');
  await tty.until('KeyboardInterrupt');
  await tty.until(/In \[3\]: *$/);
  tty.keys('%edit\n');
  await tty.until(/^40 \+ 2\n42$/m);
  await tty.until(/In \[4\]: *$/);
  tty.keys('%save plain.ipynb 1\n');
  await tty.until('saved 1 cell to plain.ipynb');
  const { cells } = JSON.parse(readFileSync(join(home, 'plain.ipynb'), 'utf8'));
  assert.deepEqual(cells[0].outputs[0].data['text/plain'], ["'me1'"]);
});

test('a pipe gets values without colours, and prints as they are', () => {
  const { status, stdout, stderr } = pipe('console.log("\\x1b[31mred\\x1b[0m"); tf.tensor([1, 2]).toInt()');
  assert.equal(status, 0);
  const [first, ...rest] = stdout.split('\n');
  assert.equal(first, '\u001b[31mred\u001b[0m');
  assert.match(rest.join('\n'), /^Tensor int32 \[2\](?:.*\n)+\[1, 2\]\n$/);
  assert.equal(stdout.split('\u001b').length, 3);
  assert.equal(stderr, '');
  assert.ok(!pipe('throw new Error("no")').stderr.includes('\u001b'));
});

test('bytes that are no UTF-8, and an output that nobody reads', () => {
  assert.equal(pipe(Buffer.from([0x22, 0xff, 0x22])).stdout, "'\ufffd'\n");
  const closed = spawnSync(
    'sh',
    ['-c', `echo 'for (let n = 0; n < 1e5; n++) console.log(n)' | '${process.execPath}' '${BIN}' | head -1`],
    {
      encoding: 'utf8',
      cwd: folder(),
    },
  );
  assert.equal(closed.stdout, '0\n');
  assert.equal(closed.stderr, 'tensorcell: the output is closed (EPIPE)\n');
});

test('what is no option is told of in one line', () => {
  const { status, stderr } = pipe('1', ['--simple', '--quick']);
  assert.equal(status, 2);
  assert.equal(stderr, 'tensorcell: takes --simple and --existing with one connection file, got --simple --quick\n');
});
