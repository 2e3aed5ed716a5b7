// Cells that no notebook should hold: each gets a clear answer, and the session stays.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SessionClient } from '../../src/session/client.ts';
import { runNpm } from '../../src/session/packages/npm.ts';
import { completeness } from '../../src/session/rewrite/completeness.ts';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();
await session.run('let state = 1');

async function stays(): Promise<void> {
  assert.equal((await session.run('state')).value, '1');
}

test('a cell of 50,000 lines runs, and an error is told at its line', async () => {
  const lines = Array.from({ length: 50_000 }, (_, n) => `const v${n}: number = ${n}`);
  const ran = await session.run(`${lines.join('\n')}\nv49999 + v0`);
  assert.equal(ran.value, '49999', errorOf(ran));
  const { cell, result } = await session.run(`${lines.map((line) => `{ ${line} }`).join('\n')}\nnull!.x`);
  assert.ok(result.status === 'error' && result.error.traceback.join('\n').includes(`In[${cell}]:50001:7`));
  await stays();
});

const TOO_DEEP = /^SyntaxError: Brackets and operators nest more than 8000 deep \(each term of a sum is a level\)$/;

test('brackets without end are refused, in a cell and where the front asks whether it is whole', async () => {
  for (const code of ['('.repeat(50_000), `${'[{'.repeat(20_000)}`, Array(50_000).fill('f(').join('\n')]) {
    assert.match(errorOf(await session.run(code)) ?? '', TOO_DEEP);
    assert.equal(completeness(code).status, 'invalid');
  }
  await stays();
});

test('an expression of 100,000 levels of any form is refused, and a name of a million letters is one', async () => {
  const forms = [
    `${'1+'.repeat(100_000)}1`,
    `''${"\n  + 'a'".repeat(100_000)}`,
    `x${'\n  .then((y) => y)'.repeat(100_000)}`,
    `${'a ? b : '.repeat(100_000)}c`,
    `if (a) b;${' else if (a) b;'.repeat(100_000)}`,
    `type Deep = ${'Box<'.repeat(100_000)}1${'>'.repeat(100_000)}`,
  ];
  for (const code of forms) {
    assert.match(errorOf(await session.run(code)) ?? '', TOO_DEEP);
    assert.equal(completeness(code).status, 'invalid');
  }
  assert.match(errorOf(await session.run('x'.repeat(1_000_000))) ?? '', /^ReferenceError/);
  await stays();
});

test('bytes that are no text, lone surrogates and other ends of lines', async () => {
  assert.match(errorOf(await session.run('\u0000\u0001\ufffd')) ?? '', /^SyntaxError/);
  assert.equal((await session.run("'\ud800'.length")).value, '1');
  assert.equal((await session.run('\ufeffstate')).value, '1');
  assert.equal((await session.run('const a = 1\r\nconst b = 2\r\na + b')).value, '3');
  assert.equal((await session.run('')).value, undefined);
  assert.equal((await session.run(' \n\t\n')).value, undefined);
  await stays();
});

test('two notebooks in one folder have their own names and share its files', async () => {
  const outputs: string[] = [];
  const other = new SessionClient({
    folder: session.folder,
    events: {
      output: (_cell, output) => void ('data' in output && outputs.push(output.data['text/plain'])),
      input: async () => '',
      log: () => undefined,
    },
  });
  const run = (cell: number, code: string) =>
    other.execute({
      cell,
      code,
      count: cell,
      silent: false,
      storeHistory: true,
      userExpressions: {},
      allowStdin: false,
    });
  writeFileSync(join(session.folder, 'shared.ts'), 'export const shared = 1');
  assert.equal((await session.run('import { shared } from "./shared.ts"; shared')).value, '1');
  await run(1, 'import { shared } from "./shared.ts"; const state = "other"; [shared, state]');
  writeFileSync(join(session.folder, 'shared.ts'), 'export const shared = 22');
  const again = await session.run('import { shared } from "./shared.ts"; shared');
  assert.deepEqual([again.value, again.stdout], ['22', 'reloaded shared.ts\n']);
  await run(2, 'import { shared } from "./shared.ts"; [shared, state]');
  assert.deepEqual(outputs, ["[ 1, 'other' ]", "[ 22, 'other' ]"]);
  await other.close();
  await stays();
});

test('without npm anywhere, what asks for it says so', async () => {
  const { PATH } = process.env;
  const { execPath } = process;
  try {
    process.env.PATH = '';
    process.execPath = '/nowhere/bin/node';
    await assert.rejects(
      runNpm(['install', 'x'], { folder: session.folder, name: '%npm install x', line: () => undefined }),
      /^Error: %npm install x: there is no npm, neither on the PATH nor beside \/nowhere\/bin\/node\. It comes with Node\.js/,
    );
  } finally {
    process.env.PATH = PATH;
    process.execPath = execPath;
  }
});
