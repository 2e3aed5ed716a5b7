// A terminal on a kernel that runs already, beside another client.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KernelClient } from '../../kernel/client.ts';
import { startProcess, writeConnection } from '../kernel/processes.ts';
import { BIN, noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-existing-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };

test('--existing joins a running kernel beside another client, and leaves it running', inTerminal, async () => {
  await using kernel = await startProcess();
  await using notebook = await KernelClient.connect(writeConnection(kernel.connection));
  await notebook.run('const shared = { from: "notebook" }');
  {
    await using tty = new Tty({ home, columns: 160, args: ['--existing', writeConnection(kernel.connection)] });
    await tty.until('joined connection.json · Ctrl-D leaves it running');
    await tty.prompt(2);
    tty.keys('shared.from\r');
    await tty.until("Out[2]: 'notebook'");
    await tty.prompt(3);
    // The number of the next cell follows what the other client runs.
    await notebook.run('const late = 3');
    await tty.prompt(4);
    tty.keys('console.log("from the terminal"); const mine = late * 2\r');
    await tty.until(/^from the terminal$/m);
    await tty.prompt(5);
    tty.keys('shared.fr\t');
    await tty.until(/In \[5\]: shared\.from$/);
    tty.keys('\u0003');
    await tty.prompt(5);
    tty.keys('throw new RangeError("told once")\r');
    await tty.until('RangeError: told once');
    await tty.prompt(6);
    assert.equal(tty.text.match(/RangeError: told once/g)!.length, 1);
    tty.keys('console.log("on"); for (;;);\r');
    await tty.until(/^on$/m);
    tty.keys('\u0003');
    await tty.until('KeyboardInterrupt');
    await tty.prompt(7);
    tty.keys('prompt("who? ")\r');
    await tty.until(/^who\?$/m);
    tty.keys('me\r');
    await tty.until("Out[7]: 'me'");
    await tty.prompt(8);
    tty.keys('setTimeout(() => console.log("later"), 200); 0\r');
    await tty.until(/^later$/m);
    await tty.prompt(9);
    tty.keys('\u0004');
    assert.equal(await tty.ended, 0);
  }
  const { published } = await notebook.run('mine');
  const value = published.flatMap((one) => (one.type === 'execute_result' ? [one.content.data['text/plain']] : []));
  assert.deepEqual(value, ['6']);
});

test('a kernel that ends takes its terminal with it, with one line', inTerminal, async () => {
  await using kernel = await startProcess();
  await using tty = new Tty({ home, args: ['--existing', writeConnection(kernel.connection)] });
  await tty.prompt(1);
  {
    await using notebook = await KernelClient.connect(writeConnection(kernel.connection));
    await notebook.shutdown();
  }
  await tty.until('the kernel closed the connection');
  assert.equal(await tty.ended, 1);
});

test('without a name the newest kernel that answers is joined; a piped cell runs there too', inTerminal, async () => {
  await using kernel = await startProcess();
  const folder = join(home, 'runtime');
  mkdirSync(folder);
  const fields = readFileSync(writeConnection(kernel.connection), 'utf8');
  writeFileSync(join(folder, 'kernel-live.json'), fields);
  // One that has gone: its file is newer, and nothing listens.
  const gone = JSON.parse(fields);
  for (const channel of ['shell', 'iopub', 'stdin', 'control', 'hb']) gone[`${channel}_port`] = 1;
  writeFileSync(join(folder, 'kernel-gone.json'), JSON.stringify({ ...gone, transport: 'tcp', ip: '127.0.0.1' }));
  await using tty = new Tty({ home, columns: 160, args: ['--existing'], env: { JUPYTER_RUNTIME_DIR: folder } });
  await tty.until('joined kernel-live.json');
  await tty.prompt(1);
  tty.keys('6 * 7\r');
  await tty.until('Out[1]: 42');
  const piped = spawnSync(process.execPath, [BIN, '--existing', 'live'], {
    input: 'Out[1] + 1',
    encoding: 'utf8',
    env: { ...process.env, JUPYTER_RUNTIME_DIR: folder },
  });
  assert.deepEqual([piped.status, piped.stdout, piped.stderr], [0, '43\n', '']);
});

test('a kernel that is not there is one line and exit code 2', inTerminal, async () => {
  for (const args of [['--existing', 'nothing.json'], ['--existing']]) {
    await using tty = new Tty({ home, columns: 200, args, env: { JUPYTER_RUNTIME_DIR: join(home, 'none') } });
    assert.equal(await tty.ended, 2);
    assert.match(
      tty.text,
      /^tensorcell: (there is no connection file nothing\.json|no TypeScript kernel that runs was found)/,
    );
    assert.equal(tty.text.split('\n').length, 1);
  }
});
