// Every message that there is, between a client and the built kernel: what it does, seen from outside. One that is missing in the table
// does not compile.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Broadcast, Notice, RequestType } from '../../kernel/messages.ts';
import { type Received, show, TestClient } from './harness.ts';
import { evaluate, startProcess } from './processes.ts';

const shared = await startProcess({ env: { TENSORCELL_HISTORY: 'off' } });
after(() => shared[Symbol.asyncDispose]());
const { client, connection } = shared;

type Contents = Readonly<Record<string, unknown>>;

const ask = async (type: RequestType, content: object = {}, channel: 'shell' | 'control' = 'shell') =>
  (await client.ask(channel, type, content)).content;

/** Runs a cell; its reply's content and all that iopub brought for it. */
async function run(code: string, options: object = {}): Promise<{ reply: Contents; iopub: Received[]; id: string }> {
  const id = await client.execute(code, options);
  const { reply, iopub } = await client.finish(id);
  return { reply: reply.content, iopub, id };
}

/** The contents of a cell's messages of a type. */
async function shown(type: Broadcast, code: string, options: object = {}): Promise<Contents[]> {
  return (await run(code, options)).iopub.filter((m) => m.type === type).map(({ content }) => content);
}

async function comm(type: Notice, content: object, buffers: Buffer[] = []): Promise<Received[]> {
  const header = client.wire.header(type);
  await client.shell.send(client.wire.encode({ type, content, metadata: {}, buffers }, header));
  const of = (m: Received) => m.parent.msg_id === header.msg_id;
  await client.find((m) => of(m) && m.content.execution_state === 'idle', 'idle');
  return client.received.filter((m) => of(m) && m.type !== 'status');
}

/** A cell that asks, and what came for it on stdin. */
async function question(code: string): Promise<{ id: string; asked: Received }> {
  const id = await client.execute(code, { allow_stdin: true });
  return { id, asked: await client.find((m) => m.channel === 'stdin' && m.parent.msg_id === id, 'question') };
}

const refused = async (type: RequestType, content: object, words: RegExp) => {
  const { status, ename, evalue } = await ask(type, content, 'control');
  assert.deepEqual([status, ename], ['error', 'NotSupportedError']);
  assert.match(String(evalue), words);
};

const BEHAVIOUR: { readonly [M in RequestType | Notice | Broadcast | 'input_request' | 'input_reply']: () => unknown } =
  {
    kernel_info_request: async () => {
      const info = await ask('kernel_info_request');
      assert.deepEqual(await ask('kernel_info_request', {}, 'control'), info);
      const language = info.language_info as Contents;
      assert.equal(`${info.status} ${info.implementation} ${language.name}`, 'ok tensorcell typescript');
      // An object breaks JupyterLab.
      assert.equal(typeof language.codemirror_mode, 'string');
      assert.match(String(info.banner), new RegExp(`Node.js ${process.versions.node}`));
      assert.ok(!(info.supported_features as string[]).includes('kernel subshells'));
    },
    execute_request: async () => {
      const count = Number((await run('let total = 1')).reply.execution_count);
      const { reply, iopub } = await run('total + 1', {
        user_expressions: { twice: 'total * 2', wrong: 'missing' },
        store_history: true,
      });
      assert.equal(reply.execution_count, count + 1);
      const { twice, wrong } = reply.user_expressions as Record<string, Contents>;
      assert.deepEqual(twice, { status: 'ok', data: { 'text/plain': '2' }, metadata: {} });
      assert.deepEqual([wrong!.status, wrong!.ename], ['error', 'ReferenceError']);
      assert.deepEqual(iopub.map(show), ['status:busy', 'execute_input', 'execute_result', 'status:idle']);
      const silent = await run('total = 5; total', { silent: true });
      assert.deepEqual(silent.iopub.map(show), ['status:busy', 'status:idle']);
      await run('total', { store_history: false });
      assert.equal((await run('total')).reply.execution_count, count + 2);
      const ids = [await client.execute('throw new Error("first")'), await client.execute('total = 6')];
      const [failed, behind] = await Promise.all(ids.map((id) => client.finish(id)));
      assert.equal(failed!.reply.content.ename, 'Error');
      assert.deepEqual(behind!.reply.content, { status: 'aborted' });
      const on = [await client.execute('throw 1', { stop_on_error: false }), await client.execute('total = 7')];
      await Promise.all(on.map((id) => client.finish(id)));
      assert.equal(await evaluate(client, 'total'), '7');
    },
    complete_request: async () => {
      await run('const grün = { alpha: 1, beta() {} };');
      const code = '"😀"; grün.al + 1';
      const { matches, cursor_start, cursor_end, metadata } = await ask('complete_request', { code, cursor_pos: 12 });
      // In code points, of which the picture is one.
      assert.deepEqual([matches, cursor_start, cursor_end], [['alpha'], 10, 12]);
      const [typed] = (metadata as { _jupyter_types_experimental: Contents[] })._jupyter_types_experimental;
      assert.deepEqual([typed!.text, typed!.start, typed!.end], ['alpha', 10, 12]);
      assert.equal(typeof typed!.type, 'string');
    },
    inspect_request: async () => {
      await run('function twice(n: number) { return n * 2; }');
      const text = async (detail_level: 0 | 1) =>
        String(
          ((await ask('inspect_request', { code: 'twice(3)', cursor_pos: 2, detail_level })).data as Contents)[
            'text/plain'
          ],
        );
      assert.match(await text(0), /\btwice\(n/);
      assert.ok(!(await text(0)).includes('return'));
      assert.match(await text(1), /return n \* 2/);
      const { found, data } = await ask('inspect_request', { code: 'nothing_of_this_name', cursor_pos: 3 });
      assert.deepEqual([found, data], [false, {}]);
    },
    is_complete_request: async () => {
      const verdict = async (code: string) => (await ask('is_complete_request', { code })).status;
      assert.deepEqual(await Promise.all(['let a = 1', 'for (;;) {', 'let let 1'].map(verdict)), [
        'complete',
        'incomplete',
        'invalid',
      ]);
      assert.match(String((await ask('is_complete_request', { code: 'if (a) {' })).indent), /^\s+$/);
    },
    history_request: async () => {
      await run('"findable" + 1');
      await run('"unkept" + 1', { store_history: false });
      const read = async (content: object) => (await ask('history_request', content)).history as unknown[][];
      const inputs = async (content: object) => (await read(content)).map(([, , input]) => input);
      assert.deepEqual(await inputs({ hist_access_type: 'tail', n: 1 }), ['"findable" + 1']);
      assert.deepEqual(await read({ hist_access_type: 'tail', n: 1, output: true }).then(([last]) => last![2]), [
        '"findable" + 1',
        "'findable1'",
      ]);
      await run('"findable" + 1');
      const search = { hist_access_type: 'search', pattern: '"find*' };
      assert.equal((await inputs(search)).length, 2);
      assert.equal((await inputs({ ...search, unique: true })).length, 1);
      const count = Number((await run('1')).reply.execution_count);
      assert.deepEqual(await inputs({ hist_access_type: 'range', session: 0, start: count - 1, stop: count }), [
        '"findable" + 1',
      ]);
    },
    comm_info_request: async () => {
      await run('import { comm } from "tensorcell"; comm.register("here", () => {});');
      await comm('comm_open', { comm_id: 'listed', target_name: 'here' });
      const comms = { listed: { target_name: 'here' } };
      assert.deepEqual(await ask('comm_info_request', { target_name: 'here' }), { status: 'ok', comms });
      assert.deepEqual(await ask('comm_info_request', { target_name: 'jupyter.widget' }), { status: 'ok', comms: {} });
      await comm('comm_close', { comm_id: 'listed' });
      assert.deepEqual((await ask('comm_info_request')).comms, {});
    },
    connect_request: async () => {
      const { shell, iopub, stdin, hb, control } = connection.ports;
      const named = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, hb_port: hb, control_port: control };
      assert.deepEqual(await ask('connect_request'), { status: 'ok', ...named });
    },
    interrupt_request: async () => {
      await run('let rounds = 0;');
      const id = await client.execute('console.log("in"); for (;;) rounds++;');
      await client.find((m) => m.type === 'stream' && m.parent.msg_id === id);
      assert.deepEqual(await ask('interrupt_request', {}, 'control'), { status: 'ok' });
      assert.equal((await client.finish(id)).reply.content.ename, 'KeyboardInterrupt');
      assert.equal(await evaluate(client, 'rounds > 0'), 'true');
    },
    shutdown_request: async () => {
      for (const restart of [true, false]) {
        await using own = await startProcess();
        const { content } = await own.client.ask('control', 'shutdown_request', { restart });
        assert.deepEqual(content, { status: 'ok', restart });
        assert.equal(await own.exited, 0);
      }
    },
    usage_request: async () => {
      const usage = await ask('usage_request', {}, 'control');
      assert.equal(usage.pid, shared.process.pid);
      assert.ok(
        Number(usage.kernel_memory) > 50 << 20 && Number(usage.kernel_cpu) >= 0 && Number(usage.cpu_count) >= 1,
      );
      const memory = usage.host_virtual_memory as Record<string, number>;
      assert.ok(memory.total! > memory.available! && memory.percent! > 0);
    },
    debug_request: async () => {
      await refused(
        'debug_request',
        { type: 'request', seq: 4, command: 'initialize' },
        /debugging cells is not supported/,
      );
      const { request_seq, success, command } = await ask(
        'debug_request',
        { seq: 4, command: 'initialize' },
        'control',
      );
      assert.deepEqual([request_seq, success, command], [4, false, 'initialize']);
    },
    create_subshell_request: () => refused('create_subshell_request', {}, /subshells are not supported/),
    delete_subshell_request: () =>
      refused('delete_subshell_request', { subshell_id: 'a' }, /subshells are not supported/),
    list_subshell_request: () => refused('list_subshell_request', {}, /subshells are not supported/),

    comm_open: async () => {
      const [closed] = await comm('comm_open', { comm_id: 'stray', target_name: 'jupyter.widget', data: {} });
      assert.deepEqual([closed!.type, closed!.content.comm_id], ['comm_close', 'stray']);
      const { iopub } = await run(
        'import { comm } from "tensorcell"; const mine = comm.open("theirs", { a: 1 }); undefined',
      );
      const opened = iopub.find(({ type }) => type === 'comm_open')!;
      assert.deepEqual([opened.content.target_name, opened.content.data], ['theirs', { a: 1 }]);
      await comm('comm_close', { comm_id: opened.content.comm_id });
      assert.equal(await evaluate(client, 'mine.closed'), 'true');
    },
    comm_msg: async () => {
      await run(`import { comm } from "tensorcell";
      comm.register("echo", (it) => it.onMessage(({ data, buffers }) => it.send({ back: data }, { buffers })));`);
      await comm('comm_open', { comm_id: 'e', target_name: 'echo' });
      const [back] = await comm('comm_msg', { comm_id: 'e', data: { n: 1 } }, [Buffer.from([1, 0, 255])]);
      assert.deepEqual([back!.type, back!.content], ['comm_msg', { comm_id: 'e', data: { back: { n: 1 } } }]);
      assert.deepEqual(
        back!.buffers.map((buffer) => [...buffer]),
        [[1, 0, 255]],
      );
      await comm('comm_close', { comm_id: 'e' });
    },
    comm_close: async () => {
      await run('comm.register("ends", (it) => it.close({ why: "full" }));');
      const [closed] = await comm('comm_open', { comm_id: 'f', target_name: 'ends' });
      assert.deepEqual([closed!.type, closed!.content], ['comm_close', { comm_id: 'f', data: { why: 'full' } }]);
    },

    iopub_welcome: async () => {
      using second = new TestClient(connection);
      const { content, parent } = await second.find(({ type }) => type === 'iopub_welcome');
      assert.deepEqual([content, parent], [{ subscription: '' }, {}]);
    },
    status: async () => {
      await using own = await startProcess();
      await own.client.ask('shell', 'kernel_info_request');
      const states = own.client.received
        .filter(({ type }) => type === 'status')
        .map(({ content }) => content.execution_state);
      assert.deepEqual(states, ['starting', 'busy', 'idle']);
    },
    execute_input: async () => {
      const { reply, iopub } = await run('let twoLines =\n  1;');
      const { content } = iopub.find(({ type }) => type === 'execute_input')!;
      assert.deepEqual(content, { code: 'let twoLines =\n  1;', execution_count: reply.execution_count });
    },
    stream: async () => {
      const streams = await shown('stream', 'console.log("out"); console.error("err"); process.stdout.write("half")');
      assert.deepEqual(streams, [
        { name: 'stdout', text: 'out\n' },
        { name: 'stderr', text: 'err\n' },
        { name: 'stdout', text: 'half' },
      ]);
    },
    display_data: async () => {
      const [content] = await shown('display_data', 'display({ "text/html": "<b>kb</b>" }, { raw: true }); undefined');
      assert.equal((content!.data as Contents)['text/html'], '<b>kb</b>');
      assert.equal(typeof (content!.data as Contents)['text/plain'], 'string');
      assert.match(String((content!.transient as Contents).display_id), /./);
    },
    update_display_data: async () => {
      const [first] = await shown('display_data', 'const bar = display("0 %"); undefined');
      const [update] = await shown('update_display_data', 'bar.update("100 %")');
      assert.deepEqual(update!.transient, first!.transient);
      assert.match(String((update!.data as Contents)['text/plain']), /100 %/);
    },
    execute_result: async () => {
      const { reply, iopub } = await run('[1, 2].map((n) => n * 2)');
      const { content } = iopub.find(({ type }) => type === 'execute_result')!;
      // Never null: that breaks nbclient.
      assert.deepEqual(content.transient, {});
      assert.deepEqual(
        [(content.data as Contents)['text/plain'], content.execution_count],
        ['[ 2, 4 ]', reply.execution_count],
      );
      assert.deepEqual(await shown('execute_result', 'undefined'), []);
    },
    error: async () => {
      const { reply, iopub } = await run('const a = 1;\nJSON.parse("null").x');
      const { ename, evalue, traceback } = iopub.find(({ type }) => type === 'error')!.content;
      assert.equal(ename, 'TypeError');
      assert.match((traceback as string[]).join('\n'), /In\[\d+\]:2:/);
      assert.deepEqual([reply.ename, reply.evalue, reply.traceback], [ename, evalue, traceback]);
    },
    clear_output: async () => {
      const cleared = await shown(
        'clear_output',
        'import { clearOutput } from "tensorcell"; clearOutput(); clearOutput({ wait: true })',
      );
      assert.deepEqual(cleared, [{ wait: false }, { wait: true }]);
    },
    shutdown_reply: async () => {
      await using own = await startProcess();
      await own.client.send('control', 'shutdown_request', { restart: false });
      const told = await own.client.find(({ type, channel }) => type === 'shutdown_reply' && channel === 'iopub');
      assert.deepEqual(told.content, { status: 'ok', restart: false });
      assert.equal(await own.exited, 0);
    },

    input_request: async () => {
      const { id, asked } = await question('prompt("name? ", { password: true })');
      assert.deepEqual([asked.type, asked.content], ['input_request', { prompt: 'name? ', password: true }]);
      await client.send('stdin', 'input_reply', { value: '' });
      await client.finish(id);
      const { reply } = await run('prompt("nobody? ")', { allow_stdin: false });
      assert.match(String(reply.evalue), /allow_stdin is false/);
    },
    input_reply: async () => {
      const { id } = await question('`hello ${prompt("name? ")}`');
      await client.send('stdin', 'input_reply', { value: 'Ada 😀' });
      const { iopub } = await client.finish(id);
      const { data } = iopub.find(({ type }) => type === 'execute_result')!.content;
      assert.equal((data as Contents)['text/plain'], "'hello Ada 😀'");
      // An answer that nothing has asked for is no one's.
      await client.send('stdin', 'input_reply', { value: 'late' });
      const { id: next } = await question('prompt("again? ")');
      await delay(20);
      await client.send('stdin', 'input_reply', { value: 'mine' });
      const result = (await client.finish(next)).iopub.find(({ type }) => type === 'execute_result')!;
      assert.equal((result.content.data as Contents)['text/plain'], "'mine'");
    },
  };

for (const [type, behaves] of Object.entries(BEHAVIOUR)) {
  test(`${type} does what it is for`, async () => {
    await behaves();
  });
}

test('the heartbeat gives back what came', async () => {
  await client.hb.send([Buffer.from([0, 255]), 'two']);
  assert.deepEqual(await client.hb.receive(), [Buffer.from([0, 255]), Buffer.from('two')]);
});

test('whatever was asked was bracketed: each request’s first word is busy, its last idle, and nothing follows', () => {
  const byParent = new Map<unknown, Received[]>();
  for (const message of client.received) {
    const { msg_id } = message.parent;
    if (message.channel === 'iopub' && msg_id !== undefined)
      byParent.set(msg_id, [...(byParent.get(msg_id) ?? []), message]);
  }
  assert.ok(byParent.size > 60);
  for (const messages of byParent.values()) {
    assert.equal(show(messages[0]!), 'status:busy');
    assert.equal(show(messages.at(-1)!), 'status:idle', messages.map(show).join());
  }
});
