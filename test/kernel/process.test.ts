// The kernel as a process: how it starts, is signalled and ends, with a real session behind it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { address, type Connection } from '../../kernel/connection.ts';
import { freshConnection, TestClient } from './harness.ts';
import { BIN, evaluate, gone, pids, startProcess, writeConnection } from './processes.ts';

test('a shutdown ends the process, its session and what a cell left running', async () => {
  await using kernel = await startProcess();
  const others = await pids(kernel.client);
  await kernel.client.ask('control', 'shutdown_request', { restart: false });
  assert.equal(await kernel.exited, 0);
  await Promise.all(others.map(gone));
});

test('a shutdown is obeyed while a cell never ends', async () => {
  await using kernel = await startProcess();
  await kernel.client.execute('while (true) {}');
  await kernel.client.find(({ type }) => type === 'execute_input');
  await kernel.client.ask('control', 'shutdown_request', { restart: true });
  assert.equal(await kernel.exited, 0);
});

test('SIGTERM ends the process, its session and what a cell left running', async () => {
  await using kernel = await startProcess();
  const others = await pids(kernel.client);
  kernel.process.kill('SIGTERM');
  assert.equal(await kernel.exited, 0);
  await Promise.all(others.map(gone));
});

test('a killed kernel leaves no session behind, not even a busy one', async () => {
  await using kernel = await startProcess();
  const [session] = await pids(kernel.client);
  await kernel.client.execute('while (true) {}');
  await kernel.client.find(({ type, content }) => type === 'execute_input' && content.execution_count === 2);
  kernel.process.kill('SIGKILL');
  await kernel.exited;
  await gone(session!);
});

test('SIGINT interrupts the running cell and keeps the state; with none running it does nothing', async () => {
  await using kernel = await startProcess();
  kernel.process.kill('SIGINT');
  // A kernel that is busy for some ms would find the signal and the cell at once, and the cell first.
  await kernel.client.ask('control', 'kernel_info_request');
  assert.equal(await evaluate(kernel.client, 'let kept = 41; kept'), '41');
  const id = await kernel.client.execute('while (true) {}');
  await kernel.client.find(({ type, parent }) => type === 'execute_input' && parent.msg_id === id);
  kernel.process.kill('SIGINT');
  const { reply } = await kernel.client.finish(id);
  assert.equal(reply.content.ename, 'KeyboardInterrupt');
  assert.equal(await evaluate(kernel.client, 'kept + 1'), '42');
});

test('a kernel whose starter has vanished ends', async () => {
  const connection = freshConnection();
  const args = JSON.stringify([BIN, 'kernel', writeConnection(connection)]);
  // A starter of its own, which tells the kernel's pid and lives until it is killed.
  const starter = spawn(
    process.execPath,
    [
      '-e',
      `const child = require('node:child_process').spawn(process.execPath, ${args}, { stdio: 'ignore',
         env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });
       console.log(child.pid); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  using client = new TestClient(connection);
  try {
    await client.find(({ type }) => type === 'iopub_welcome', 'welcome');
    await client.ask('control', 'kernel_info_request');
  } finally {
    starter.kill('SIGKILL');
  }
  await gone(pid);
});

test('a port that is taken gives one line and exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const ports = { shell: port, control: port + 1, iopub: port + 2, stdin: port + 3, hb: port + 4 };
  const connection: Connection = { transport: 'tcp', ip: '127.0.0.1', key: 'k', ports };
  const kernel = spawn(process.execPath, [BIN, 'kernel', writeConnection(connection)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  kernel.stderr.setEncoding('utf8').on('data', (text) => {
    words += text;
  });
  const [code] = await once(kernel, 'close');
  server.close();
  assert.equal(code, 1);
  assert.equal(words.split('\n').length, 2, words);
  assert.ok(words.startsWith(`tensorcell kernel: cannot listen on ${address(connection, 'shell')}: `), words);
});

test('a cell that ends its process is an error; the kernel and later cells live', async () => {
  await using kernel = await startProcess();
  const id = await kernel.client.execute('process.exit(3)');
  const { reply } = await kernel.client.finish(id);
  assert.equal(reply.content.status, 'error');
  assert.match(String(reply.content.evalue), /3/);
  assert.equal(await evaluate(kernel.client, '1 + 1'), '2');
});

test('what a native library logs goes to the kernel’s log and to %log, and no cell shows it', async () => {
  await using kernel = await startProcess({ stderr: 'pipe' });
  let log = '';
  kernel.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const line = 'W0000 00:00:1764000000.000000  1234 gpu_device.cc:2344] Cannot dlopen some GPU libraries.';
  const cell = `require('node:fs').writeSync(2, ${JSON.stringify(`${line}\nmine\n`)}); undefined`;
  const streams = async (code: string) => {
    const { iopub } = await kernel.client.finish(await kernel.client.execute(code));
    return iopub.filter(({ type }) => type === 'stream').map(({ content }) => [content.name, content.text]);
  };
  assert.deepEqual(await streams(cell), [['stderr', 'mine\n']]);
  assert.deepEqual(await streams('%log'), [['stdout', `${line}\n`]]);
  while (!log.includes(`tensorcell: ${line}\n`)) await once(kernel.process.stderr!, 'data');
});

test('a cell that asks gets the person’s answer, and an interrupt ends its wait', async () => {
  await using kernel = await startProcess();
  const { client } = kernel;
  const id = await client.execute('const name = prompt("name? "); name');
  const question = await client.find(({ type, parent }) => type === 'input_request' && parent.msg_id === id);
  assert.equal(question.content.prompt, 'name? ');
  await client.send('stdin', 'input_reply', { value: 'Ada' });
  await client.finish(id);
  assert.match(String(await evaluate(client, 'name')), /Ada/);
  const again = await client.execute('prompt("again? ")');
  await client.find(({ type, parent }) => type === 'input_request' && parent.msg_id === again);
  await client.ask('control', 'interrupt_request');
  assert.equal((await client.finish(again)).reply.content.ename, 'KeyboardInterrupt');
  const refused = await client.finish(await client.execute('prompt("no? ")', { allow_stdin: false }));
  assert.equal(refused.reply.content.status, 'error');
  assert.match(String(refused.reply.content.evalue), /input.*allow_stdin is false/);
  assert.match(String(await evaluate(client, 'name')), /Ada/);
});

test('readline and process.stdin ask the client, an interrupt ends their wait, and a late reply is nobody’s', async () => {
  await using kernel = await startProcess();
  const { client } = kernel;
  const asked = (id: string) =>
    client.find(({ type, parent }) => type === 'input_request' && parent.msg_id === id, 'input_request');
  const code = (prompt: string) =>
    `{ const { createInterface } = await import('node:readline/promises');
       const rl = createInterface({ input: process.stdin, output: process.stdout });
       globalThis.line = await rl.question('${prompt}'); rl.close(); }`;
  const id = await client.execute(code('name? '));
  assert.deepEqual((await asked(id)).content, { prompt: 'name? ', password: false });
  await client.send('stdin', 'input_reply', { value: 'Ada' });
  assert.equal((await client.finish(id)).reply.content.status, 'ok');
  assert.equal(await evaluate(client, 'line'), "'Ada'");
  const waits = await client.execute('for await (const chunk of process.stdin) console.log(String(chunk))');
  assert.equal((await asked(waits)).content.prompt, '');
  await client.ask('control', 'interrupt_request');
  assert.equal((await client.finish(waits)).reply.content.ename, 'KeyboardInterrupt');
  await client.send('stdin', 'input_reply', { value: 'late' });
  const next = await client.execute(code('again? '));
  await asked(next);
  await client.send('stdin', 'input_reply', { value: 'mine' });
  await client.finish(next);
  assert.equal(await evaluate(client, 'line'), "'mine'");
  const refused = await client.finish(await client.execute(code('no? '), { allow_stdin: false }));
  assert.match(String(refused.reply.content.evalue), /process\.stdin: .*allow_stdin is false/);
});

test('a password is asked for as one, and a wrong option is refused', async () => {
  await using kernel = await startProcess();
  const { client } = kernel;
  const id = await client.execute('const key = prompt("Key: ", { password: true }); key.length');
  const question = await client.find(({ type, parent }) => type === 'input_request' && parent.msg_id === id);
  assert.deepEqual(question.content, { prompt: 'Key: ', password: true });
  await client.send('stdin', 'input_reply', { value: 'grüße' });
  const { iopub } = await client.finish(id);
  const { data } = iopub.find(({ type }) => type === 'execute_result')!.content as { data: Record<string, string> };
  assert.equal(data['text/plain'], '5');
  const wrong = await client.finish(await client.execute('prompt("Key: ", { password: 1 })'));
  assert.equal(wrong.reply.content.evalue, 'prompt: password must be true or false, got number');
});

test('usage tells of GPU memory where there is a driver, and leaves it out where there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-'));
  // What the driver's own program prints, for a machine of two GPUs; pid 1 is another's, the kernel's own is its parent.
  const driver = [
    '#!/bin/sh',
    'case "$1" in',
    '  --query-gpu=*) printf "81559, 1024\n81559, 512\n" ;;',
    '  *) printf "1, 700\n$PPID, 300\n$PPID, [N/A]\n" ;;',
    'esac',
  ].join('\n');
  writeFileSync(join(folder, 'nvidia-smi'), driver, { mode: 0o755 });
  await using kernel = await startProcess({ env: { PATH: `${folder}:${process.env.PATH}` } });
  const { content } = await kernel.client.ask('control', 'usage_request');
  const MIB = 1 << 20;
  assert.equal(content.kernel_gpu_memory, 300 * MIB);
  const total = 2 * 81559 * MIB;
  assert.deepEqual(content.host_gpu_memory, { total, used: 1536 * MIB, percent: 0.9 });
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\nexit 9\n', { mode: 0o755 });
  const without = (await kernel.client.ask('control', 'usage_request')).content;
  assert.equal(without.status, 'ok');
  assert.ok(!('kernel_gpu_memory' in without) && !('host_gpu_memory' in without), JSON.stringify(without));
});

test('history goes on in a file from one kernel to the next, without silent and unkept cells', async () => {
  const env = { TENSORCELL_HISTORY: '', TENSORCELL_HOME: mkdtempSync(join(tmpdir(), 'tc-')) };
  {
    await using kernel = await startProcess({ env });
    await kernel.client.finish(await kernel.client.execute('6 * 7'));
    await kernel.client.finish(await kernel.client.execute('"quiet"', { silent: true }));
    await kernel.client.finish(await kernel.client.execute('"unkept"', { store_history: false }));
    await kernel.client.ask('control', 'shutdown_request', { restart: true });
    assert.equal(await kernel.exited, 0);
  }
  await using kernel = await startProcess({ env });
  await kernel.client.finish(await kernel.client.execute('1 + 1'));
  const ask = async (content: object) =>
    (await kernel.client.ask('shell', 'history_request', { raw: true, ...content })).content.history;
  assert.deepEqual(await ask({ hist_access_type: 'tail', n: 9, output: true }), [
    [1, 1, ['6 * 7', '42']],
    [2, 1, ['1 + 1', '2']],
  ]);
  assert.deepEqual(await ask({ hist_access_type: 'range', session: -1, start: 1, stop: null }), [[1, 1, '6 * 7']]);
  assert.deepEqual(await ask({ hist_access_type: 'search', pattern: '1*', unique: true, n: 1 }), [[2, 1, '1 + 1']]);
});

test('usage counts the session and its children', async () => {
  await using kernel = await startProcess();
  await kernel.client.finish(await kernel.client.execute('const big = new Uint8Array(200 << 20).fill(1);'));
  const { content } = await kernel.client.ask('control', 'usage_request');
  assert.ok(Number(content.kernel_memory) > 200 << 20, String(content.kernel_memory));
});
