// Bytes and requests that no honest client sends: the kernel says so in its log, or in the reply, and lives.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { OK, startRig } from './harness.ts';

test('what is no message of the connection is dropped and logged, on every channel, and no code runs', async () => {
  await using rig = await startRig();
  const { client, log } = rig;
  const header = JSON.stringify(client.wire.header('execute_request'));
  const signed = (parts: string[], key = rig.connection.key) => ['<IDS|MSG>', sign(key, parts), ...parts];
  const code = '{"code":"bad"}';
  const replayed = client.wire.encode({ type: 'execute_request', content: { code: 'once' } });
  await client.shell.send(replayed);
  await client.find(({ type }) => type === 'execute_reply');
  const attacks: (Buffer | string)[][] = [
    signed([header, '{}', '{}', code], 'another key'),
    ['<IDS|MSG>', '', header, '{}', '{}', code],
    signed(['{not json', '{}', '{}', '{}']),
    signed([header, '{}', '{}', '{"code": ']),
    signed([header, '{}', '{}', '[]']),
    signed([header, '{}', '{}', 'null']),
    signed(['{"msg_id":"x"}', '{}', '{}', '{}']),
    ['junk', 'more junk'],
    ['<IDS|MSG>'],
    ['<IDS|MSG>', 'x', '{}'],
    [''],
    ['', '', ''],
    [randomBytes(100_000)],
    replayed,
  ];
  let expected = 0;
  for (const channel of ['shell', 'control', 'stdin'] as const) {
    for (const frames of attacks) await client[channel].send(frames);
    expected += attacks.length;
    while (log.length < expected) await client.ask('control', 'kernel_info_request');
  }
  assert.equal(log.length, expected);
  for (const line of log) assert.match(line, /^dropped a message: .+/);
  assert.deepEqual(
    rig.session.requests.map(({ code }) => code),
    ['once'],
  );
  assert.equal((await client.finish(await client.execute('after'))).reply.content.status, 'ok');
});

/** The signature that an honest client would make. */
function sign(key: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

test('a request with a field of the wrong type is answered with what must hold', async () => {
  await using rig = await startRig(() => OK);
  const wrong: [type: string, content: object, evalue: RegExp][] = [
    ['execute_request', {}, /^code must be a string, got nothing$/],
    ['execute_request', { code: 5 }, /^code must be a string, got number$/],
    ['execute_request', { code: null }, /^code must be a string, got null$/],
    ['execute_request', { code: '', silent: 'yes' }, /^silent must be a boolean, got string$/],
    ['execute_request', { code: '', user_expressions: [] }, /^user_expressions must be an object, got an array$/],
    ['execute_request', { code: '', user_expressions: { a: 1 } }, /^user_expressions\.a must be a string/],
    ['complete_request', { code: 'a', cursor_pos: '1' }, /^cursor_pos must be a number, got string$/],
    ['complete_request', { code: 'a', cursor_pos: 0.5 }, /^cursor_pos must be a whole number, got 0.5$/],
    ['inspect_request', { code: {}, cursor_pos: 1 }, /^code must be a string, got object$/],
    ['is_complete_request', {}, /^code must be/],
    ['history_request', {}, /^hist_access_type must be a string/],
    ['history_request', { hist_access_type: 'all' }, /^hist_access_type must be tail, range or search/],
    ['shutdown_request', { restart: 'no' }, /^restart must be a boolean/],
    ['comm_info_request', { target_name: 1 }, /^target_name must be a string/],
    ['unheard_of_request', {}, /unheard_of_request/],
    ['__proto___request', {}, /knows no/],
    ['constructor_request', {}, /knows no/],
  ];
  for (const [type, content, evalue] of wrong) {
    const reply = await rig.client.ask('shell', type, content);
    assert.equal(reply.type, type.replace('_request', '_reply'));
    assert.equal(reply.content.status, 'error', type);
    assert.match(String(reply.content.evalue), evalue);
  }
  assert.equal(rig.session.requests.length, 0);
});

test('cursors outside the code, and messages that are no requests, do no harm', async () => {
  await using rig = await startRig();
  for (const cursor_pos of [-5, 1000, Number.MAX_SAFE_INTEGER]) {
    const { content } = await rig.client.ask('shell', 'complete_request', { code: 'a', cursor_pos });
    assert.equal(content.status, 'ok');
  }
  for (const type of ['status', 'execute_reply', 'execute', 'comm_open', 'input_reply', 'toString']) {
    await rig.client.send('shell', type, { comm_id: 7 });
    await rig.client.send('stdin', type, {});
  }
  assert.equal((await rig.client.finish(await rig.client.execute('after'))).reply.content.status, 'ok');
});

test('a thousand requests at once are all answered', async () => {
  await using rig = await startRig();
  const ids = [];
  for (let i = 0; i < 500; i++) {
    ids.push(await rig.client.execute('a'), await rig.client.send('shell', 'kernel_info_request'));
  }
  for (const id of ids) await rig.client.find(({ channel, parent }) => channel === 'shell' && parent.msg_id === id);
});
