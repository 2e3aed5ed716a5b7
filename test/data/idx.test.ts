import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readIdx } from '../../src/data/idx.ts';

const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
after(() => rmSync(folder, { recursive: true }));

/** An IDX file: type byte, shape, values in big-endian hexadecimal. */
function idx(type: number, shape: number[], hex: string): Buffer {
  const sizes = shape.map((length) => length.toString(16).padStart(8, '0')).join('');
  const head = `0000${type.toString(16).padStart(2, '0')}${shape.length.toString(16).padStart(2, '0')}`;
  return Buffer.from(head + sizes + hex, 'hex');
}

const types: [dtype: string, type: number, hex: string, values: number[]][] = [
  ['uint8', 0x08, '00ff', [0, 255]],
  ['int8', 0x09, '7fff', [127, -1]],
  ['int16', 0x0b, '0102fffe', [258, -2]],
  ['int32', 0x0c, '01020304ffffffff', [16909060, -1]],
  ['float32', 0x0d, '3fc00000bf000000', [1.5, -0.5]],
  ['float64', 0x0e, '3ff8000000000000c000000000000000', [1.5, -2]],
];

for (const [dtype, type, hex, values] of types)
  test(`${dtype} values are read in this machine's byte order`, async () => {
    const read = await readIdx(idx(type, [1, 2], hex));
    assert.equal(read.dtype, dtype);
    assert.deepEqual(read.shape, [1, 2]);
    assert.deepEqual([...read.values], values);
  });

test('a path, a file URL, bytes and gzipped bytes give the same', async () => {
  const bytes = idx(0x08, [2, 1, 2], '01020304');
  const path = join(folder, 'a-idx3-ubyte.gz');
  writeFileSync(path, gzipSync(bytes));
  const expected = { shape: [2, 1, 2], dtype: 'uint8', values: new Uint8Array([1, 2, 3, 4]) };
  for (const source of [path, pathToFileURL(path), bytes, new Uint8Array(gzipSync(bytes))])
    assert.deepEqual(await readIdx(source), expected);
});

test('a small file does not keep the buffer that it was read into', async () => {
  const path = join(folder, 'small');
  writeFileSync(path, idx(0x08, [3], '010203'));
  assert.equal((await readIdx(path)).values.buffer.byteLength, 3);
});

test('a file with an axis of length 0 is empty, not damaged', async () => {
  assert.equal((await readIdx(idx(0x0d, [0, 28], ''))).values.length, 0);
});

const damaged: [what: string, bytes: Buffer, message: RegExp][] = [
  ['text', Buffer.from('<html>'), /^a: not an IDX file: its magic number is 0x3c68746d, expected such as 0x00000803$/],
  ['an unknown type', idx(0x0a, [1], '00'), /its magic number is 0x00000a01/],
  ['no axis', Buffer.from('00000800', 'hex'), /its magic number is 0x00000800/],
  ['an empty file', Buffer.alloc(0), /not an IDX file: 0 bytes, at least 4 expected/],
  ['half a header', idx(0x08, [1, 1], '').subarray(0, 9), /truncated: 9 bytes, the header alone has 12/],
  ['too few values', idx(0x0c, [2, 600], '00000000'), /truncated: 16 bytes, 4,812 expected for int32 \[2, 600\]/],
  ['too many values', idx(0x08, [2], '010203'), /too long: 11 bytes, 10 expected for uint8 \[2\]/],
  [
    'half a gzip file',
    gzipSync(idx(0x08, [2], '0102')).subarray(0, 20),
    /damaged gzip data \(unexpected end of file\)/,
  ],
];

for (const [what, bytes, message] of damaged)
  test(`${what} is refused with the path and what was expected`, async () => {
    const path = join(folder, 'damaged');
    writeFileSync(path, bytes);
    await assert.rejects(readIdx(path), (error: Error) => {
      assert.equal(error.name, 'DataError');
      assert.ok(error.message.startsWith(path));
      assert.match(`a${error.message.slice(path.length)}`, message);
      return true;
    });
  });

test('a missing file is named', async () => {
  await assert.rejects(readIdx(join(folder, 'none')), /none: no such file$/);
});
