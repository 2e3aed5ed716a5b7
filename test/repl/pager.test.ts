// Long output in the pager, on the terminal's other screen.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { foldLine, isLongerThan } from '../../src/repl/fold.ts';
import { noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-pager-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };
const LONG =
  'import { md } from "tensorcell"; md(Array.from({ length: 200 }, (_, n) => `line ${n + 1}`).join("\\n"))\r';

test('a line is folded at the width, wide characters whole, colours going on', () => {
  assert.deepEqual(foldLine('abcdef', 4), ['abcd', 'ef']);
  assert.deepEqual(foldLine('', 4), ['']);
  assert.deepEqual(foldLine('漢字漢', 5), ['漢字', '漢']);
  assert.deepEqual(foldLine('\u001b[31mabcdef\u001b[0mgh', 4), ['\u001b[31mabcd', '\u001b[31mef\u001b[0mgh']);
  assert.deepEqual(foldLine('a\tb', 20), ['a       b']);
});

test('a text is longer than the screen by its rows', () => {
  assert.equal(isLongerThan('a\nb\nc', 3, 10), false);
  assert.equal(isLongerThan('a\nb\nc\nd', 3, 10), true);
  assert.equal(isLongerThan('x'.repeat(31), 3, 10), true);
  assert.equal(isLongerThan('x'.repeat(30), 3, 10), false);
  assert.equal(isLongerThan('漢'.repeat(16), 3, 10), true);
});

test(
  'a value longer than the screen opens in the pager, which turns pages, searches and closes',
  inTerminal,
  async () => {
    await using tty = new Tty({ home });
    await tty.prompt(1);
    tty.keys(LONG);
    await tty.until(/^1–23 of 201 /m);
    await tty.until(/^line 22$/m);
    tty.keys(' ');
    await tty.until(/^24–46 of 201 /m);
    tty.keys('b');
    await tty.until(/^1–23 of 201 /m);
    tty.keys('G');
    await tty.until(/^line 200\n179–201 of 201 /m);
    tty.keys('g/line 77\r');
    await tty.until(/^line 77\n(?:.*\n)*78–100 of 201/m);
    tty.keys('/nothing of the kind\r');
    await tty.until('"nothing of the kind" is not below');
    tty.resize(40, 12);
    await tty.until(/78–88 of 201/);
    tty.keys('q');
    await tty.prompt(2);
    // The screen is as it was, with the beginning of the text.
    assert.match(tty.text, /Out\[1\]: \nline 1\n(?:.*\n)*line 11\n… 189 more lines: F2\nIn \[2\]:/);
    tty.keys('1\r');
    await tty.until('Out[2]: 1');
    await tty.prompt(3);
  },
);

test('prints scroll as they come, and F2 shows all of them', inTerminal, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('for (let n = 1; n <= 100; n++) console.log(`print ${n}`)\r');
  await tty.prompt(2);
  assert.match(tty.text, /print 100\nIn \[2\]:/);
  tty.keys('\u001b[12~');
  await tty.until(/^print 23\n1–23 of 100 /m);
  tty.keys('\u001b');
  await tty.prompt(2);
});

test('a cell that asks meanwhile is answered when the pager is closed', inTerminal, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys(
    'for (let n = 1; n <= 50; n++) console.log(n); await new Promise((go) => setTimeout(go, 1500)); prompt("who? ")\r',
  );
  await tty.until(/^50$/m);
  tty.keys('\u001b[12~');
  await tty.until(/^1–23 of 50 /m);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  tty.keys('jq');
  await tty.until(/^who\?$/m);
  tty.keys('me\r');
  await tty.until("Out[1]: 'me'");
});

test('no pager opens over what is being typed', inTerminal, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys(LONG.replace('md(', 'await new Promise((go) => setTimeout(go, 500)); md('));
  // The prompt is away while the cell runs.
  await tty.until(() => tty.text.includes('setTimeout') && tty.cursor.line === '');
  tty.keys('1 + 1');
  await tty.until(/more lines: F2\nIn \[2\]: 1 \+ 1$/);
});

test('what only lists something is one text, and ?? opens long documentation', inTerminal, async () => {
  await using tty = new Tty({ home, rows: 12 });
  await tty.prompt(1);
  tty.keys('%help\r');
  await tty.until(/^1–11 of \d+ /m);
  tty.keys('q');
  await tty.prompt(2);
  assert.match(tty.text, /more lines: F2/);
});

test('without a pager all of it is printed', inTerminal, async () => {
  const mine = mkdtempSync(join(home, 'off-'));
  writeFileSync(join(mine, 'config.json'), '{ "pager": "off" }');
  await using tty = new Tty({ home: mine });
  await tty.prompt(1);
  tty.keys(LONG);
  await tty.until(/line 200\nIn \[2\]:/);
});
