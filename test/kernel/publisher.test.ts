import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Publisher, type PublisherLimits, type PublisherSocket } from '../../kernel/publisher.ts';
import { type Message, Wire } from '../../kernel/wire.ts';

/** A socket with room for `room` messages; what does not fit is refused as ZeroMQ does, or dropped with `noDrop` off. */
class FakeSocket implements PublisherSocket {
  readonly sent: Message[] = [];
  readonly #wire = new Wire('k');
  room = Number.POSITIVE_INFINITY;
  dropped = 0;
  sendHighWaterMark = 100;
  noDrop = true;

  send(frames: (Buffer | string)[]): Promise<void> {
    if (this.room <= 0 && this.sendHighWaterMark !== 0) {
      if (this.noDrop) return Promise.reject(Object.assign(new Error('full'), { code: 'EAGAIN' }));
      this.dropped++;
      return Promise.resolve();
    }
    this.room--;
    this.sent.push(this.#wire.decode(frames.map((frame) => Buffer.from(frame))));
    return Promise.resolve();
  }

  get words(): string[] {
    return this.sent.map(({ header, content }) =>
      header.msg_type === 'stream' ? String(content.text) : String(content.execution_state ?? header.msg_type),
    );
  }

  get text(): string {
    return this.sent.map(({ content }) => content.text ?? '').join('');
  }
}

function rig(limits: Partial<PublisherLimits> = {}) {
  const socket = new FakeSocket();
  return { socket, publisher: new Publisher(socket, new Wire('k'), { window: 5, ...limits }) };
}

const busy = { execution_state: 'busy' } as const;
const idle = { execution_state: 'idle' } as const;
const out = (text: string) => ({ name: 'stdout' as const, text });
const PARENT = Buffer.from('{"msg_id":"cell"}');

test('the first text leaves at once, before the call returns', () => {
  const { socket, publisher } = rig();
  publisher.publish('stream', out('first'), PARENT);
  assert.deepEqual(socket.words, ['first']);
});

test('20,000 lines become few messages, all text in order and all before the idle', async () => {
  const { socket, publisher } = rig();
  publisher.publish('status', busy, PARENT);
  for (let i = 0; i < 20_000; i++) publisher.publish('stream', out(`line ${i}\n`), PARENT);
  publisher.publish('status', idle, PARENT);
  await publisher.flushed();
  assert.equal(socket.text, Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
  assert.equal(socket.words.at(-1), 'idle');
  assert.ok(socket.sent.length < 10, `${socket.sent.length} messages`);
});

test('text of two streams or two cells is never joined, and keeps its order', async () => {
  const { socket, publisher } = rig({ window: 1000 });
  const other = Buffer.from('{"msg_id":"other"}');
  publisher.publish('stream', out('a'), PARENT);
  publisher.publish('stream', out('b'), PARENT);
  publisher.publish('stream', { name: 'stderr', text: 'c' }, PARENT);
  publisher.publish('stream', out('d'), PARENT);
  publisher.publish('stream', out('e'), other);
  publisher.publish('stream', out('f'), other);
  publisher.publish('clear_output', { wait: false }, other);
  publisher.publish('stream', out('g'), other);
  await publisher.flushed();
  assert.deepEqual(socket.words, ['a', 'b', 'c', 'd', 'ef', 'clear_output', 'g']);
  assert.deepEqual(
    socket.sent.map(({ parent }) => parent.msg_id),
    ['cell', 'cell', 'cell', 'cell', 'other', 'other', 'other'],
  );
});

test('text that nothing follows leaves by itself', async () => {
  const { socket, publisher } = rig();
  publisher.publish('stream', out('a'), PARENT);
  publisher.publish('stream', out('b'), PARENT);
  assert.deepEqual(socket.words, ['a']);
  while (socket.sent.length < 2) await delay(1);
  assert.deepEqual(socket.words, ['a', 'b']);
});

test('a huge print is cut into messages of a megabyte, between characters', async () => {
  const { socket, publisher } = rig();
  const text = `x${'😀'.repeat(1_500_000)}`;
  publisher.publish('stream', out(text), PARENT);
  publisher.publish('status', idle, PARENT);
  await publisher.flushed();
  assert.equal(socket.text, text);
  for (const { content } of socket.sent.slice(0, -1)) {
    const piece = String(content.text);
    assert.ok(piece.length <= (1 << 20) + 1);
    assert.ok(!/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece), 'no half of a character at an end');
  }
});

test('a socket without room keeps everything waiting, in order, and nothing is lost', async () => {
  const { socket, publisher } = rig();
  socket.room = 1;
  publisher.publish('status', busy, PARENT);
  publisher.publish('stream', out('a'), PARENT);
  publisher.publish('error', { ename: 'E', evalue: '', traceback: [] }, PARENT);
  publisher.publish('status', idle, PARENT);
  await delay(30);
  assert.deepEqual(socket.words, ['busy']);
  socket.room = 100;
  await publisher.flushed();
  assert.deepEqual(socket.words, ['busy', 'a', 'error', 'idle']);
});

test('a full queue asks for a pause until half of it has left', async () => {
  const { socket, publisher } = rig({ bytes: 1000 });
  socket.room = 0;
  publisher.publish('stream', out('x'.repeat(600)), PARENT);
  assert.equal(publisher.ready(), undefined);
  publisher.publish('stream', { name: 'stderr', text: 'y'.repeat(600) }, PARENT);
  const room = publisher.ready();
  assert.ok(room);
  assert.equal(await Promise.race([room.then(() => 'room'), delay(30, 'full')]), 'full');
  socket.room = 1;
  assert.equal(await Promise.race([room.then(() => 'room'), delay(30, 'full')]), 'full');
  socket.room = 1;
  await room;
  assert.equal(publisher.ready(), undefined);
  assert.equal(socket.text.length, 1200);
});

test('after the patience the oldest text goes, with one note; nothing else is ever left out', async () => {
  const { socket, publisher } = rig({ bytes: 10_000, tail: 1000, patience: 40 });
  socket.room = 0;
  for (let i = 0; i < 30; i++) {
    publisher.publish('stream', { name: i % 2 ? 'stderr' : 'stdout', text: `${i} `.repeat(200) }, PARENT);
    if (i % 10 === 0) publisher.publish('display_data', { data: { n: i }, metadata: {}, transient: {} }, PARENT);
  }
  publisher.publish('error', { ename: 'E', evalue: '', traceback: [] }, PARENT);
  publisher.publish('status', idle, PARENT);
  await publisher.flushed();
  const types = socket.sent.map(({ header }) => header.msg_type);
  assert.equal(types.filter((type) => type === 'display_data').length, 3);
  assert.deepEqual(types.slice(-2), ['error', 'status']);
  assert.ok(socket.text.includes('29 29'), 'the newest text is there');
  assert.ok(!socket.text.includes('5 5'), 'the oldest is not');
  assert.match(socket.text, /MB of output are left out here/);
  assert.equal(socket.sendHighWaterMark, 100, 'the mark is set back');
  assert.equal(socket.dropped, 0);
  assert.equal(publisher.ready(), undefined);
});

test('text that fits into the tail is not left out when a client stops reading', async () => {
  const { socket, publisher } = rig({ patience: 30 });
  socket.room = 1;
  publisher.publish('status', busy, PARENT);
  publisher.publish('stream', out('small'), PARENT);
  publisher.publish('status', idle, PARENT);
  await publisher.flushed();
  assert.deepEqual(socket.words, ['busy', 'small', 'idle']);
});

test('a client that never reads is left behind once its share of memory is used up, and the others go on', async () => {
  const { socket, publisher } = rig({ bytes: 5000, tail: 100, patience: 20 });
  socket.room = 0;
  for (let i = 0; i < 20; i++)
    publisher.publish('display_data', { data: { x: 'x'.repeat(1000) }, metadata: {}, transient: {} }, PARENT);
  publisher.publish('status', idle, PARENT);
  await publisher.flushed();
  assert.ok(socket.dropped > 0);
  assert.equal(socket.noDrop, true);
});

test('a closed publisher publishes nothing and keeps nobody waiting', async () => {
  const { socket, publisher } = rig({ bytes: 10 });
  socket.room = 0;
  publisher.publish('stream', out('x'.repeat(100)), PARENT);
  const waiting = Promise.all([publisher.flushed(), publisher.ready()]);
  publisher[Symbol.dispose]();
  await waiting;
  publisher.publish('status', idle, PARENT);
  assert.equal(socket.sent.length, 0);
});
