import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Message, Wire, WireError } from '../../kernel/wire.ts';

const KEY = 'a-key';
const bytes = (frames: readonly (Buffer | string)[]) => frames.map((frame) => Buffer.from(frame));

/** Frames signed as the spec says, without the code under test. */
function signed(parts: readonly string[], key = KEY): Buffer[] {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return bytes(['<IDS|MSG>', hmac.digest('hex'), ...parts]);
}

const HEADER = '{"msg_id":"1","msg_type":"execute_request","session":"s"}';

function refused(frames: readonly Buffer[], pattern: RegExp, wire = new Wire(KEY)): void {
  assert.throws(
    () => wire.decode(frames),
    (error: unknown) => error instanceof WireError && pattern.test(error.message),
  );
}

test('a message comes out as it went in, with its identities and binary buffers', () => {
  const identities = [Buffer.from([0, 255, 1]), Buffer.from('second')];
  const buffers = [Buffer.from([1, 2, 3]), Buffer.alloc(0)];
  const frames = new Wire(KEY).encode({
    identities,
    type: 'comm_msg',
    content: { text: 'é😀\u2028' },
    metadata: { a: 1 },
    buffers,
  });
  const message = new Wire(KEY).decode(bytes(frames));
  assert.deepEqual(message.identities, identities);
  assert.deepEqual(message.buffers, buffers);
  assert.deepEqual(message.content, { text: 'é😀\u2028' });
  assert.deepEqual(message.metadata, { a: 1 });
  assert.deepEqual(message.parent, {});
  assert.equal(message.header.msg_type, 'comm_msg');
  assert.equal(message.header.version, '5.5');
});

test('an answer carries the very bytes of the header it answers', () => {
  const odd = '{"msg_type":"x_request" ,"msg_id":"\\u0031","date":"2026-01-01T00:00:00Z","extra":[1.50]}';
  const asked = new Wire(KEY).decode(signed([odd, '{}', '{}', '{}']));
  const answer = new Wire(KEY).encode({ type: 'x_reply', content: {}, parent: asked.headerFrame });
  assert.equal(String(answer[3]), odd);
});

test('the signature is the HMAC-SHA256 of the four parts', () => {
  const [delimiter, signature, ...parts] = new Wire(KEY).encode({ type: 'status', content: { a: 1 } });
  assert.equal(String(delimiter), '<IDS|MSG>');
  assert.equal(String(signature), String(signed(parts.map(String))[1]));
});

test('ids of one sender differ', () => {
  const wire = new Wire(KEY);
  assert.equal(new Set(Array.from({ length: 100 }, () => wire.header('a').msg_id)).size, 100);
});

test('without a key nothing is signed and everything is taken, also twice', () => {
  const frames = bytes(new Wire('').encode({ type: 'a', content: {} }));
  assert.equal(String(frames[1]), '');
  const wire = new Wire('');
  assert.equal(wire.decode(frames).header.msg_type, 'a');
  assert.equal(wire.decode(frames).header.msg_type, 'a');
});

test('a wrong signature is refused, whatever is wrong with it', () => {
  const good = signed([HEADER, '{}', '{}', '{}']);
  refused(signed([HEADER, '{}', '{}', '{}'], 'another key'), /wrong signature/);
  for (const signature of ['', '0', '0'.repeat(64), `${good[1]}0`, String(good[1]).toUpperCase()])
    refused([good[0]!, Buffer.from(signature), ...good.slice(2)], /wrong signature/);
  refused([...good.slice(0, 5), Buffer.from('{"code":"other"}')], /wrong signature/);
});

test('a message that was seen before is refused, and what was refused before is not remembered', () => {
  const wire = new Wire(KEY);
  const frames = signed([HEADER, '{}', '{}', '{}']);
  assert.equal(wire.decode(frames).header.msg_id, '1');
  refused(frames, /used before/, wire);
  refused(signed([HEADER, '{}', '{}', '{'], KEY), /malformed JSON/, wire);
});

test('only the last 65,536 signatures are remembered', () => {
  const wire = new Wire(KEY);
  const message = (n: number) => signed([`{"msg_id":"${n}","msg_type":"a"}`, '{}', '{}', '{}']);
  for (let n = 0; n <= 65_536; n++) wire.decode(message(n));
  refused(message(65_536), /used before/, wire);
  refused(message(1), /used before/, wire);
  assert.equal(wire.decode(message(0)).header.msg_id, '0');
});

test('bytes that are no message are refused with the part that is wrong', () => {
  refused([], /no delimiter/);
  refused(bytes(['', 'junk']), /no delimiter/);
  refused(bytes(['<IDS|MSG>', 'x', '{}']), /frames after the delimiter/);
  refused(signed(['{not json', '{}', '{}', '{}']), /^header: malformed JSON/);
  refused(signed([HEADER, '[]', '{}', '{}']), /^parent header: must be an object/);
  refused(signed([HEADER, '{}', 'null', '{}']), /^metadata: must be an object/);
  refused(signed([HEADER, '{}', '{}', '"text"']), /^content: must be an object/);
  refused(signed(['{"msg_id":"1"}', '{}', '{}', '{}']), /msg_type must be a string/);
  refused(signed(['{"msg_type":"a","msg_id":7}', '{}', '{}', '{}']), /msg_id must be a string, got number/);
});

test('a delimiter far behind is not looked for: a flood of frames costs nothing', () => {
  const frames = bytes([...Array.from({ length: 1000 }, () => 'x'), '<IDS|MSG>']);
  refused(frames, /no delimiter/);
});

test('what one end encodes the other decodes for every kind of content', () => {
  const wire = new Wire(KEY);
  const far = new Wire(KEY);
  for (const content of [{}, { a: null }, { text: '"\\\n\0' }, { n: -0.5, list: [1, [2]] }]) {
    const message: Message = far.decode(bytes(wire.encode({ type: 't', content })));
    assert.deepEqual(message.content, content);
  }
});
