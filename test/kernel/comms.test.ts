// Comms in both directions, between a client and the cells of a kernel process, over real sockets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received, TestClient } from './harness.ts';
import { startProcess } from './processes.ts';

const IMPORT = 'import { comm } from "tensorcell";';

/** Runs a cell that must succeed; returns what it published. */
async function run(client: TestClient, code: string): Promise<Received[]> {
  const { reply, iopub } = await client.finish(await client.execute(code));
  assert.equal(reply.content.status, 'ok', JSON.stringify(reply.content));
  return iopub;
}

/** Sends a comm message; returns its id. */
async function send(client: TestClient, type: string, content: object, buffers: Buffer[] = [], metadata = {}) {
  const header = client.wire.header(type);
  await client.shell.send(client.wire.encode({ type, content, metadata, buffers }, header));
  return header.msg_id;
}

/** All that a message caused, once its idle has come. */
async function caused(client: TestClient, id: string): Promise<Received[]> {
  await client.find((m) => m.parent.msg_id === id && m.content.execution_state === 'idle', 'idle');
  return client.received.filter((m) => m.parent.msg_id === id && m.type !== 'status');
}

async function list(client: TestClient, target_name?: string): Promise<unknown> {
  return (await client.ask('shell', 'comm_info_request', { target_name })).content.comms;
}

function bytes(...values: number[]): Buffer {
  return Buffer.from(new Float32Array(values).buffer);
}

function floats(buffer: Buffer): number[] {
  return [...new Float32Array(Uint8Array.from(buffer).buffer)];
}

test('a client opens a comm to a target of a cell, and both send data, metadata and buffers', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(
    client,
    `${IMPORT}
    comm.register("double", (channel, opening) => {
      channel.send({ opening: opening.data, metadata: opening.metadata }, { buffers: opening.buffers });
      channel.onMessage(({ data, metadata, buffers }) => {
        const doubled = buffers.map((buffer) => new Float32Array(buffer.buffer).map((x) => 2 * x));
        channel.send({ got: data }, { buffers: doubled, metadata });
      });
      channel.onClose(({ data }) => console.log("closed:", data.why, channel.closed));
    });`,
  );
  const opening = { comm_id: 'c1', target_name: 'double', data: { a: 1 } };
  const opened = await caused(client, await send(client, 'comm_open', opening, [Buffer.from('x')], { version: '2' }));
  assert.deepEqual(
    opened.map(({ type, content, buffers }) => [type, content, buffers.map(String)]),
    [['comm_msg', { comm_id: 'c1', data: { opening: { a: 1 }, metadata: { version: '2' } } }, ['x']]],
  );
  assert.deepEqual(await list(client), { c1: { target_name: 'double' } });
  const message = { comm_id: 'c1', data: { b: [2] } };
  const sent = await send(client, 'comm_msg', message, [Buffer.from([]), bytes(1, 2), bytes(3)], { m: true });
  const [answer, ...rest] = await caused(client, sent);
  assert.deepEqual(rest, []);
  assert.equal(answer!.type, 'comm_msg');
  assert.deepEqual(answer!.content, { comm_id: 'c1', data: { got: { b: [2] } } });
  assert.deepEqual(answer!.metadata, { m: true });
  assert.deepEqual(answer!.buffers.map(floats), [[], [2, 4], [6]]);
  const closed = await caused(client, await send(client, 'comm_close', { comm_id: 'c1', data: { why: 'done' } }));
  assert.deepEqual(
    closed.map(({ content }) => content.text),
    ['closed: done true\n'],
  );
  assert.deepEqual(await list(client), {});
});

test('a cell opens a comm to the clients, under the cell as its parent', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  const published = await run(
    client,
    `${IMPORT}
    const wave = comm.open("wave", { n: 2 }, { buffers: [new Float32Array([1, 2]), new ArrayBuffer(3)], metadata: { version: "1" } });
    wave.onMessage(({ data }) => { console.log("told", data.x); wave.close({ bye: data.x }); });
    wave.send({ more: true });`,
  );
  const [open, more] = published.filter(({ type }) => type.startsWith('comm_'));
  const { comm_id, ...content } = open!.content;
  assert.equal(open!.type, 'comm_open');
  assert.deepEqual(content, { target_name: 'wave', data: { n: 2 } });
  assert.deepEqual(open!.metadata, { version: '1' });
  assert.deepEqual(open!.buffers, [bytes(1, 2), Buffer.alloc(3)]);
  assert.deepEqual([more!.type, more!.content], ['comm_msg', { comm_id, data: { more: true } }]);
  assert.deepEqual(await list(client), { [String(comm_id)]: { target_name: 'wave' } });
  const told = await caused(client, await send(client, 'comm_msg', { comm_id, data: { x: 7 } }));
  assert.deepEqual(
    told.map(({ type, content }) => [type, content]),
    [
      ['stream', { name: 'stdout', text: 'told 7\n' }],
      ['comm_close', { comm_id, data: { bye: 7 } }],
    ],
  );
  assert.deepEqual(await list(client), {});
  const { reply } = await client.finish(await client.execute('wave.send({})'));
  assert.match(String(reply.content.evalue), /the comm of target "wave" is closed/);
});

test('a client that does not know the target closes the comm, which the cell is told', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  const published = await run(client, `${IMPORT} const c = comm.open("x"); c.onClose(() => console.log("refused"));`);
  const { comm_id } = published.find(({ type }) => type === 'comm_open')!.content;
  const shown = await caused(client, await send(client, 'comm_close', { comm_id, data: {} }));
  assert.equal(shown[0]!.content.text, 'refused\n');
});

test('an opening of an unknown target is closed with the reason, and comm_info filters by target', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  const unknown = await caused(
    client,
    await send(client, 'comm_open', { comm_id: 'u', target_name: 'nobody', data: {} }),
  );
  assert.deepEqual(
    unknown.map(({ type, content }) => [type, content]),
    [['comm_close', { comm_id: 'u', data: { reason: 'no comm target "nobody"' } }]],
  );
  await run(client, `${IMPORT} for (const name of ["one", "two"]) comm.register(name, () => {});`);
  for (const [comm_id, target_name] of ['one', 'two', 'two'].entries())
    await send(client, 'comm_open', { comm_id: `c${comm_id}`, target_name, data: {} });
  assert.deepEqual(await list(client, 'two'), { c1: { target_name: 'two' }, c2: { target_name: 'two' } });
  assert.deepEqual(await list(client, 'three'), {});
  assert.deepEqual(Object.keys((await list(client)) as object), ['c0', 'c1', 'c2']);
});

test('a handler runs beside a cell that awaits, and what it prints goes to its message', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(
    client,
    `${IMPORT}
    let go;
    comm.register("go", (channel) => channel.onMessage(({ data }) => { console.log("going"); go(data.with); }));`,
  );
  const cell = await client.execute('console.log("waits", await new Promise((resolve) => { go = resolve; }))');
  await send(client, 'comm_open', { comm_id: 'g', target_name: 'go', data: {} });
  const told = await caused(client, await send(client, 'comm_msg', { comm_id: 'g', data: { with: 'wings' } }));
  assert.deepEqual(
    told.map(({ content }) => content.text),
    ['going\n'],
  );
  const { iopub } = await client.finish(cell);
  assert.deepEqual(
    iopub.filter(({ type }) => type === 'stream').map(({ content }) => content.text),
    ['waits wings\n'],
  );
});

test('an opening that comes while a cell runs waits for the target that the cell registers', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  const cell = client.execute(
    `${IMPORT} await new Promise((resolve) => setTimeout(resolve, 300));
    comm.register("late", (channel) => channel.onMessage(({ data }) => channel.send({ echo: data })));`,
  );
  await cell;
  await client.find(({ type }) => type === 'execute_input', 'start');
  await send(client, 'comm_open', { comm_id: 'l', target_name: 'late', data: {} });
  const none = await send(client, 'comm_open', { comm_id: 'n', target_name: 'never', data: {} });
  const [echo] = await caused(client, await send(client, 'comm_msg', { comm_id: 'l', data: { i: 1 } }));
  assert.deepEqual(echo!.content, { comm_id: 'l', data: { echo: { i: 1 } } });
  assert.deepEqual(
    (await caused(client, none)).map(({ type }) => type),
    ['comm_close'],
  );
});

test('a handler that throws is shown as an error and ends nothing; a failed opening is closed', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(
    client,
    `${IMPORT}
    comm.register("bad", () => { throw new RangeError("no room"); });
    comm.register("odd", (channel) => channel.onMessage(async ({ data }) => {
      if (data.late) await null;
      if (data.boom) throw new Error("boom");
      channel.send({ fine: true });
    }));`,
  );
  const refused = await caused(client, await send(client, 'comm_open', { comm_id: 'b', target_name: 'bad', data: {} }));
  assert.deepEqual(
    refused.map(({ type, content }) => [type, content.ename ?? content.data]),
    [
      ['comm_close', { reason: 'RangeError: no room' }],
      ['error', 'RangeError'],
    ],
  );
  await send(client, 'comm_open', { comm_id: 'o', target_name: 'odd', data: {} });
  for (const late of [false, true]) {
    const id = await send(client, 'comm_msg', { comm_id: 'o', data: { boom: true, late } });
    const { content } = await client.find(({ type, parent }) => type === 'error' && parent.msg_id === id, 'error');
    assert.deepEqual([content.ename, content.evalue], ['Error', 'boom']);
  }
  const [fine] = await caused(client, await send(client, 'comm_msg', { comm_id: 'o', data: {} }));
  assert.deepEqual(fine!.content, { comm_id: 'o', data: { fine: true } });
});

test('a handler in a loop is ended by an interrupt, and the next message is handled', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(
    client,
    `${IMPORT}
    comm.register("loop", (channel) => channel.onMessage(({ data }) => {
      console.log("looks");
      while (data.forever);
    }));`,
  );
  await send(client, 'comm_open', { comm_id: 'l', target_name: 'loop', data: {} });
  const loop = await send(client, 'comm_msg', { comm_id: 'l', data: { forever: true } });
  const next = await send(client, 'comm_msg', { comm_id: 'l', data: {} });
  await client.find(({ type, parent }) => type === 'stream' && parent.msg_id === loop, 'print');
  await client.ask('control', 'interrupt_request');
  const ended = await caused(client, loop);
  assert.deepEqual(
    ended.filter(({ channel }) => channel === 'iopub').map(({ content }) => content.text ?? content.ename),
    ['looks\n', 'KeyboardInterrupt'],
  );
  assert.deepEqual(
    (await caused(client, next)).map(({ content }) => content.text),
    ['looks\n'],
  );
  await run(client, '1 + 1');
});

test('an interrupt of a cell that awaits ends a handler in a loop beside it too', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(client, `${IMPORT} comm.register("loop", () => { console.log("looks"); for (;;); });`);
  const cell = await client.execute('await new Promise(() => {})');
  const loop = await send(client, 'comm_open', { comm_id: 'l', target_name: 'loop', data: {} });
  await client.find(({ type, parent }) => type === 'stream' && parent.msg_id === loop, 'print');
  await client.ask('control', 'interrupt_request');
  const { reply } = await client.finish(cell);
  assert.equal(reply.content.ename, 'KeyboardInterrupt');
  assert.equal((await caused(client, loop)).at(-1)!.content.ename, 'KeyboardInterrupt');
  await run(client, '1 + 1');
});

test('a message that came with a cell in a loop is handled once the cell has been interrupted', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(client, `${IMPORT} comm.register("t", () => console.log("here"));`);
  const cell = await client.execute('console.log("loops"); for (;;);');
  const opening = await send(client, 'comm_open', { comm_id: 't', target_name: 't', data: {} });
  await client.find(({ type, parent }) => type === 'stream' && parent.msg_id === cell, 'print');
  await client.ask('control', 'interrupt_request');
  const { reply } = await client.finish(cell);
  assert.equal(reply.content.ename, 'KeyboardInterrupt');
  assert.deepEqual(
    (await caused(client, opening)).map(({ content }) => content.text),
    ['here\n'],
  );
});

for (const [how, code] of [
  ['dies', 'process.exit(3)'],
  ['is restarted', '%restart'],
] as const) {
  test(`all comms are closed when the session ${how}`, async () => {
    await using rig = await startProcess();
    const { client } = rig;
    await run(client, `${IMPORT} comm.register("t", () => {}); comm.open("mine");`);
    await send(client, 'comm_open', { comm_id: 'theirs', target_name: 't', data: {} });
    const open = Object.keys((await list(client)) as object);
    assert.equal(open.length, 2);
    await client.finish(await client.execute(code));
    const closed = client.received.filter(({ type }) => type === 'comm_close').map(({ content }) => content.comm_id);
    assert.deepEqual(closed.toSorted(), open.toSorted());
    assert.deepEqual(await list(client), {});
    const again = await send(client, 'comm_open', { comm_id: 'theirs', target_name: 't', data: {} });
    assert.deepEqual(
      (await caused(client, again)).map(({ type }) => type),
      ['comm_close'],
    );
  });
}

test('misuse in a cell is told by name: what must hold and what came', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(client, `%check off\n${IMPORT}`);
  for (const [code, expected] of [
    ['comm.register("x")', /comm.register: handler must be a function, got undefined/],
    ['comm.open(7)', /comm.open: target must be a string, got number/],
    ['comm.open("x", [1])', /comm: data must be an object, got an array/],
    ['comm.open("x", {}, { buffers: [[1]] })', /a buffer must be an ArrayBuffer or a view of one, got an array/],
  ] as const) {
    const { reply } = await client.finish(await client.execute(code));
    assert.match(String(reply.content.evalue), expected);
  }
  assert.deepEqual(await list(client), {});
});

test('a message of 20 MB passes whole in both directions', async () => {
  await using rig = await startProcess();
  const { client } = rig;
  await run(client, `${IMPORT} comm.register("echo", (c, { buffers }) => c.send({}, { buffers }));`);
  const big = Buffer.alloc(20 << 20, 'tensor');
  const opening = { comm_id: 'e', target_name: 'echo', data: {} };
  const [echo] = await caused(client, await send(client, 'comm_open', opening, [big, bytes(1)]));
  assert.ok(echo!.buffers[0]!.equals(big));
  assert.deepEqual(echo!.buffers[1], bytes(1));
});
