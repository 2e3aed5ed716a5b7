// Positions and comms: small parts without a socket.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Comm, Comms } from '../../kernel/comms.ts';
import type { CommData } from '../../kernel/messages.ts';
import { CellPlaces } from '../../kernel/outputs.ts';
import { toCodePoints, toUtf16 } from '../../kernel/positions.ts';

test('positions count characters outside the base plane once for clients, twice for strings', () => {
  const text = 'a😀b';
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => toUtf16(text, at)),
    [0, 1, 3, 4],
  );
  assert.deepEqual(
    [0, 1, 3, 4].map((at) => toCodePoints(text, at)),
    [0, 1, 2, 3],
  );
});

test('positions outside the text are moved to its ends, and half a pair is one character', () => {
  assert.deepEqual([toUtf16('ab', -1), toUtf16('ab', 9)], [0, 2]);
  assert.deepEqual([toCodePoints('ab', -1), toCodePoints('ab', 9)], [0, 2]);
  assert.deepEqual([toUtf16('\ud800x', 1), toCodePoints('\ud800x', 1)], [1, 1]);
});

test('a comm reaches its target from opening to closing', () => {
  const calls: unknown[] = [];
  const record = (what: string) => (comm: Comm, data: object) => calls.push([what, comm.id, data]);
  const target = { open: record('open'), message: record('message'), close: record('close') };
  const comms = new Comms(new Map([['chart', target]]));
  const closed: CommData[] = [];
  comms.open({ comm_id: '1', target_name: 'chart', data: { a: 1 } }, (content) => closed.push(content));
  assert.ok(comms.message({ comm_id: '1', data: { b: 2 } }));
  assert.deepEqual(comms.info(), { comms: { 1: { target_name: 'chart' } } });
  assert.deepEqual(comms.info('chart'), { comms: { 1: { target_name: 'chart' } } });
  assert.deepEqual(comms.info('other'), { comms: {} });
  assert.ok(comms.close({ comm_id: '1', data: {} }));
  assert.ok(!comms.message({ comm_id: '1', data: {} }));
  assert.deepEqual(calls, [
    ['open', '1', { a: 1 }],
    ['message', '1', { b: 2 }],
    ['close', '1', {}],
  ]);
  assert.deepEqual(closed, []);
});

test('a comm whose target fails to open is closed with the reason', () => {
  const open = () => {
    throw new Error('no room');
  };
  const comms = new Comms(new Map([['full', { open, message: open, close: open }]]));
  const closed: CommData[] = [];
  comms.open({ comm_id: '1', target_name: 'full', data: {} }, (content) => closed.push(content));
  assert.deepEqual(closed, [{ comm_id: '1', data: { reason: 'Error: no room' } }]);
  assert.deepEqual(comms.info(), { comms: {} });
});

test('a cell that is remembered keeps its frames, not the buffers that they were received in', () => {
  const received = Buffer.alloc(8192, 'x');
  const places = new CellPlaces();
  const [parent, identity] = [received.subarray(0, 300), received.subarray(300, 336)];
  places.add({ cell: 1, parent, identities: [identity], count: 1, allowStdin: false });
  const place = places.get(1)!;
  for (const [kept, frame] of [
    [place.parent, parent],
    [place.identities[0]!, identity],
  ] as const) {
    assert.deepEqual(kept, frame);
    assert.equal(kept.buffer.byteLength, frame.length);
  }
});
