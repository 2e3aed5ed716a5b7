import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markerText } from '../../src/session/messages.ts';
import { NativeOutput } from '../../src/session/native-output.ts';

function seen(bytes: Buffer, size: number): (string | number)[] {
  const all: (string | number)[] = [];
  const output = new NativeOutput('nonce', {
    // Pieces of text are joined: how a pipe cuts them is not what matters.
    text: (text) => (typeof all.at(-1) === 'string' ? all.push(`${all.pop()}${text}`) : all.push(text)),
    marker: (number) => all.push(number),
  });
  for (let at = 0; at < bytes.length; at += size) output.push(bytes.subarray(at, at + size));
  output.end();
  return all;
}

const text = `a${markerText('nonce', 1)}ü😀\n${markerText('nonce', 2)}${markerText('nonce', 3)}\u0000b\u0000tensorcell:other:4\u0000end`;

test('text and markers come out in order, however the pipe cuts them', () => {
  const want = ['a', 1, 'ü😀\n', 2, 3, '\u0000b\u0000tensorcell:other:4\u0000end'];
  for (const size of [1, 2, 3, 5, 11, 1000])
    assert.deepEqual(seen(Buffer.from(text), size), want, `in chunks of ${size}`);
});

test('what looks like the beginning of a marker is text when no marker follows', () => {
  assert.deepEqual(seen(Buffer.from('x\u0000tensorcell:no'), 4), ['x\u0000tensorcell:no']);
});
