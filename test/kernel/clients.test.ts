// Several clients on one kernel process over TCP, clients that vanish and come back, and one that is frozen.
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { treeMemory } from '../../bench/memory.ts';
import { KernelProcess } from '../../kernel/client-process.ts';
import { ownKernel } from '../../kernel/client-specs.ts';
import { type Received, show, TestClient } from './harness.ts';
import type { Seen } from './reader.ts';

const { process: kernel, connection } = await KernelProcess.launch(ownKernel(), { transport: 'tcp' });
after(() => kernel[Symbol.dispose]());

async function join(identity?: string): Promise<TestClient> {
  const client = new TestClient(connection, identity === undefined ? {} : { identity });
  await client.find(({ type }) => type === 'iopub_welcome', 'welcome');
  return client;
}

/** A client in another process, which can be stopped and killed. */
class Reader implements Disposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: string[] = [];
  #wake = () => {};

  constructor(code?: string) {
    const program = fileURLToPath(new URL('reader.js', import.meta.url));
    this.child = spawn(process.execPath, [program, JSON.stringify(connection), ...(code === undefined ? [] : [code])]);
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      this.#lines.push(...lines);
      this.#wake();
    });
  }

  /** The first line that fits, waiting for it. */
  async line(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.#lines.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  ready(): Promise<string> {
    return this.line((line) => line === 'ready');
  }

  /** What it saw of a cell, once that has ended for it. */
  async saw(cell: string): Promise<Seen> {
    return JSON.parse(await this.line((line) => line.includes(`"cell":"${cell}"`)));
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }
}

const of = (id: string) => (message: Received) => message.parent.msg_id === id;

async function value(client: TestClient, code: string): Promise<unknown> {
  const { reply, iopub } = await client.finish(await client.execute(code));
  const data = iopub.find(({ type }) => type === 'execute_result')?.content.data as Record<string, unknown> | undefined;
  return data?.['text/plain'] ?? reply.content.ename ?? reply.content.status;
}

test('two clients get each their own replies, and both see what either runs', async () => {
  using one = await join();
  using other = await join();
  const mine: string[] = [];
  const theirs: string[] = [];
  for (let i = 0; i < 20; i++) {
    mine.push(await one.execute(`console.log("one ${i}"); ${i}`));
    theirs.push(await other.execute(`console.log("other ${i}"); ${-i}`));
  }
  await Promise.all([...mine.map((id) => one.finish(id)), ...theirs.map((id) => other.finish(id))]);
  // The last idle of the other's cells may be still on its way to each.
  for (const client of [one, other])
    for (const id of [...mine, ...theirs]) await client.find((m) => of(id)(m) && m.content.execution_state === 'idle');
  for (const [client, ids] of [
    [one, mine],
    [other, theirs],
  ] as const) {
    const replies = client.received.filter(({ channel }) => channel === 'shell');
    assert.deepEqual(
      replies.map(({ parent }) => parent.msg_id),
      ids,
    );
    for (const id of [...mine, ...theirs]) {
      const seen = client.received.filter((m) => of(id)(m) && m.channel === 'iopub').map(show);
      assert.deepEqual(seen, ['status:busy', 'execute_input', 'stream', 'execute_result', 'status:idle']);
    }
  }
});

test('a question goes to the client that ran the cell; an answer of another is not taken', async () => {
  using one = await join();
  using other = await join();
  const id = await one.execute('prompt("which? ")', { allow_stdin: true });
  await one.find(({ type }) => type === 'input_request', 'question');
  await other.send('stdin', 'input_reply', { value: 'stolen' });
  // Both of its messages have been read once this has been answered, and the cell waits still.
  await other.ask('control', 'kernel_info_request');
  assert.ok(!one.received.some((m) => of(id)(m) && m.channel === 'shell'));
  await one.send('stdin', 'input_reply', { value: 'mine' });
  const { iopub } = await one.finish(id);
  const results = iopub.filter(({ type }) => type === 'execute_result').map(({ content }) => content.data);
  assert.deepEqual(results, [{ 'text/plain': "'mine'" }]);
  assert.ok(!other.received.some(({ type }) => type === 'input_request'));
});

test('a client that comes back under its identity gets the reply of the cell that it had left running', async () => {
  using watcher = await join();
  const identity = 'comes-back';
  const before = await join(identity);
  const id = await before.execute(
    'globalThis.goOn = false; console.log("begun"); while (!goOn) await new Promise((r) => setTimeout(r, 10)); "done"',
  );
  await before.find(({ type, parent }) => type === 'stream' && parent.msg_id === id);
  before[Symbol.dispose]();
  using again = await join(identity);
  await again.ask('control', 'kernel_info_request');
  // What a cell waits for can't come from a cell: those wait for it. An interrupt ends it with a reply like any other.
  await watcher.send('control', 'interrupt_request');
  const { reply } = await again.finish(id);
  assert.equal(reply.content.status, 'error');
  assert.equal(reply.content.ename, 'KeyboardInterrupt');
  assert.equal(await value(again, 'goOn'), 'false');
});

test('a client that is killed takes nothing with it: its cell runs to the end, seen by the others', async () => {
  using watcher = await join();
  using reader = new Reader(
    'console.log("begun"); await new Promise((r) => setTimeout(r, 300)); var left = 7; console.log("ended");',
  );
  const begun = await watcher.find(({ type, content }) => type === 'stream' && String(content.text).includes('begun'));
  reader.child.kill('SIGKILL');
  const id = String(begun.parent.msg_id);
  await watcher.find((m) => of(id)(m) && m.content.execution_state === 'idle', 'idle');
  const text = watcher.received.filter((m) => of(id)(m) && m.type === 'stream').map(({ content }) => content.text);
  assert.equal(text.join(''), 'begun\nended\n');
  assert.equal(await value(watcher, 'left'), '7');
});

test('a question to a client that was killed holds up its cell alone, and an interrupt by another ends it', async () => {
  using watcher = await join();
  const asker = await join();
  const id = await asker.execute('prompt("anybody? ")', { allow_stdin: true });
  await asker.find(({ type }) => type === 'input_request', 'question');
  asker[Symbol.dispose]();
  const next = await watcher.execute('1 + 1');
  await watcher.ask('control', 'interrupt_request');
  await watcher.find((m) => of(id)(m) && m.content.execution_state === 'idle', 'idle');
  // What waited behind it is aborted, as after any interrupt.
  assert.equal((await watcher.finish(next)).reply.content.status, 'aborted');
  assert.equal(await value(watcher, '1 + 1'), '2');
});

test('one client stopped and one live: the live one gets all of a cell but text, the memory stays bounded, and the stopped one goes on later', async () => {
  using frozen = new Reader();
  using live = new Reader();
  await Promise.all([frozen.ready(), live.ready()]);
  using client = await join();
  frozen.child.kill('SIGSTOP');
  const megabytes = 200;
  // Its lines are of 1 kB; a display for each MB, and an error at its end.
  const id = await client.execute(`
    const line = 'x'.repeat(1023);
    for (let mb = 0; mb < ${megabytes}; mb++) {
      console.log(Array(1024).fill(line).join('\\n'));
      display(mb);
    }
    throw new Error('the end');`);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, treeMemory(kernel.pid!) ?? 0);
  }, 250);
  try {
    const seen = await live.saw(id);
    assert.equal(seen.displays, megabytes);
    assert.ok(seen.lines > 1024, `${seen.lines} lines`);
    assert.ok(seen.lines === megabytes * 1024 || seen.notes > 0, 'what is missing is told');
  } finally {
    clearInterval(watch);
  }
  const { reply } = await client.finish(id);
  assert.equal(reply.content.evalue, 'the end');
  assert.ok(most < 450, `${most} MB`);
  frozen.child.kill('SIGCONT');
  const next = await client.execute('console.log("on")');
  // It may have lost text, and what came once it was left behind; it hears what comes now.
  assert.equal((await frozen.saw(next)).lines, 1);
});

test('messages hold what VS Code is strict about: metadata and transient are objects, charts are Vega-Lite 5', async () => {
  using client = await join();
  const chart = `({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'point', data: { values: [{ a: 1 }] },
    encoding: { x: { field: 'a', type: 'quantitative' } } })`;
  const { iopub } = await client.finish(
    await client.execute(`const shown = display('a'); shown.update('b'); display(${chart}); console.log(1); ${chart}`),
  );
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  for (const message of iopub) {
    assert.ok(isObject(message.metadata), show(message));
    if ('data' in message.content) assert.ok(isObject(message.content.metadata), show(message));
    if ('transient' in message.content) assert.ok(isObject(message.content.transient), show(message));
  }
  const bundles = iopub.flatMap(({ content }) => ('data' in content ? [content.data as Record<string, unknown>] : []));
  const charts = bundles.filter((data) => Object.keys(data).some((mime) => mime.includes('vega')));
  // The displayed one and the value.
  assert.equal(charts.length, 2);
  for (const data of charts) {
    assert.match(JSON.stringify(data['application/vnd.vegalite.v5+json']), /vega-lite\/v5\b/);
    assert.equal(typeof data['image/svg+xml'], 'string');
  }
});
