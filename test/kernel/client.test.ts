// Our client against real kernel processes: our own kernel, and programs that fail to be one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KernelClient } from '../../kernel/client.ts';
import { findKernel, type KernelSpec, ownKernel } from '../../kernel/client-specs.ts';
import type { Published } from '../../kernel/client-types.ts';
import type { ExecuteReply } from '../../kernel/messages.ts';

const [node = '', program = ''] = ownKernel().argv;

function streamText(published: readonly Published[]): string {
  return published.map((message) => (message.type === 'stream' ? message.content.text : '')).join('');
}

/** Whether a process is there, a zombie of ours not counted: its parent has waited for it by then. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A kernel that runs a line of JavaScript instead. */
function impostor(script: string): KernelSpec {
  return { ...ownKernel(), name: 'impostor', argv: [node, '-e', script] };
}

const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
after(() => rmSync(folder, { recursive: true }));

test('a cell’s messages come in order, from busy to idle, and the reply with them', async () => {
  await using client = await KernelClient.start();
  assert.equal(client.info.language_info.name, 'typescript');
  const { reply, published } = await client.run('console.log("hi"); 6 * 7');
  assert.equal(reply.status, 'ok');
  assert.deepEqual(
    published.map(({ type }) => type),
    ['status', 'execute_input', 'stream', 'execute_result', 'status'],
  );
  const result = published.find((message) => message.type === 'execute_result');
  assert.equal(result?.content.data['text/plain'], '42');
});

test('not a line of 20,000 is lost, from the first cell on', async () => {
  await using client = await KernelClient.start();
  const { published } = await client.run('for (let i = 0; i < 20_000; i++) console.log(i)');
  const expected = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
  assert.equal(streamText(published), expected);
});

test('cells can be sent ahead; an error aborts those behind it', async () => {
  await using client = await KernelClient.start();
  const sent = ['let a = 1', 'throw new Error("x")', 'a'].map((code) => client.execute(code).done);
  assert.deepEqual(
    (await Promise.all(sent)).map(({ status }) => status),
    ['ok', 'error', 'aborted'],
  );
});

test('the other requests are answered', async () => {
  await using client = await KernelClient.start();
  await client.run('const speed = 3');
  const completion = await client.complete('spee');
  assert.ok(completion.status === 'ok' && completion.matches.includes('speed'));
  const inspection = await client.inspect('speed');
  assert.ok(inspection.status === 'ok' && inspection.found);
  assert.equal((await client.isComplete('if (true) {')).status, 'incomplete');
  const history = await client.history({ hist_access_type: 'tail', n: 1, output: false, raw: true });
  assert.ok(history.status === 'ok' && history.history[0]?.[2] === 'const speed = 3');
  assert.equal(await client.ping(), true);
  const comms = await client.request('comm_info', {});
  assert.deepEqual(comms, { status: 'ok', comms: {} });
});

test('an interrupt ends an endless loop and the kernel lives', async () => {
  await using client = await KernelClient.start();
  let done: Promise<ExecuteReply> | undefined;
  await new Promise<void>((started) => {
    const onPublished = ({ type }: Published) => type === 'stream' && started();
    done = client.execute('console.log("on"); for (;;);', { onPublished }).done;
  });
  await client.interrupt();
  const reply = await done;
  assert.ok(reply?.status === 'error' && reply.ename === 'KeyboardInterrupt');
  assert.equal((await client.run('1')).reply.status, 'ok');
});

test('a question is answered; without anyone to answer, the cell is told', async () => {
  await using client = await KernelClient.start();
  const { published } = await client.run('const name = prompt("Who? "); name', {
    onInput: async ({ prompt }) => `${prompt}me`,
  });
  const result = published.find((message) => message.type === 'execute_result');
  assert.equal(result?.content.data['text/plain'], "'Who? me'");
  const { reply } = await client.run('prompt("Who? ")');
  assert.equal(reply.status, 'error');
});

test('a question that is left open waits until the cell is interrupted', async () => {
  await using client = await KernelClient.start();
  const onInput = async () => {
    setImmediate(() => client.interrupt());
    throw new Error('nobody here');
  };
  const { reply } = await client.run('prompt("Who? ")', { onInput });
  assert.ok(reply.status === 'error' && reply.ename === 'KeyboardInterrupt');
});

test('output after its cell’s end is heard, under the id of the cell', async () => {
  await using client = await KernelClient.start();
  const late = new Promise<string | undefined>((resolve) => {
    client.subscribe(({ type, parentId }) => type === 'stream' && resolve(parentId));
  });
  const { id, done } = client.execute('setTimeout(() => console.log("late"), 50); undefined');
  await done;
  await client.run('1');
  assert.equal(await late, id);
});

for (const options of [{ transport: 'tcp' as const }, { transport: 'tcp' as const, encrypted: true }])
  test(`a kernel is spoken to over ${JSON.stringify(options)}`, async () => {
    await using client = await KernelClient.start(options);
    assert.equal((await client.run('1')).reply.status, 'ok');
    assert.equal(await client.ping(), true);
  });

test('a kernel that dies is noticed: every open request is rejected with how it ended', async () => {
  await using client = await KernelClient.start();
  const endless = client.execute('for (;;);').done;
  process.kill(client.pid!, 'SIGKILL');
  await assert.rejects(endless, /^KernelDiedError: the kernel was ended by SIGKILL/);
  await assert.rejects(client.run('1'), /^KernelDiedError: the kernel was ended by SIGKILL/);
  await assert.rejects(client.complete('x'), /^KernelDiedError/);
  assert.match((await client.died).message, /SIGKILL/);
});

test('a kernel that ends before it answers is told with its exit code and last words', async () => {
  await assert.rejects(
    KernelClient.start({ spec: impostor('console.error("no such model"); process.exit(3)') }),
    /^KernelDiedError: the kernel ended with exit code 3\nno such model$/,
  );
});

test('a command that does not exist is told', async () => {
  const spec = { ...ownKernel(), argv: [join(folder, 'nothing')] };
  await assert.rejects(KernelClient.start({ spec }), /^KernelDiedError: the kernel could not be started: .*ENOENT/);
});

test('a kernel that never answers is given up and ended', async () => {
  const note = join(folder, 'pid');
  const script = `require('fs').writeFileSync(${JSON.stringify(note)}, String(process.pid)); setInterval(() => {}, 1000)`;
  const started = KernelClient.start({ spec: impostor(script), startTimeout: 1500 });
  await assert.rejects(started, /^KernelStartError: the kernel did not answer within 1.5 s/);
  assert.ok(existsSync(note));
});

test('a start can be given up', async () => {
  const stop = new AbortController();
  const started = KernelClient.start({ spec: impostor('setInterval(() => {}, 1000)'), signal: stop.signal });
  stop.abort();
  await assert.rejects(started, /^KernelStartError: the start of the kernel was given up/);
});

test('nothing stays of a kernel that was disposed of, busy or not: no process, no file', async () => {
  const own = mkdtempSync(join(folder, 'tmp-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = own;
  try {
    const pids: number[] = [];
    for (const code of ['1', 'for (;;);']) {
      await using client = await KernelClient.start();
      pids.push(client.pid!);
      const { published } = await client.run('process.pid');
      const result = published.find((message) => message.type === 'execute_result');
      pids.push(Number(result?.content.data['text/plain']));
      if (code === '1') await client.run(code);
      else client.execute(code);
    }
    assert.equal(pids.length, 4);
    assert.deepEqual(pids.filter(lives), []);
    assert.deepEqual(readdirSync(own), []);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
});

test('a running kernel is joined by its connection file, outlives the client, and its end is noticed', async () => {
  const file = join(folder, 'kernel.json');
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const fields = { transport: 'ipc', ip: join(folder, 'k'), key: 'secret', signature_scheme: 'hmac-sha256', ...ports };
  writeFileSync(file, JSON.stringify(fields));
  const kernel = spawn(node, [program, 'kernel', file], { stdio: 'ignore' });
  const ended = new Promise((resolve) => kernel.on('exit', resolve));
  {
    await using first = await KernelClient.connect(file);
    await first.run('let shared = 41');
  }
  await using second = await KernelClient.connect(file);
  await using third = await KernelClient.connect(file);
  const seen: string[] = [];
  using _ = third.subscribe((message) => message.type === 'execute_input' && seen.push(message.content.code));
  const { published } = await second.run('shared + 1');
  const result = published.find((message) => message.type === 'execute_result');
  assert.equal(result?.content.data['text/plain'], '42');
  await second.shutdown();
  assert.match((await third.died).message, /the kernel closed the connection/);
  assert.deepEqual(seen, ['shared + 1']);
  await ended;
});

test('where no kernel is, joining ends with an error', async () => {
  const fields = { shell: 1, control: 2, iopub: 3, stdin: 4, hb: 5 };
  const nowhere = { transport: 'ipc', ip: join(folder, 'nobody'), ports: fields, key: '' } as const;
  await assert.rejects(KernelClient.connect(nowhere, 300), /^KernelStartError: the kernel did not answer within 0.3 s/);
});

test('kernels are found by name where Jupyter keeps them; a missing one is told with those that are there', async () => {
  const before = process.env.JUPYTER_PATH;
  process.env.JUPYTER_PATH = join(folder, 'jupyter');
  const home = join(folder, 'jupyter', 'kernels', 'Other');
  mkdirSync(home, { recursive: true });
  mkdirSync(join(folder, 'jupyter', 'kernels', 'broken'));
  writeFileSync(
    join(home, 'kernel.json'),
    JSON.stringify({ argv: ['x', '{connection_file}'], display_name: 'O', language: 'o' }),
  );
  try {
    const found = await findKernel('other');
    assert.deepEqual(
      [found.name, found.displayName, found.argv, found.interruptMode],
      ['Other', 'O', ['x', '{connection_file}'], 'signal'],
    );
    await assert.rejects(
      findKernel('nope'),
      /^MissingKernelError: there is no kernel "nope" \(there are: tensorcell, .*Other/,
    );
    await assert.rejects(
      findKernel('broken'),
      /^MissingKernelError: the kernel "broken" can't be started: .*kernel\.json/,
    );
  } finally {
    if (before === undefined) delete process.env.JUPYTER_PATH;
    else process.env.JUPYTER_PATH = before;
  }
});
