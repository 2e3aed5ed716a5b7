// Well-signed messages with wrong insides: every field of every request in turn, unknown types, and shapes made to exhaust the kernel.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Dealer, XSubscriber } from 'zeromq';
import { address } from '../../kernel/connection.ts';
import { isNotice } from '../../kernel/messages.ts';
import { readers } from '../../kernel/requests.ts';
import { BOOM, OK, type Rig, startRig } from './harness.ts';

const DEPTH = 100_000;
/** JSON that a parser without a stack of its own can read, and a writer with one can not write. */
const DEEP = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const MB = 1 << 20;

/** Every message of the map, every field of it with a value that is right; `?` marks a field that has a default. */
const RIGHT: readonly (readonly [name: keyof typeof readers, content: Readonly<Record<string, unknown>>])[] = [
  ['kernel_info', { 'any?': 1 }],
  [
    'execute',
    {
      code: '1',
      'silent?': false,
      'store_history?': true,
      'user_expressions?': {},
      'allow_stdin?': true,
      'stop_on_error?': true,
    },
  ],
  ['complete', { code: 'a', 'cursor_pos?': 1 }],
  ['inspect', { code: 'a', 'cursor_pos?': 1, 'detail_level?': 0 }],
  ['is_complete', { code: 'a' }],
  ['history', { hist_access_type: 'tail', 'output?': true, 'raw?': true, 'n?': 3 }],
  ['history', { hist_access_type: 'range', 'output?': true, 'raw?': true, 'session?': 0, 'start?': 1, 'stop?': 9 }],
  ['history', { hist_access_type: 'search', 'output?': true, 'raw?': true, 'pattern?': '*', 'unique?': true, 'n?': 3 }],
  ['comm_info', { 'target_name?': 'a' }],
  ['connect', { 'any?': 1 }],
  ['interrupt', { 'any?': 1 }],
  ['shutdown', { 'restart?': false }],
  ['usage', { 'any?': 1 }],
  ['debug', { 'seq?': 1, 'command?': 'initialize', 'arguments?': {} }],
  ['create_subshell', { 'any?': 1 }],
  ['delete_subshell', { 'subshell_id?': 'a' }],
  ['list_subshell', { 'any?': 1 }],
  ['comm_open', { comm_id: 'a', target_name: 'a', 'data?': {} }],
  ['comm_msg', { comm_id: 'a', 'data?': {} }],
  ['comm_close', { comm_id: 'a', 'data?': {} }],
];

/** Taken as they come: whatever their fields hold, the answer is the same. */
const UNREAD = new Set([
  'kernel_info',
  'connect',
  'interrupt',
  'usage',
  'debug',
  'create_subshell',
  'delete_subshell',
  'list_subshell',
]);

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  'x'.repeat(100_000),
  [],
  [[null]],
  {},
  { toString: 1, valueOf: 1, length: -1 },
  JSON.parse('{"__proto__": {"code": "1"}}'),
];

function kind(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

test('the table of right messages names every message of the map', () => {
  assert.deepEqual([...new Set(RIGHT.map(([name]) => name))].sort(), Object.keys(readers).sort());
});

for (const channel of ['shell', 'control'] as const) {
  test(`every field of every message with values of every type, on ${channel}: answered or logged, bracketed, and the kernel goes on`, async () => {
    await using rig = await startRig();
    const { client, log } = rig;
    for (const [name, marked] of RIGHT) {
      const right = Object.fromEntries(Object.entries(marked).map(([field, value]) => [field.replace('?', ''), value]));
      for (const [field, value] of Object.entries(marked)) {
        for (const wrong of VALUES) {
          const absent = (wrong === undefined || wrong === null) && field.endsWith('?');
          // With its default or another right value this one ends the kernel, as it should.
          if (name === 'shutdown' && (absent || kind(wrong) === kind(value))) continue;
          const mustFail = !UNREAD.has(name) && !absent && kind(wrong) !== kind(value);
          await sendOne(rig, { name, content: { ...right, [field.replace('?', '')]: wrong }, field, mustFail });
        }
      }
    }
    assert.deepEqual(
      log.filter((line) => line.includes('was not answered')),
      [],
    );
    assert.equal((await client.ask('shell', 'execute_request', { code: 'after' })).content.status, 'ok');

    async function sendOne(
      { client, log }: Rig,
      { name, content, field, mustFail }: { name: string; content: object; field: string; mustFail: boolean },
    ): Promise<void> {
      client.received.length = 0;
      const logged = log.length;
      const type = isNotice(name) ? name : `${name}_request`;
      const what = `${type}: ${JSON.stringify(content).slice(0, 200)}`;
      const id = await client.send(channel, type, content);
      await client.find(({ parent, content }) => parent.msg_id === id && content.execution_state === 'idle', what);
      const states = client.received.filter((m) => m.type === 'status' && m.parent.msg_id === id);
      assert.deepEqual(
        states.map((m) => m.content.execution_state),
        ['busy', 'idle'],
        what,
      );
      const must = new RegExp(`\\b${field.replace('?', '')}\\b.* must be `);
      if (isNotice(name)) {
        if (mustFail) assert.match(log.slice(logged).join('\n'), must, what);
        return;
      }
      const reply = await client.find((m) => m.channel === channel && m.parent.msg_id === id, what);
      assert.equal(reply.type, `${name}_reply`);
      if (!mustFail) return assert.ok(reply.content.status !== undefined, what);
      assert.equal(reply.content.status, 'error', what);
      assert.match(String(reply.content.evalue), must, what);
    }
  });
}

test('unknown types on shell, control and stdin each leave a line that names them, and the next request is answered', async () => {
  await using rig = await startRig();
  const { client, log } = rig;
  const types = [
    '',
    'request',
    '_request',
    'execute',
    'execute_reply',
    'comm_open_request',
    '\u0000',
    'x'.repeat(10_000),
  ];
  for (const channel of ['shell', 'control', 'stdin'] as const) {
    for (const type of types) {
      const logged = log.length;
      await client.send(channel, type, {});
      // What comes after it on another channel may be answered first.
      while (log.length === logged) await client.ask('control', 'kernel_info_request');
      const line = log.slice(logged).join('\n');
      assert.ok(line.includes(channel === 'stdin' ? `${type} on stdin` : JSON.stringify(type)), line.slice(0, 200));
    }
  }
  assert.equal((await client.ask('shell', 'execute_request', { code: 'after' })).content.status, 'ok');
});

test('headers with fields of the wrong type are answered, or dropped with a line that says why', async () => {
  await using rig = await startRig();
  const { client, log } = rig;
  for (const field of ['msg_id', 'msg_type', 'session', 'username', 'date', 'version', 'subshell_id']) {
    for (const wrong of [undefined, null, 5, [], {}, 'x'.repeat(100_000)]) {
      const header = { ...client.wire.header('kernel_info_request'), [field]: wrong };
      const logged = log.length;
      await client.shell.send(client.wire.encode({ type: '', content: {} }, header as never));
      const dropped = (field === 'msg_id' || field === 'msg_type') && typeof wrong !== 'string';
      if (dropped || field === 'msg_type') {
        while (log.length === logged) await client.ask('control', 'kernel_info_request');
        if (dropped) assert.match(log.at(-1)!, new RegExp(`^dropped a message: header: ${field} must be a string`));
      } else {
        await client.find(({ type, parent }) => type === 'kernel_info_reply' && parent.msg_id === header.msg_id, field);
      }
      client.received.length = 0;
    }
  }
  assert.equal((await client.ask('shell', 'execute_request', { code: 'after' })).content.status, 'ok');
});

test('JSON of 100,000 levels in any part and any field is answered or dropped, and every channel goes on', async () => {
  await using rig = await startRig();
  const { client, log } = rig;
  const header = () => JSON.stringify(client.wire.header('execute_request'));
  for (const channel of ['shell', 'control', 'stdin'] as const) {
    // As a part itself it is no object: dropped.
    for (const at of [0, 1, 2, 3]) {
      const parts = [header(), '{}', '{}', `{"code": "", "channel": "${channel}"}`];
      parts[at] = DEEP;
      const logged = log.length;
      await client[channel].send(signed(rig, parts));
      while (log.length === logged) await client.ask('control', 'kernel_info_request');
      assert.match(log.at(-1)!, /^dropped a message: .+ must be an object, got an array$/);
    }
  }
  for (const type of Object.keys(readers).map((name) => (isNotice(name) ? name : `${name}_request`))) {
    if (type === 'shutdown_request') continue;
    const head = client.wire.header(type);
    const content = `{${['code', 'comm_id', 'command', 'hist_access_type'].map((field) => `"${field}": ${DEEP}`).join()}}`;
    await client.shell.send(signed(rig, [JSON.stringify(head), '{}', '{}', content]));
    await client.find((m) => m.parent.msg_id === head.msg_id && m.content.execution_state === 'idle', type);
  }
  for (const channel of ['shell', 'control'] as const)
    assert.equal((await client.ask(channel, 'execute_request', { code: 'after' })).content.status, 'ok');
});

/** Frames of these parts, signed as an honest client would. */
function signed(rig: Rig, parts: readonly string[]): (Buffer | string)[] {
  const hmac = createHmac('sha256', rig.connection.key);
  for (const part of parts) hmac.update(part);
  return ['<IDS|MSG>', hmac.digest('hex'), ...parts];
}

test('an answer to a question that is no text fails the cell, in words', async () => {
  await using rig = await startRig(async ({ cell }, events) => {
    try {
      await events.input(cell, { prompt: '?', password: false });
      return OK;
    } catch (error) {
      return { ...BOOM, error: { name: 'Error', message: (error as Error).message, traceback: [] } } as typeof BOOM;
    }
  });
  const { client } = rig;
  for (const value of [undefined, null, 5, [], {}, true]) {
    const id = await client.execute('ask', { allow_stdin: true });
    await client.find(({ type, parent }) => type === 'input_request' && parent.msg_id === id, 'question');
    await client.send('stdin', 'input_reply', { value });
    assert.match(String((await client.finish(id)).reply.content.evalue), /input_reply: value must be a string/);
  }
});

test('garbage on the subscription and heartbeats of many frames do no harm', async (t) => {
  await using rig = await startRig();
  const raw = new XSubscriber({ linger: 0 });
  t.after(() => raw.close());
  raw.connect(address(rig.connection, 'iopub'));
  const garbage = [
    [''],
    ['\u0000'],
    ['\u0002junk'],
    [Buffer.alloc(100_000, 255)],
    ['', 'a', 'b'],
    [Buffer.of(0, 255, 254)],
  ];
  for (const frames of garbage) await raw.send(frames);
  // An honest subscription behind it is still heard, and its welcome comes.
  await raw.send(Buffer.of(1));
  let topics = '';
  while (!topics.includes('iopub_welcome')) topics += (await raw.receive()).join();
  const heart = new Dealer({ linger: 0 });
  t.after(() => heart.close());
  heart.connect(address(rig.connection, 'hb'));
  const beat = Array.from({ length: 5000 }, (_, i) => `${i}`);
  await heart.send(beat);
  assert.deepEqual((await heart.receive()).map(String), beat);
  assert.equal((await rig.client.ask('shell', 'execute_request', { code: 'after' })).content.status, 'ok');
});

test('a message of 100 MB is answered, and its memory is given back', async () => {
  await using rig = await startRig();
  const { client } = rig;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  await client.ask('shell', 'execute_request', { code: 'before' });
  const before = held();
  const id = await client.send('shell', 'execute_request', { code: 'big', pad: 'x'.repeat(100 * MB) });
  // Read, checked and parsed twice in one process, it may take a busy machine longer than `find` waits.
  const late = Date.now() + 100_000;
  const answered = () => client.received.find((m) => m.type === 'execute_reply' && m.parent.msg_id === id);
  while (!answered()) {
    assert.ok(Date.now() < late, 'no reply to the big message');
    await delay(20);
  }
  assert.equal(answered()?.content.status, 'ok');
  assert.equal((await client.ask('shell', 'execute_request', { code: 'after' })).content.status, 'ok');
  // ZeroMQ lets go of a frame a moment after it was read.
  const end = Date.now() + 60_000;
  while (held() > before + 20 * MB) {
    assert.ok(Date.now() < end, `${Math.round((held() - before) / MB)} MB are still held`);
    await client.ask('control', 'kernel_info_request');
  }
});
