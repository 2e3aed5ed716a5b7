// What a terminal does beside running cells: the person's editor, notebooks, files that run first.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noPython, Tty } from './tty.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-commands-'));
after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };

function folder(): string {
  return mkdtempSync(join(root, 'home-'));
}

/** An editor that draws over the screen, waits for a key and puts a text behind what is in the file. */
function editorAdding(home: string, text: string, code = 0): string {
  const path = join(home, 'editor.sh');
  writeFileSync(
    path,
    `#!/bin/sh\nprintf '\\033[2J\\033[Hediting %s: ' "$(cat "$1")"\nread key\nprintf '%s' '${text}' >> "$1"\nexit ${code}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

test('%edit opens the editor, and what is saved there comes to the prompt', inTerminal, async () => {
  const home = folder();
  await using tty = new Tty({ home, env: { VISUAL: '', EDITOR: editorAdding(home, ' + 40') } });
  await tty.prompt(1);
  tty.keys('2\r');
  await tty.prompt(2);
  tty.keys('%edit 1\r');
  await tty.until(/^editing 2:$/m);
  tty.keys('x\r');
  await tty.until(/In \[2\]: 2 \+ 40$/);
  tty.keys('\r');
  await tty.until('Out[2]: 42');
});

test(
  'an editor that fails leaves the prompt empty and says so, and a cell that never was can’t be edited',
  inTerminal,
  async () => {
    const home = folder();
    await using tty = new Tty({ home, columns: 200, env: { VISUAL: editorAdding(home, 'no', 3) } });
    await tty.prompt(1);
    tty.keys('%edit\r');
    await tty.until(/^editing :$/m);
    tty.keys('\r');
    await tty.until(/%edit: .*editor\.sh ended with exit code 3/);
    await tty.prompt(1);
    tty.keys('%edit 9\r');
    await tty.until('%edit: no cell has run as In[9]');
    await tty.prompt(1);
  },
);

test('what is printed while the editor is open comes when it is closed', inTerminal, async () => {
  const home = folder();
  await using tty = new Tty({ home, env: { VISUAL: editorAdding(home, '1') } });
  await tty.prompt(1);
  tty.keys('setTimeout(() => console.log("meanwhile"), 300); 0\r');
  await tty.prompt(2);
  tty.keys('%edit\r');
  await tty.until(/^editing :$/m);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.ok(!tty.text.includes('meanwhile\n'));
  tty.keys('\r');
  await tty.until(/^meanwhile$/m);
  await tty.until(/In \[2\]: 1$/);
});

test('%save writes a notebook with what the cells have shown, %load brings its code back', inTerminal, async () => {
  const home = folder();
  await using tty = new Tty({ home, columns: 200 });
  await tty.prompt(1);
  tty.keys('console.log("one"); console.log("two"); const shown = display("first"); shown.update("last"); 6 * 7\r');
  await tty.until('Out[1]: 42');
  await tty.prompt(2);
  tty.keys('throw new RangeError("no")\r');
  await tty.prompt(3);
  tty.keys('%save session.ipynb\r');
  await tty.until('saved 2 cells to session.ipynb');
  await tty.prompt(3);
  const notebook = JSON.parse(readFileSync(join(home, 'session.ipynb'), 'utf8'));
  assert.deepEqual(
    [notebook.nbformat, notebook.nbformat_minor, notebook.metadata.kernelspec.name],
    [4, 5, 'tensorcell'],
  );
  const [first, second] = notebook.cells;
  assert.equal(first.execution_count, 1);
  assert.deepEqual(
    first.outputs.map((output: { output_type: string; text?: string[]; data?: { 'text/plain': string[] } }) => [
      output.output_type,
      (output.text ?? output.data!['text/plain']).join(''),
    ]),
    [
      ['stream', 'one\ntwo\n'],
      ['display_data', "'last'"],
      ['execute_result', '42'],
    ],
  );
  assert.deepEqual([second.outputs[0].ename, second.outputs[0].evalue], ['RangeError', 'no']);
  // A file that this session did not write is not written over unasked.
  writeFileSync(join(home, 'other.ipynb'), '{}');
  tty.keys('%save other.ipynb\r');
  await tty.until('other.ipynb is there already');
  await tty.prompt(3);
  tty.keys('%save -f other.ipynb 2\r');
  await tty.until('saved 1 cell to other.ipynb');
  await tty.prompt(3);
  tty.keys('%load session.ipynb\r');
  await tty.until(/In \[4\]: \/\/ %load session\.ipynb\n +\.\.\.: \/\/ %%\n +\.\.\.: console\.log\("one"\)/);
  tty.keys('\u0003');
  await tty.prompt(4);
  tty.keys('%save nowhere/session.ipynb\r');
  await tty.until(/%save: .*session\.ipynb can't be written: no such file/);
});

test(
  'files of the person’s run before the first cell, and again in a fresh session; one that fails stops nothing',
  inTerminal,
  async () => {
    const home = folder();
    mkdirSync(join(home, 'startup'));
    writeFileSync(join(home, 'startup', '10-names.ts'), 'const answer: number = 42;\nconsole.log("ready");\n');
    writeFileSync(join(home, 'startup', '20-broken.ts'), 'throw new Error("broken");\n');
    writeFileSync(join(home, 'startup', '30-more.ts'), 'function twice(n: number) { return 2 * n }\n');
    writeFileSync(join(home, 'startup', 'notes.txt'), 'no file of code');
    await using tty = new Tty({ home, columns: 120 });
    await tty.until(/^ready$/m);
    await tty.until(/20-broken\.ts:\nError: broken/);
    await tty.prompt(1);
    tty.keys('twice(answer)\r');
    await tty.until('Out[1]: 84');
    await tty.prompt(2);
    tty.keys('process.exit(1)\r');
    await tty.prompt(3);
    tty.keys('twice(answer)\r');
    await tty.until('Out[3]: 84');
  },
);

test('%history, and %save of a script', inTerminal, async () => {
  const home = folder();
  await using tty = new Tty({ home });
  await tty.prompt(1);
  tty.keys('const a = 1\r');
  await tty.prompt(2);
  tty.keys('a + 1\r');
  await tty.prompt(3);
  tty.keys('%history 1-2\r');
  await tty.until(/^1 {2}const a = 1\n2 {2}a \+ 1$/m);
  await tty.prompt(4);
  tty.keys('%save cells.ts 1-2\r');
  await tty.until('saved 2 cells to cells.ts');
  assert.equal(readFileSync(join(home, 'cells.ts'), 'utf8'), '// %%\nconst a = 1\n\n// %%\na + 1\n');
  assert.ok(existsSync(join(home, 'cells.ts')));
});
