// What a notebook shows, as text in a terminal: in its order, and what changes in its place.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-displays-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };

/** What stands on the screen between a cell of one row and the prompt behind it. */
async function shown(cell: string): Promise<string> {
  await using tty = new Tty({ home, columns: 250 });
  await tty.prompt(1);
  tty.keys(`${cell}\r`);
  await tty.until(/In \[1\]: .*\n/);
  await tty.prompt(2);
  return tty.text.split('\n').slice(2, -1).join('\n');
}

test('the progress of a loop is one line, below what the loop prints', inTerminal, async () => {
  const text = await shown(
    'import { progress } from "tensorcell"; for await (const n of progress(30, "loading")) { if (n === 20) console.log("at 20"); await new Promise((go) => setTimeout(go, 10)) }',
  );
  assert.match(text, /^at 20\nloading +100 % .*30\/30 in .*$/);
});

test('displays and prints stand in the order of the cell, the value last', inTerminal, async () => {
  assert.equal(
    await shown('display("one"); console.log("print"); display("two"); console.error("error"); 3'),
    "'one'\nprint\n'two'\nerror\nOut[1]: 3",
  );
});

test('a display that changes after something else was printed stands below that', inTerminal, async () => {
  assert.equal(
    await shown('const shown = display("first"); console.log("print"); shown.update("then"); shown.update("last"); 3'),
    "'first'\nprint\n'last'\nOut[1]: 3",
  );
});

test('a display is updated from a later cell, and cleared', inTerminal, async () => {
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('const shown = display("first")\r');
  await tty.prompt(2);
  tty.keys('shown.update("again")\r');
  await tty.until(/'again'\nIn \[3\]:/);
  tty.keys('display("gone"); import { clearOutput } from "tensorcell"; clearOutput(); console.log("stays")\r');
  await tty.prompt(4);
  await tty.until(/clearOutput.*\n? *.*\nstays\nIn \[4\]:/);
});

test('HTML, Markdown, tables and models have a form in text', inTerminal, async () => {
  const text = await shown(
    'import { html, md } from "tensorcell"; display(html("<h1>Title</h1><p>text &amp; more</p>")); display(md("*word*")); display([{ a: 1, b: "x" }, { a: 2, b: "y" }]); display(tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }))',
  );
  assert.match(text, /Title\s+text & more/);
  assert.match(text, /^\*word\*$/m);
  assert.match(text, /a.*b/);
  assert.match(text, /dense/i);
  assert.ok(!text.includes('<'));
});
