import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePng, enlarge } from '../../src/display/png.ts';
import { decodePng } from './pixels.ts';

test('grey, RGB, RGBA and palette pictures decode to their pixels', () => {
  const grey = decodePng(encodePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 50, 100, 255) }));
  assert.deepEqual(
    [grey.at(0, 0), grey.at(1, 0), grey.at(0, 1), grey.at(1, 1)].map(([v]) => v),
    [0, 50, 100, 255],
  );
  const rgb = decodePng(encodePng({ width: 1, height: 2, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
  assert.deepEqual(
    [rgb.at(0, 0), rgb.at(0, 1)],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
  const rgba = decodePng(encodePng({ width: 1, height: 1, channels: 4, data: Uint8Array.of(9, 8, 7, 0) }));
  assert.deepEqual(rgba.at(0, 0), [9, 8, 7]);
  const palette = [
    [10, 20, 30, 255],
    [40, 50, 60, 0],
  ] as const;
  const indexed = decodePng(encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 0), palette }));
  assert.deepEqual(
    [indexed.at(0, 0), indexed.at(1, 0)],
    [
      [40, 50, 60],
      [10, 20, 30],
    ],
  );
});

test('an enlarged picture has each pixel as a square', () => {
  const large = enlarge({ width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }, 3);
  assert.equal(large.width, 6);
  const decoded = decodePng(encodePng(large));
  for (let y = 0; y < 3; y++)
    for (let x = 0; x < 6; x++) assert.deepEqual(decoded.at(x, y), x < 3 ? [1, 2, 3] : [4, 5, 6]);
});

test('data that does not fit the size is refused', () => {
  assert.throws(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(5) }), {
    name: 'RangeError',
    message: 'PNG: 2 × 2 × 3 must have 12 bytes, got 5',
  });
  assert.throws(() => encodePng({ width: 0, height: 0, channels: 1, data: new Uint8Array() }), RangeError);
});
