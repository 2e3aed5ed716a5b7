// `tensorcell run` as a person uses it: a real process, real signals, a real kernel.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CodeCell, formatNotebook, type Notebook, parseNotebook } from '../../kernel/notebook.ts';
import { parseScript } from '../../kernel/notebook-script.ts';
import { outputText } from '../../kernel/run-text.ts';
import { stripAnsi } from '../../src/repl/terminal-text.ts';

const program = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
after(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command; `act` is given the process and called again with all it has printed whenever that grows. */
function tensorcell(words: string[], act: (child: ChildProcess, out: string) => void = () => {}): Promise<Ended> {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [program, 'run', ...words], { cwd: folder, env });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
    act(child, out);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    error += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
}

/** Writes cells as a notebook and returns its name. */
function notebook(name: string, cells: string, change: (notebook: Notebook) => void = () => {}): string {
  const made = parseScript(cells);
  change(made);
  writeFileSync(join(folder, name), formatNotebook(made));
  return name;
}

/** The code cells of a written notebook. */
function codeCells(name: string): CodeCell[] {
  const { cells } = parseNotebook(readFileSync(join(folder, name), 'utf8'), name);
  return cells.filter((cell) => cell.cell_type === 'code');
}

const texts = (cell: CodeCell | undefined) => cell?.outputs.map((output) => stripAnsi(outputText(output)));

test('a notebook is run to its end and written with its outputs; the file itself stays as it is', async () => {
  const name = notebook(
    'good.ipynb',
    '// %% [markdown]\n// # Title\n// %%\nlet a = 1;\nconsole.log("hi", a)\n// %%\na + 1',
  );
  const before = readFileSync(join(folder, name), 'utf8');
  const { code, out, error } = await tensorcell([name, '-o', 'out.ipynb', '--html', 'out.html']);
  assert.deepEqual([code, error], [0, '']);
  assert.match(
    out,
    /^\nTitle\n\[1\/2\] let a = 1;\nhi 1\n(\(.*\)\n)?\[2\/2\] a \+ 1\n2\n(\(.*\)\n)?\ngood\.ipynb ran in \d+\.\d s → out\.ipynb, out\.html\n$/,
  );
  assert.equal(readFileSync(join(folder, name), 'utf8'), before);
  const cells = codeCells('out.ipynb');
  assert.deepEqual(
    cells.map((cell) => [cell.execution_count, texts(cell)]),
    [
      [1, ['hi 1']],
      [2, ['2']],
    ],
  );
  const { metadata } = parseNotebook(readFileSync(join(folder, 'out.ipynb'), 'utf8'), 'out.ipynb');
  assert.deepEqual(metadata.kernelspec, {
    display_name: 'TypeScript (Tensorcell)',
    language: 'typescript',
    name: 'tensorcell',
  });
  assert.equal((metadata.language_info as { file_extension?: string }).file_extension, '.ts');
  assert.match(readFileSync(join(folder, 'out.html'), 'utf8'), /<h1 id="Title">Title<\/h1>/);
});

test('a .ts file runs as cells, imports from its own folder and takes parameters', async () => {
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'near.ts'), 'export const near: number = 40;\n');
  writeFileSync(
    join(folder, 'sub', 'script.ts'),
    '// %% tags=["parameters"]\nlet n = 1;\n// %%\nimport { near } from "./near.ts";\nconsole.log(near + n)\n',
  );
  const { code, out } = await tensorcell([join('sub', 'script.ts'), '-p', 'n=2']);
  assert.equal(code, 0);
  assert.match(out, /\n42\n/);
});

test('an error ends the run with 1: its traceback is shown, the cells before and the error are written', async () => {
  const name = notebook(
    'bad.ipynb',
    '// %%\n1\n// %%\nfunction f() { throw new TypeError("no <good>") }\nf()\n// %%\n3',
  );
  const { code, out } = await tensorcell([name, '-o', 'bad-out.ipynb']);
  assert.equal(code, 1);
  assert.match(
    out,
    /TypeError: no <good>\n[\s\S]*\nbad\.ipynb failed in cell 2 of 3, TypeError: no <good> → bad-out\.ipynb\n$/,
  );
  const [first, second, third] = codeCells('bad-out.ipynb');
  assert.deepEqual(texts(first), ['1']);
  assert.equal(second?.outputs[0]?.output_type, 'error');
  assert.deepEqual([third?.outputs, third?.execution_count], [[], null]);
});

test('outputs of an earlier run are gone, tags let a cell fail or not run at all', async () => {
  const name = notebook(
    'tags.ipynb',
    '// %% tags=["raises-exception"]\nthrow new Error("meant")\n// %% tags=["skip-execution"]\n2\n// %%\n3',
    ({ cells }) => {
      for (const cell of cells) {
        if (cell.cell_type !== 'code') continue;
        cell.execution_count = 9;
        cell.outputs.push({ output_type: 'stream', name: 'stdout', text: 'old' });
      }
    },
  );
  const { code } = await tensorcell([name, '-o', name]);
  assert.equal(code, 0);
  const [first, second, third] = codeCells(name);
  assert.match(texts(first)![0]!, /Error: meant/);
  assert.deepEqual([second?.outputs, second?.execution_count], [[], null]);
  assert.deepEqual(texts(third), ['3']);
});

test('a display that is updated is said once in a pipe, in its last form, and stored so', async () => {
  const cells =
    'const shown = display("first");\nfor (let i = 0; i < 5; i++) shown.update(`step ${i}`);\nconsole.log("end")\n// %%\nshown.update("at last")';
  const { code, out } = await tensorcell([notebook('update.ipynb', `// %%\n${cells}`), '-o', 'update-out.ipynb']);
  assert.equal(code, 0);
  assert.equal(out.match(/first|step/g)?.length, 2, out);
  assert.match(out, /end\n'?step 4'?\n/);
  assert.match(texts(codeCells('update-out.ipynb')[0])![0]!, /at last/);
});

test('Ctrl-C interrupts the cell: the run ends with 1, what was done is written', async () => {
  const name = notebook('loop.ipynb', '// %%\n1\n// %%\nconsole.log("in the loop");\nfor (;;);\n// %%\n3');
  let sent = false;
  const { code, out } = await tensorcell([name, '-o', 'loop-out.ipynb'], (child, printed) => {
    if (!sent && printed.includes('in the loop\n')) sent = child.kill('SIGINT');
  });
  assert.equal(code, 1);
  assert.match(out, /Ctrl-C again ends the run/);
  assert.match(out, /\nloop\.ipynb was interrupted in cell 2 of 3 → loop-out\.ipynb\n$/);
  const [first, second, third] = codeCells('loop-out.ipynb');
  assert.deepEqual(texts(first), ['1']);
  assert.equal(texts(second)?.[0], 'in the loop');
  const error = second?.outputs[1];
  assert.ok(error?.output_type === 'error' && error.ename === 'KeyboardInterrupt');
  assert.deepEqual(third?.outputs, []);
});

test('a second Ctrl-C ends a run that no interrupt stops: 130, notebook written, no process left', async () => {
  // Native code that blocks the session for minutes.
  const block = "require('node:crypto').pbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512')";
  const name = notebook('stuck.ipynb', `// %%\nconsole.log("pids", process.pid, process.ppid);\n${block}`);
  let signals = 0;
  let pids: number[] = [];
  const { code, out } = await tensorcell([name, '-o', 'stuck-out.ipynb'], (child, printed) => {
    pids = [...(/pids (\d+) (\d+)\n/.exec(printed)?.slice(1) ?? [])].map(Number);
    if ((signals === 0 && pids.length === 2) || (signals === 1 && printed.includes('Interrupting'))) {
      signals++;
      child.kill('SIGINT');
    }
  });
  assert.equal(code, 130);
  assert.match(out, /stuck\.ipynb was stopped after .* → stuck-out\.ipynb\n$/);
  assert.match(texts(codeCells('stuck-out.ipynb')[0])![0]!, /^pids/);
  await gone(pids);
});

test('SIGTERM ends a run at once with 143', async () => {
  const name = notebook('term.ipynb', '// %%\nconsole.log("on");\nfor (;;);');
  const { code } = await tensorcell([name, '-o', 'term-out.ipynb'], (child, printed) => {
    // Once: more output may follow, and a second signal would meet a run that is past its end.
    if (printed.includes('on\n') && !child.killed) child.kill('SIGTERM');
  });
  assert.equal(code, 143);
  assert.deepEqual(texts(codeCells('term-out.ipynb')[0]), ['on']);
});

test('a run whose reader leaves ends as other programs do, without a stack', async () => {
  const name = notebook('pipe.ipynb', '// %%\nfor (;;) console.log("more");');
  const { code, error } = await tensorcell([name, '-o', 'pipe-out.ipynb'], (child) => child.stdout?.destroy());
  assert.deepEqual([code, error], [141, '']);
  assert.match(texts(codeCells('pipe-out.ipynb')[0])![0]!, /^more/);
});

test('a kernel that dies in mid-run is the error of its cell', async () => {
  const name = notebook('dead.ipynb', '// %%\n1\n// %%\nprocess.kill(process.ppid, "SIGKILL"); for (;;);\n// %%\n3');
  const { code, out } = await tensorcell([name, '-o', 'dead-out.ipynb']);
  assert.equal(code, 1);
  assert.match(out, /dead\.ipynb failed in cell 2 of 3, KernelDied: the kernel was ended by SIGKILL/);
  const [first, second] = codeCells('dead-out.ipynb');
  assert.deepEqual(texts(first), ['1']);
  const error = second?.outputs.at(-1);
  assert.ok(error?.output_type === 'error' && error.ename === 'KernelDied');
});

test('a cell that exits its process fails alone; the kernel tells it and the notebook is written', async () => {
  const name = notebook('exit.ipynb', '// %%\nprocess.exit(3)');
  const { code, out } = await tensorcell([name, '-o', 'exit-out.ipynb']);
  assert.equal(code, 1);
  assert.match(out, /exit\.ipynb failed in cell 1 of 1, .*3/);
});

test('help is at hand', async () => {
  const { code, out } = await tensorcell(['--help']);
  assert.equal(code, 0);
  assert.match(out, /^tensorcell run FILE \[-o OUT\.ipynb\]/);
});

const refused: [what: string, words: string[], message: RegExp][] = [
  ['a missing file', ['none.ipynb'], /^none\.ipynb: no such file\n$/],
  ['a file that is no notebook', ['text.ipynb'], /^text\.ipynb is not a notebook: it is not JSON \(.*\)\n$/],
  ['a missing kernel', ['one.ipynb', '--kernel', 'nope'], /^there is no kernel "nope" \(there are: tensorcell.*\)\n$/],
  ['a notebook of a missing kernel', ['python.ipynb'], /^there is no kernel "no-python" .*\n$/],
  [
    'an output in no folder',
    ['one.ipynb', '-o', 'no/where.ipynb'],
    /^no.where\.ipynb can't be written: there is no folder no\n$/,
  ],
  ['an output over a folder', ['one.ipynb', '--html', 'tmp'], /^tmp can't be written: it is a folder\n$/],
  ['a wrong option', ['one.ipynb', '--fast'], /^tensorcell run: Unknown option '--fast'\n$/],
  ['no file', [], /^tensorcell run: which file\? .*\n$/],
];

writeFileSync(join(folder, 'text.ipynb'), 'once upon a time');
notebook('one.ipynb', '1');
notebook('python.ipynb', '1', ({ metadata }) => {
  metadata.kernelspec = { name: 'no-python', language: 'python', display_name: 'P' };
});

for (const [what, words, message] of refused)
  test(`${what} is one clear line and 2`, async () => {
    const { code, out, error } = await tensorcell(words);
    assert.match(error, message);
    assert.deepEqual([code, out], [2, '']);
  });

test('after all these runs no temporary file is left', () => {
  assert.deepEqual(readdirSync(temporary), []);
  assert.ok(!readdirSync(folder).some((file) => file.endsWith('.tmp')));
  assert.ok(existsSync(join(folder, 'out.ipynb')));
});

/** Waits until no process of these is left; the test's own time limit ends a wait in vain. */
async function gone(pids: readonly number[]): Promise<void> {
  assert.equal(pids.length, 2);
  const lives = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (pids.some(lives)) await new Promise((resolve) => setTimeout(resolve, 20));
}
