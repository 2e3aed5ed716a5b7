import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-editor-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };
const folder = () => mkdtempSync(join(home, 'home-'));

test('a cell of several lines is set in by itself and runs when it is whole', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('function twice(n: number) {');
  await tty.until('n: number) {');
  // Keys that come together count as a paste, which brings its own indent.
  const isIndented = () => tty.cursor.line.trimEnd() === '   ...:' && tty.cursor.column === 10;
  tty.keys('\r');
  await tty.until(isIndented);
  tty.keys('return 2 * n');
  await tty.until(/return 2 \* n$/);
  tty.keys('\r');
  await tty.until(isIndented);
  tty.keys('}\r');
  await tty.prompt(2);
  assert.match(tty.text, /In \[1\]: function twice\(n: number\) \{\n {3}\.\.\.: {3}return 2 \* n\n {3}\.\.\.: \}\n/);
  tty.keys('twice(21)\r');
  await tty.until('Out[2]: 42');
});

test('a paste is not run, whatever its lines; Enter runs it as one cell', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.paste('const a = 1\nconst b = 2\na + b');
  await tty.until(/\.\.\.: a \+ b$/);
  assert.doesNotMatch(tty.text, /Out/);
  tty.keys('\r');
  await tty.until('Out[1]: 3');
});

test('a paste of 1,000 lines is one cell, and its last lines are shown', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  const lines = Array.from({ length: 1000 }, (_, n) => `const pasted${n} = ${n}`);
  tty.paste(`${lines.join('\n')}\npasted0 + pasted999`);
  await tty.until(/\.\.\.: pasted0 \+ pasted999$/);
  tty.keys('\r');
  await tty.until('Out[1]: 999');
  await tty.prompt(2);
  for (const n of [0, 500, 999]) assert.match(tty.text, new RegExp(`: const pasted${n} = ${n}\n`));
});

test('Emacs’ keys move, cut, put back and undo', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('alpha beta gamma\u0001\u001bd');
  await tty.until('In [1]:  beta gamma');
  tty.keys('\u0005 \u0019');
  await tty.until('In [1]:  beta gamma alpha');
  tty.keys('\u001f');
  await tty.until(/In \[1\]: {2}beta gamma$/);
  tty.keys('\u0015');
  await tty.prompt(1);
});

test('the cursor stands right behind wide, combined, joined and right-to-left characters', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('"漢字é👩‍🔬שלום"');
  // Quotes 2, two ideographs 4, a letter with its mark 1, one picture 2, four letters 4.
  await tty.until(() => tty.cursor.column === 8 + 2 + 4 + 1 + 2 + 4);
  tty.keys('\u001b[D\u001b[D\u001b[D\u001b[D\u001b[D\u007f');
  await tty.until(() => tty.cursor.column === 8 + 1 + 4 + 1);
  tty.keys('\u007f\r');
  await tty.until("Out[1]: '漢字שלום'");
});

test('a list of names with kinds and types offers itself, and Tab takes from it', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('const text = "abc"\r');
  await tty.prompt(2);
  tty.keys('text.toUp');
  await tty.until(/toUpperCase +function +\(\): string/);
  tty.keys('\t');
  await tty.until('In [2]: text.toUpperCase');
  tty.keys('()');
  await tty.until('toUpperCase()');
  tty.keys('\r');
  await tty.until("Out[2]: 'ABC'");
});

test(
  'what is wrong with a cell is told before it runs, the call around the cursor and documentation too',
  inTerminal,
  async () => {
    await using tty = new Tty({ home: folder(), env: { TENSORCELL_CHECK: 'error' } });
    await tty.prompt(1);
    tty.keys('const word: string = 5');
    await tty.until("Type 'number' is not assignable to type 'string'.");
    tty.keys('\u0003');
    await tty.prompt(1);
    tty.keys('"abc".padStart(5, ');
    await tty.until('padStart(targetLength: number, padString?: string): string');
    tty.keys('\u0003');
    await tty.prompt(1);
    tty.keys('?Math.hypot\r');
    await tty.until('square root of the sum of squares');
  },
);

test('names are completed while a cell is in a loop', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('let spins = 0; console.log("on"); for (;;) spins++;\r');
  await tty.until(/^on$/m);
  tty.keys('Math.flo');
  await tty.until(/In \[2\]: Math\.flo/);
  tty.keys('\t');
  await tty.until('In [2]: Math.floor');
  tty.keys('\u0003');
  await tty.until('KeyboardInterrupt');
  await tty.prompt(2);
  tty.keys('spins > 0\r');
  await tty.until('Out[2]: true');
});

test(
  'cells of earlier runs come back: by Up, by their beginning, as a suggestion, by a search',
  inTerminal,
  async () => {
    const mine = folder();
    {
      await using tty = new Tty({ home: mine });
      await tty.prompt(1);
      tty.keys('Math.sqrt(16)\r');
      await tty.prompt(2);
      tty.keys('const many = [\r1,\r2]\r');
      await tty.prompt(3);
      tty.keys('\u0004');
      assert.equal(await tty.ended, 0);
    }
    await using tty = new Tty({ home: mine });
    await tty.prompt(1);
    tty.keys('Math');
    await tty.until('In [1]: Math.sqrt(16)');
    tty.keys('\u001b[C\r');
    await tty.until('Out[1]: 4');
    await tty.prompt(2);
    tty.keys('const m');
    await tty.until(/In \[2\]: const m/);
    tty.keys('\u001b[A');
    await tty.until(/In \[2\]: const many = \[\n.*1,\n.*2\]$/);
    tty.keys('\u0003');
    await tty.prompt(2);
    tty.keys('\u0012sq16');
    await tty.until(/search: sq16 +1 found/);
    tty.keys('\r');
    await tty.until(/In \[2\]: Math\.sqrt\(16\)$/);
  },
);

test(
  'a history that can’t be used is told of in one line, and cells are remembered all the same',
  inTerminal,
  async () => {
    const mine = folder();
    writeFileSync(
      join(mine, 'history.sqlite'),
      'no database at all, but text of a length that looks like one'.repeat(100),
    );
    await using tty = new Tty({ home: mine, columns: 160 });
    await tty.until("can't be used");
    tty.keys('1 + 1\r');
    await tty.until('Out[1]: 2');
    await tty.prompt(2);
    tty.keys('\u001b[A');
    await tty.until('In [2]: 1 + 1');
  },
);

test('a session that dies says why, and the next cell runs in a fresh one', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('process.exit(3)\r');
  await tty.until('process exited with code 3');
  await tty.prompt(2);
  tty.keys('40 + 2\r');
  await tty.until('Out[2]: 42');
});

test('a terminal that gets narrower or wider keeps one prompt, and one of 20 columns works', inTerminal, async () => {
  await using tty = new Tty({ home: folder(), rows: 12 });
  await tty.prompt(1);
  tty.keys('const long = "0123456789012345678901234567890123456789"');
  await tty.until('0123456789"');
  tty.resize(20, 12);
  await tty.until(/^1> const long = "012/m);
  tty.resize(70, 12);
  await tty.until(/^In \[1\]: const long = "0123456789012345678901234567890123456789"$/m);
  assert.equal(tty.text.match(/const long/g)!.length, 1);
  tty.resize(20, 12);
  tty.keys('\rlong.length\r');
  await tty.until('Out[2]: 40');
});

test(
  'control characters of data are not obeyed, and bytes that are no UTF-8 are shown as such',
  inTerminal,
  async () => {
    await using tty = new Tty({ home: folder() });
    await tty.prompt(1);
    tty.keys('console.log("kept\\x1b[2J\\x1b[H\\x1b]0;title\\x07 \\x1b[1mbold\\x1b[0m")\r');
    await tty.until(/^kept bold$/m);
    assert.match(tty.text, /^Tensorcell /);
    await tty.prompt(2);
    tty.bytes('22fffe22').keys('\r');
    await tty.until("Out[2]: '\ufffd\ufffd'");
  },
);

test('a cell asks; its question is answered, a password unseen', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('prompt("who? ")\r');
  await tty.until(/^who\?$/m);
  tty.keys('me\r');
  await tty.until("Out[1]: 'me'");
});

test('a terminal that knows nothing gets plain lines', inTerminal, async () => {
  for (const plain of [{ env: { TERM: 'dumb' } }, { args: ['--simple'] }]) {
    await using tty = new Tty({ home: folder(), ...plain });
    await tty.until(/In \[1\]: *$/);
    tty.keys('const a = [\n');
    await tty.until(/\.\.\.: *$/);
    tty.keys('5]; a[0]\n');
    await tty.until(/^5$/m);
    await tty.until(/In \[2\]: *$/);
    assert.ok(!tty.written.includes('\u001b'), 'no escape sequences');
    tty.keys('\u0004');
    assert.equal(await tty.ended, 0);
  }
});

test('a terminal that is closed ends the program without a word', inTerminal, async () => {
  await using tty = new Tty({ home: folder() });
  await tty.prompt(1);
  tty.keys('console.log("on"); for (;;);\r');
  await tty.until(/^on$/m);
  tty.hangUp();
  // Ended by SIGHUP.
  assert.equal(await tty.ended, 255);
});
