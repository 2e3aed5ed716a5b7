// The send queue against a real XPUB socket and clients that do not read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Subscriber } from 'zeromq';
import { address } from '../../kernel/connection.ts';
import { Publisher } from '../../kernel/publisher.ts';
import { bindSockets, closeSockets } from '../../kernel/sockets.ts';
import { Wire } from '../../kernel/wire.ts';
import { freshConnection } from './harness.ts';

async function rig(patience: number) {
  const connection = freshConnection();
  const sockets = await bindSockets(connection);
  const publisher = new Publisher(sockets.iopub, new Wire(connection.key), { patience, window: 1 });
  const subscribe = async () => {
    const socket = new Subscriber({ linger: 0, receiveHighWaterMark: 10, receiveBufferSize: 4096 });
    socket.connect(address(connection, 'iopub'));
    socket.subscribe();
    await sockets.iopub.receive();
    return socket;
  };
  const close = () => {
    publisher[Symbol.dispose]();
    closeSockets(sockets);
  };
  return { connection, publisher, subscribe, [Symbol.dispose]: close };
}

/** Reads until the last `idle`; what came, by type. */
async function readAll(socket: Subscriber, key: string): Promise<{ lines: number; displays: number; notes: number }> {
  const wire = new Wire(key);
  let [lines, displays, notes] = [0, 0, 0];
  for await (const frames of socket) {
    const { header, content } = wire.decode(frames);
    if (header.msg_type === 'stream') {
      const text = String(content.text);
      if (text.includes('left out here')) notes++;
      else lines += text.split('\n').length - 1;
    }
    if (header.msg_type === 'display_data') displays++;
    if (content.execution_state === 'idle') break;
  }
  socket.close();
  return { lines, displays, notes };
}

const PARENT = Buffer.from('{"msg_id":"cell"}');

test('a client that pauses gets every message once it reads on', async () => {
  using it = await rig(60_000);
  const slow = await it.subscribe();
  for (let i = 0; i < 3000; i++) {
    it.publisher.publish('stream', { name: i % 2 ? 'stderr' : 'stdout', text: `line ${i}\n` }, PARENT);
  }
  it.publisher.publish('status', { execution_state: 'idle' }, PARENT);
  await delay(100);
  assert.deepEqual(await readAll(slow, it.connection.key), { lines: 3000, displays: 0, notes: 0 });
});

test('a client that never reads holds the others up for the patience, not for ever', async () => {
  using it = await rig(200);
  const frozen = await it.subscribe();
  const other = await it.subscribe();
  const read = readAll(other, it.connection.key);
  const text = `${'x'.repeat(1023)}\n`;
  for (let i = 0; i < 20_000; i++) {
    it.publisher.publish('stream', { name: i % 2 ? 'stderr' : 'stdout', text }, PARENT);
    if (i % 100 === 0) it.publisher.publish('display_data', { data: {}, metadata: {}, transient: {} }, PARENT);
  }
  it.publisher.publish('status', { execution_state: 'idle' }, PARENT);
  const got = await read;
  assert.equal(got.displays, 200);
  assert.ok(got.lines > 500, `${got.lines} lines`);
  assert.ok(got.notes > 0);
  // The frozen one reads again: it has lost text, but no display and no status.
  const late = await readAll(frozen, it.connection.key);
  assert.equal(late.displays, 200);
  assert.ok(late.notes > 0);
});
