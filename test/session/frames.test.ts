import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, FrameReader } from '../../src/session/frames.ts';

function readAll(chunks: readonly Buffer[]): { header: unknown; payload: string }[] {
  const reader = new FrameReader<unknown>();
  return chunks.flatMap((chunk) =>
    [...reader.push(chunk)].map(({ header, payload }) => ({ header, payload: payload.toString() })),
  );
}

const messages = [
  { header: { type: 'a', text: 'ü 😀' }, payload: '' },
  { header: { n: 1 }, payload: 'line 1\nпривет\n' },
  { header: {}, payload: 'x'.repeat(100_000) },
  { header: { last: true }, payload: '\u0000' },
];
const bytes = Buffer.concat(messages.map(({ header, payload }) => encodeFrame(header, payload)));

test('frames come out as they went in, however the pipe cuts them', () => {
  for (const size of [1, 2, 3, 7, 8, 9, 64, 4096, 99_999, bytes.length]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    assert.deepEqual(readAll(chunks), messages, `in chunks of ${size}`);
  }
});

test('a payload of bytes is kept byte for byte', () => {
  const payload = Uint8Array.from({ length: 256 }, (_, value) => value);
  const [frame] = [...new FrameReader<object>().push(encodeFrame({ type: 'bytes' }, payload))];
  assert.deepEqual(new Uint8Array(frame!.payload), payload);
});

test('a frame that is not whole yet gives nothing', () => {
  assert.deepEqual(readAll([encodeFrame({ a: 1 }, 'abc').subarray(0, -1)]), []);
});
