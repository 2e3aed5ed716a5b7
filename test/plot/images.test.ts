import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { drawSymbol } from '../../src/display/custom.ts';
import { images } from '../../src/plot/images.ts';
import { decodePng, picturesIn } from '../display/pixels.ts';

const draw = (...args: Parameters<typeof images>): Display => images(...args)[drawSymbol]();
const tensor = (shape: number[], value: (i: number) => number) => ({
  shape,
  dataSync: () => Float32Array.from({ length: shape.reduce((n, length) => n * length, 1) }, (_, i) => value(i)),
});

test('images are a grid in HTML, and one PNG with the captions for where HTML is not drawn', () => {
  const display = draw(
    tensor([3, 4, 4, 1], (i) => Math.floor(i / 16) / 2),
    { labels: ['zero', '<one>', 'a\nb'], columns: 2, scale: 10, title: 'T' },
  );
  const html = String(display.data['text/html']);
  assert.equal(html.match(/<tr/g)?.length, 2);
  assert.ok(html.startsWith('<div>T</div><table'));
  assert.ok(html.includes('<br><small>&lt;one&gt;</small>') && html.includes('<small>a<br>b</small>'));
  const pictures = picturesIn(html);
  assert.deepEqual(
    pictures.map((picture) => [picture.width, picture.at(20, 20)[0]]),
    [
      [40, 0],
      [40, 128],
      [40, 255],
    ],
  );
  assert.equal(display.data['text/plain'], '[3 images, T]\nzero  <one>\na b');
  const grid = decodePng(Buffer.from(String(display.data['image/png']), 'base64'));
  assert.deepEqual(display.metadata['image/png'], { width: grid.width / 2, height: grid.height / 2 });
  // The third image is white, in the second row: at (4, 20 + 76 + 4) px, two pixels each.
  assert.deepEqual(grid.at(2 * 20, 2 * 120), [255, 255, 255]);
});

test('shapes of images: grey with and without channel, RGB, one image, flat squares, nested arrays, lists of tensors', () => {
  const sizes = (...args: Parameters<typeof images>) =>
    picturesIn(String(draw(...args).data['text/html'])).map((p) => [p.width, p.height]);
  const one = { scale: 1 };
  assert.deepEqual(
    sizes(
      tensor([2, 5, 6], () => 0),
      one,
    ),
    [
      [6, 5],
      [6, 5],
    ],
  );
  assert.deepEqual(
    sizes(
      tensor([1, 5, 6, 3], () => 0),
      one,
    ),
    [[6, 5]],
  );
  assert.deepEqual(
    sizes(
      tensor([5, 6], () => 0),
      one,
    ),
    [[6, 5]],
  );
  assert.deepEqual(
    sizes(
      tensor([3, 784], () => 0),
      one,
    ),
    [
      [28, 28],
      [28, 28],
      [28, 28],
    ],
  );
  assert.deepEqual(
    sizes(
      [
        [
          [0, 1],
          [1, 0],
        ],
      ],
      one,
    ),
    [[2, 2]],
  );
  assert.deepEqual(sizes([Float32Array.from({ length: 16 }), Float32Array.from({ length: 16 })], one), [
    [4, 4],
    [4, 4],
  ]);
  assert.deepEqual(sizes([tensor([5, 6, 1], () => 0), tensor([5, 6, 1], () => 0)], one), [
    [6, 5],
    [6, 5],
  ]);
});

test('brightness runs from 0 to 1, from 0 to 255, or over what there is', () => {
  const ends = (low: number, high: number) => {
    const [picture] = picturesIn(String(draw([[[low, high]]], { scale: 1 }).data['text/html']));
    return [picture!.at(0, 0)[0], picture!.at(1, 0)[0]];
  };
  assert.deepEqual(ends(0, 1), [0, 255]);
  assert.deepEqual(ends(0, 0.5), [0, 128]);
  assert.deepEqual(ends(0, 200), [0, 200]);
  assert.deepEqual(ends(-2, 3), [0, 255]);
});

test('of many images the first hundred are drawn, and it says so', () => {
  const { data } = draw(
    tensor([1000, 2, 2], (i) => i % 2),
    { labels: Int32Array.from({ length: 1000 }, (_, i) => i) },
  );
  assert.equal(picturesIn(String(data['text/html'])).length, 100);
  assert.match(data['text/plain'], /^\[100 images, 100 of 1000\]\n0 {2}1 {2}2 /);
});

test('what is no image is told', () => {
  const wrong: [unknown, string][] = [
    [
      tensor([2, 3, 4, 5], () => 0),
      'images: shape must be [n, h, w], [n, h, w, 1 | 3 | 4], [n, side²] or [h, w], got [2, 3, 4, 5]',
    ],
    [5, 'images: must be a tensor or nested arrays, got number'],
    [[[[1, 2], [3]]], 'images: arrays must have one length along axis 2, got 2 and 1'],
  ];
  for (const [data, message] of wrong) assert.throws(() => images(data as never), { message });
  assert.equal(draw(tensor([0, 28, 28], () => 0)).data['text/plain'], '[no images]');
});
