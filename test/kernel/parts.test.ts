// Positions, and what is kept of a cell: small parts without a socket.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
