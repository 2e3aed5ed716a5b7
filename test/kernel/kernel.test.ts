// The kernel's messages over real ZeroMQ, with a scripted session behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { BOOM, freshConnection, OK, type Received, type Script, show, startRig, TestClient } from './harness.ts';

/** Ends when it is interrupted. */
const endless: Script = async (_request, _events, interrupted) => {
  await interrupted;
  return { status: 'error', error: { name: 'KeyboardInterrupt', message: '', traceback: ['KeyboardInterrupt'] } };
};

/** Cells named `fail` fail, `wait` wait for an interrupt, the others print their code. */
const byName: Script = (request, events, interrupted) => {
  if (request.code === 'fail') return BOOM;
  if (request.code === 'wait') return endless(request, events, interrupted);
  events.output(request.cell, { type: 'stream', name: 'stdout', text: request.code });
  return OK;
};

const statuses = (replies: readonly { reply: Received }[]) => replies.map(({ reply }) => reply.content.status);

test('a cell is bracketed by busy and idle, with its input, output and value between them', async () => {
  await using rig = await startRig(({ cell }, events) => {
    events.output(cell, { type: 'stream', name: 'stdout', text: 'hello\n' });
    events.output(cell, { type: 'result', data: { 'text/plain': '2' }, metadata: {} });
    return OK;
  });
  const { reply, iopub } = await rig.client.finish(await rig.client.execute('1 + 1'));
  assert.deepEqual(iopub.map(show), ['status:busy', 'execute_input', 'stream', 'execute_result', 'status:idle']);
  assert.deepEqual(iopub[1]?.content, { code: '1 + 1', execution_count: 1 });
  assert.deepEqual(iopub[2]?.content, { name: 'stdout', text: 'hello\n' });
  const value = { data: { 'text/plain': '2' }, metadata: {}, transient: {}, execution_count: 1 };
  assert.deepEqual(iopub[3]?.content, value);
  assert.equal(reply.type, 'execute_reply');
  assert.deepEqual(reply.content, { status: 'ok', execution_count: 1, user_expressions: {}, payload: [] });
  assert.match(String(reply.metadata.started), /^\d{4}-\d\d-\d\dT.*Z$/);
});

test('what %load brings goes into the cell that asked for it', async () => {
  await using rig = await startRig(() => ({ status: 'ok', userExpressions: {}, nextInput: '// %load a.ts\n1' }));
  const { reply } = await rig.client.finish(await rig.client.execute('%load a.ts'));
  assert.deepEqual(reply.content.payload, [{ source: 'set_next_input', text: '// %load a.ts\n1', replace: true }]);
});

test('every request on shell and control is bracketed once, also one that fails', async () => {
  await using rig = await startRig();
  const asked: [channel: 'shell' | 'control', type: string, content?: object][] = [
    ['shell', 'kernel_info_request'],
    ['control', 'kernel_info_request'],
    ['control', 'usage_request'],
    ['control', 'debug_request', { command: 'initialize' }],
    ['shell', 'complete_request', { code: 7 }],
    ['shell', 'nonsense_request'],
  ];
  for (const [channel, type, content] of asked) {
    const { iopub } = await rig.client.finish(await rig.client.send(channel, type, content));
    assert.deepEqual(iopub.map(show), ['status:busy', 'status:idle'], type);
  }
});

test('kernel_info says what clients need to know', async () => {
  await using rig = await startRig();
  const { content } = await rig.client.ask('shell', 'kernel_info_request');
  assert.equal(content.status, 'ok');
  assert.equal(content.protocol_version, '5.5');
  assert.equal(content.implementation, 'tensorcell');
  const { version, ...language } = content.language_info as Record<string, unknown>;
  assert.match(String(version), /^\d+\.\d+/);
  assert.deepEqual(language, {
    name: 'typescript',
    mimetype: 'application/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  });
  assert.deepEqual(content.supported_features, []);
});

test('each subscriber is welcomed', async () => {
  await using rig = await startRig();
  using second = new TestClient(rig.connection);
  const welcome = await second.find(({ type }) => type === 'iopub_welcome');
  assert.deepEqual(welcome.content, { subscription: '' });
  assert.deepEqual(welcome.parent, {});
});

test('cells that come while one runs wait, and run in order with rising counts', async () => {
  await using rig = await startRig(byName);
  const ids = [];
  for (const code of ['a', 'b', 'c']) ids.push(await rig.client.execute(code));
  const done = await Promise.all(ids.map((id) => rig.client.finish(id)));
  assert.deepEqual(
    done.map(({ reply }) => reply.content.execution_count),
    [1, 2, 3],
  );
  assert.deepEqual(
    done.map(({ iopub }) => iopub.find(({ type }) => type === 'stream')?.content.text),
    ['a', 'b', 'c'],
  );
});

test('a failure aborts the cells behind it, and only those', async () => {
  let fail: () => void = () => {};
  const queued = new Promise<void>((resolve) => {
    fail = resolve;
  });
  await using rig = await startRig(async (...call) => {
    if (call[0].code === 'fail') await queued;
    return byName(...call);
  });
  const ids = [];
  for (const code of ['fail', 'a', 'b']) ids.push(await rig.client.execute(code));
  // Its answer says that the kernel has read the cells sent before it.
  await rig.client.ask('shell', 'kernel_info_request');
  fail();
  const [failed, ...behind] = await Promise.all(ids.map((id) => rig.client.finish(id)));
  const { status, ename, evalue, traceback } = failed!.reply.content;
  assert.deepEqual(
    { status, ename, evalue, traceback },
    { status: 'error', ename: 'Error', evalue: 'boom', traceback: ['Error: boom'] },
  );
  // Busy again after the answer beside the running cell.
  assert.deepEqual(failed!.iopub.map(show), ['status:busy', 'execute_input', 'status:busy', 'error', 'status:idle']);
  assert.deepEqual(
    behind.map(({ reply }) => reply.content),
    [{ status: 'aborted' }, { status: 'aborted' }],
  );
  assert.deepEqual(behind[0]!.iopub.map(show), ['status:busy', 'status:idle']);
  const { reply } = await rig.client.finish(await rig.client.execute('after'));
  assert.equal(reply.content.status, 'ok');
  assert.equal(reply.content.execution_count, 2, 'an aborted cell takes no number');
});

test('with stop_on_error false the cells behind a failure run', async () => {
  await using rig = await startRig(byName);
  const ids = [await rig.client.execute('fail', { stop_on_error: false }), await rig.client.execute('a')];
  assert.deepEqual(statuses(await Promise.all(ids.map((id) => rig.client.finish(id)))), ['error', 'ok']);
});

test('an interrupt ends the running cell and aborts the cells behind it', async () => {
  await using rig = await startRig(byName);
  const ids = [await rig.client.execute('wait', { stop_on_error: false }), await rig.client.execute('a')];
  await rig.client.find(({ type }) => type === 'execute_input');
  const { content } = await rig.client.ask('control', 'interrupt_request');
  assert.deepEqual(content, { status: 'ok' });
  const done = await Promise.all(ids.map((id) => rig.client.finish(id)));
  assert.deepEqual(statuses(done), ['error', 'aborted']);
  assert.equal(done[0]!.reply.content.ename, 'KeyboardInterrupt');
});

test('an interrupt of an idle kernel does nothing to the next cell', async () => {
  await using rig = await startRig(byName);
  await rig.client.ask('control', 'interrupt_request');
  const ids = [await rig.client.execute('a'), await rig.client.execute('b')];
  assert.deepEqual(statuses(await Promise.all(ids.map((id) => rig.client.finish(id)))), ['ok', 'ok']);
});

test('a silent cell shows no input and takes no number; one without history takes none either', async () => {
  await using rig = await startRig(byName);
  await rig.client.finish(await rig.client.execute('a'));
  const silent = await rig.client.finish(await rig.client.execute('b', { silent: true, store_history: true }));
  assert.deepEqual(silent.iopub.map(show), ['status:busy', 'stream', 'status:idle']);
  assert.equal(silent.reply.content.execution_count, 1);
  const unkept = await rig.client.finish(await rig.client.execute('c', { store_history: false }));
  assert.deepEqual(unkept.iopub[1]?.content, { code: 'c', execution_count: 2 });
  assert.equal((await rig.client.finish(await rig.client.execute('d'))).reply.content.execution_count, 2);
  const { silent: quiet, storeHistory } = rig.session.requests[1]!;
  assert.deepEqual({ quiet, storeHistory }, { quiet: true, storeHistory: false });
});

test('user expressions come back drawn, or as their error', async () => {
  await using rig = await startRig(() => ({
    status: 'ok',
    userExpressions: {
      good: { status: 'ok', data: { 'text/plain': '2' }, metadata: {} },
      bad: { status: 'error', error: { name: 'ReferenceError', message: 'no', traceback: [] } },
    },
  }));
  const asked = { good: '1 + 1', bad: 'nothing' };
  const { reply } = await rig.client.finish(await rig.client.execute('0', { user_expressions: asked }));
  assert.deepEqual(reply.content.user_expressions, {
    good: { status: 'ok', data: { 'text/plain': '2' }, metadata: {} },
    bad: { status: 'error', ename: 'ReferenceError', evalue: 'no', traceback: [] },
  });
  assert.deepEqual(rig.session.requests[0]?.userExpressions, asked);
});

test('displays, updates, clears and late errors become their messages', async () => {
  await using rig = await startRig(({ cell }, events) => {
    const drawn = { data: { 'text/plain': 'x', 'text/html': '<b>x</b>' }, metadata: { 'text/html': { width: 1 } } };
    events.output(cell, { type: 'display', ...drawn });
    events.output(cell, { type: 'display', displayId: 'd1', ...drawn });
    events.output(cell, { type: 'update_display', displayId: 'd1', ...drawn });
    events.output(cell, { type: 'clear_output', wait: true });
    events.output(cell, { type: 'error', error: { name: 'E', message: 'm', traceback: ['t'] } });
    return OK;
  });
  const { iopub } = await rig.client.finish(await rig.client.execute('0'));
  const data = { 'text/plain': 'x', 'text/html': '<b>x</b>' };
  const metadata = { 'text/html': { width: 1 } };
  assert.deepEqual(
    iopub.slice(2, -1).map(({ type, content }) => [type, content]),
    [
      ['display_data', { data, metadata, transient: {} }],
      ['display_data', { data, metadata, transient: { display_id: 'd1' } }],
      ['update_display_data', { data, metadata, transient: { display_id: 'd1' } }],
      ['clear_output', { wait: true }],
      ['error', { ename: 'E', evalue: 'm', traceback: ['t'] }],
    ],
  );
});

test('late output belongs to the cell that caused it, beside and after later cells', async () => {
  let late: () => void = () => {};
  await using rig = await startRig(({ cell, code }, events) => {
    if (code === 'first') late = () => events.output(cell, { type: 'stream', name: 'stdout', text: 'late' });
    else late();
    return OK;
  });
  const first = await rig.client.execute('first');
  await rig.client.finish(first);
  const second = await rig.client.finish(await rig.client.execute('second'));
  const message = await rig.client.find(({ type }) => type === 'stream');
  assert.equal(message.parent.msg_id, first);
  assert.ok(!second.iopub.some(({ type }) => type === 'stream'));
});

test('a cell can ask the client that ran it, and only that one', async () => {
  await using rig = await startRig(async ({ cell }, events) => {
    const text = await events.input(cell, { prompt: 'name? ', password: true });
    events.output(cell, { type: 'stream', name: 'stdout', text });
    return OK;
  });
  using other = new TestClient(rig.connection);
  const id = await rig.client.execute('ask', { allow_stdin: true });
  const question = await rig.client.find(({ channel }) => channel === 'stdin');
  assert.equal(question.type, 'input_request');
  assert.deepEqual(question.content, { prompt: 'name? ', password: true });
  assert.equal(question.parent.msg_id, id);
  await other.send('stdin', 'input_reply', { value: 'intruder' });
  await rig.client.send('stdin', 'input_reply', { value: 'Ada' });
  const { iopub } = await rig.client.finish(id);
  assert.equal(iopub.find(({ type }) => type === 'stream')?.content.text, 'Ada');
  assert.ok(!other.received.some(({ channel }) => channel === 'stdin'));
});

test('a question fails at once without allow_stdin, after a moment when nobody can hear it, and at an interrupt', async () => {
  await using rig = await startRig(async ({ cell }, events) => {
    try {
      await events.input(cell, { prompt: '', password: false });
      return OK;
    } catch (error) {
      return { status: 'error', error: { name: 'Error', message: (error as Error).message, traceback: [] } };
    }
  });
  const message = async (id: string) => (await rig.client.finish(id)).reply.content.evalue;
  assert.match(String(await message(await rig.client.execute('a', { allow_stdin: false }))), /allow_stdin/);
  const asking = await rig.client.execute('b');
  await rig.client.find(({ channel }) => channel === 'stdin');
  await rig.client.ask('control', 'interrupt_request');
  assert.match(String(await message(asking)), /interrupted/);
  using deaf = new TestClient(rig.connection, { stdin: false });
  const { reply } = await deaf.finish(await deaf.execute('c'));
  assert.match(String(reply.content.evalue), /takes no input/);
});

test('completions count in code points and carry their kinds', async () => {
  await using rig = await startRig();
  const { content } = await rig.client.ask('shell', 'complete_request', { code: '😀 a', cursor_pos: 3 });
  assert.deepEqual(content, {
    status: 'ok',
    matches: ['😀 ax'],
    cursor_start: 2,
    cursor_end: 3,
    metadata: { _jupyter_types_experimental: [{ start: 2, end: 3, text: '😀 ax', type: 'instance' }] },
  });
});

test('inspect shows what is known, at a cursor in UTF-16 for the session, and says when nothing is', async () => {
  await using rig = await startRig();
  const found = await rig.client.ask('shell', 'inspect_request', { code: '😀x', cursor_pos: 2, detail_level: 1 });
  assert.deepEqual(found.content, { status: 'ok', found: true, data: { 'text/plain': '😀x 3 1' }, metadata: {} });
  const missing = await rig.client.ask('shell', 'inspect_request', { code: 'nothing', cursor_pos: 2 });
  assert.deepEqual(missing.content, { status: 'ok', found: false, data: {}, metadata: {} });
});

test('is_complete is the parser’s verdict', async () => {
  await using rig = await startRig();
  const ask = async (code: string) => (await rig.client.ask('shell', 'is_complete_request', { code })).content;
  assert.deepEqual(await ask('f() {'), { status: 'incomplete', indent: '  ' });
  assert.deepEqual(await ask('1'), { status: 'complete' });
});

test('history answers with what was run, and with values when asked', async () => {
  await using rig = await startRig(({ cell }, events) => {
    events.output(cell, { type: 'result', data: { 'text/plain': '42' }, metadata: {} });
    return OK;
  });
  await rig.client.finish(await rig.client.execute('6 * 7'));
  await rig.client.finish(await rig.client.execute('secret', { store_history: false }));
  const ask = async (content: object) => (await rig.client.ask('shell', 'history_request', content)).content.history;
  assert.deepEqual(await ask({ hist_access_type: 'tail', n: 5, output: false, raw: true }), [[1, 1, '6 * 7']]);
  const range = { hist_access_type: 'range', session: 0, start: 1, stop: 2, output: true };
  assert.deepEqual(await ask(range), [[1, 1, ['6 * 7', '42']]]);
  assert.deepEqual(await ask({ hist_access_type: 'search', pattern: '6*', output: false }), [[1, 1, '6 * 7']]);
});

test('a comm of an unknown target is closed at once, and none is listed', async () => {
  await using rig = await startRig();
  const id = await rig.client.send('shell', 'comm_open', { comm_id: 'c1', target_name: 'nothing', data: {} });
  const close = await rig.client.find(({ type }) => type === 'comm_close');
  assert.equal(close.parent.msg_id, id);
  assert.equal(close.content.comm_id, 'c1');
  await rig.client.send('shell', 'comm_msg', { comm_id: 'c1', data: {} });
  await rig.client.send('shell', 'comm_close', { comm_id: 'c1', data: {} });
  const { content } = await rig.client.ask('shell', 'comm_info_request');
  assert.deepEqual(content, { status: 'ok', comms: {} });
  assert.equal(rig.log.filter((line) => line.includes('not open')).length, 2);
});

test('connect names the five ports', async () => {
  await using rig = await startRig();
  const { content } = await rig.client.ask('shell', 'connect_request');
  const { shell, iopub, stdin, hb, control } = rig.connection.ports;
  assert.deepEqual(content, {
    status: 'ok',
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    hb_port: hb,
    control_port: control,
  });
});

test('what the kernel does not do it refuses in words', async () => {
  await using rig = await startRig();
  const debug = await rig.client.ask('control', 'debug_request', { type: 'request', seq: 3, command: 'initialize' });
  const { status, ename, success, request_seq, command } = debug.content;
  assert.deepEqual(
    { status, ename, success, request_seq, command },
    { status: 'error', ename: 'NotSupportedError', success: false, request_seq: 3, command: 'initialize' },
  );
  for (const call of ['create_subshell', 'delete_subshell', 'list_subshell']) {
    const { type, content } = await rig.client.ask('control', `${call}_request`, { subshell_id: 'x' });
    assert.equal(type, `${call}_reply`);
    assert.equal(content.status, 'error');
    assert.match(String(content.evalue), /not supported/);
  }
});

test('usage has real figures', async () => {
  await using rig = await startRig();
  const { content } = await rig.client.ask('control', 'usage_request');
  const memory = content.host_virtual_memory as Record<string, number>;
  assert.equal(content.pid, process.pid);
  assert.ok(Number(content.kernel_memory) > 10 << 20, String(content.kernel_memory));
  assert.ok(Number(content.kernel_cpu) > 0);
  assert.ok(memory.total! > memory.available!);
});

test('shell and control are answered while a cell runs, and the kernel then still says busy', async () => {
  await using rig = await startRig(endless);
  const cell = await rig.client.execute('wait');
  await rig.client.find(({ type }) => type === 'execute_input');
  for (const channel of ['shell', 'control'] as const) {
    for (const type of ['kernel_info_request', 'complete_request', 'usage_request']) {
      const reply = await rig.client.ask(channel, type, { code: 'a', cursor_pos: 1 });
      assert.equal(reply.content.status, 'ok');
    }
  }
  await rig.client.ask('shell', 'kernel_info_request');
  const last = () => rig.client.received.filter(({ type }) => type === 'status').at(-1)!;
  await rig.client.find(() => last().content.execution_state === 'busy');
  assert.equal(last().parent.msg_id, cell);
  await rig.client.ask('control', 'interrupt_request');
  await rig.client.finish(cell);
});

test('a shutdown is answered, told to every client, and ends the kernel', async () => {
  await using rig = await startRig(endless);
  await rig.client.execute('wait');
  const { reply, iopub } = await rig.client.finish(
    await rig.client.send('control', 'shutdown_request', { restart: true }),
  );
  assert.deepEqual(reply.content, { status: 'ok', restart: true });
  assert.deepEqual(iopub.map(show).slice(0, 3), ['status:busy', 'shutdown_reply', 'status:idle']);
  await rig.kernel.ended;
});

test('the heartbeat gives back what came, to several clients', async () => {
  await using rig = await startRig();
  using other = new TestClient(rig.connection);
  for (const client of [rig.client, other]) {
    await client.hb.send([Buffer.from([0, 1, 255]), 'two']);
    assert.deepEqual(await client.hb.receive(), [Buffer.from([0, 1, 255]), Buffer.from('two')]);
  }
});

test('the metadata and header fields of other clients are tolerated', async () => {
  await using rig = await startRig(byName);
  const metadata = { deletedCells: ['x'], recordTiming: true, cellId: 'y' };
  const id = await rig.client.send('shell', 'execute_request', { code: 'a', more: 1 }, metadata);
  assert.equal((await rig.client.finish(id)).reply.content.status, 'ok');
});

test('an encrypted connection serves those who have the keys, and nobody else', async () => {
  const connection = { ...freshConnection(), curve: curveKeyPair() };
  await using rig = await startRig(byName, connection);
  assert.equal((await rig.client.finish(await rig.client.execute('a'))).reply.content.status, 'ok');
  const { curve: _, ...open } = connection;
  using stranger = new TestClient(open);
  await stranger.execute('b');
  await rig.client.finish(await rig.client.execute('c'));
  assert.deepEqual(
    rig.session.requests.map(({ code }) => code),
    ['a', 'c'],
  );
  assert.deepEqual(stranger.received, []);
});
