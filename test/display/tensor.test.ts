import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawTensor } from '../../src/display/tensor.ts';
import { sampleAxes, sampleValues } from '../../src/display/tensor-sample.ts';
import type { TensorFacts, TensorSample } from '../../src/display/tensor-types.ts';
import { statistics } from '../../src/tensor/statistics.ts';
import { picturesIn } from './pixels.ts';

/** Facts and sample of a tensor whose values are made by their row-major index. */
function tensor(
  shape: number[],
  value: (index: number) => number,
  more: Partial<TensorFacts> = {},
): [TensorFacts, TensorSample] {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, i) => value(i));
  const axes = sampleAxes(shape);
  const facts = {
    kind: 'Tensor',
    shape,
    dtype: 'float32',
    bytes: 4 * size,
    backend: 'wasm',
    statistics: statistics(values),
    ...more,
  };
  return [facts, { axes, values: sampleValues(values, shape, axes) }];
}

const text = (...args: [TensorFacts, TensorSample]) => drawTensor(...args).data['text/plain'];
const html = (...args: [TensorFacts, TensorSample]) => String(drawTensor(...args).data['text/html']);

test('a small tensor is a line and its values', () => {
  assert.deepEqual(drawTensor(...tensor([2, 3], (i) => i / 2)), {
    data: {
      'text/plain':
        'Tensor float32 [2, 3] · 24 B · 0 … 2.5 · mean 1.25 ± 0.8539 · wasm\n[[0.0, 0.5, 1.0],\n [1.5, 2.0, 2.5]]',
      'text/html':
        '<div><div><b>Tensor float32 [2, 3]</b> · 24 B · 0 … 2.5 · mean 1.25 ± 0.8539 · wasm</div>' +
        '<pre style="margin:4px 0">[[0.0, 0.5, 1.0],\n [1.5, 2.0, 2.5]]</pre></div>',
    },
    metadata: {},
  });
});

test('values are printed as NumPy does, ready to paste', () => {
  const values = (...args: [TensorFacts, TensorSample]) =>
    text(...args)
      .split('\n')
      .slice(1)
      .join('\n');
  assert.equal(values(...tensor([], () => Math.PI)), '3.1416');
  assert.equal(values(...tensor([3], (i) => i - 1, { dtype: 'int32' })), '[-1,  0,  1]');
  assert.equal(values(...tensor([2, 1, 2], (i) => i, { dtype: 'int32' })), '[[[0, 1]],\n\n [[2, 3]]]');
  assert.equal(
    values(...tensor([4], (i) => [NaN, Infinity, -Infinity, 0.5][i]!)),
    '[      NaN,  Infinity, -Infinity,       0.5]',
  );
  assert.equal(values(...tensor([2], (i) => [1e-6, 100][i]!)), '[1.0000e-6, 1.0000e+2]');
  assert.equal(values(...tensor([2], (i) => 1e12 * i)), '[         0, 1.0000e+12]');
  assert.equal(values(...tensor([2], (i) => Math.fround(0.1) * i)), '[0.0, 0.1]');
  assert.equal(values(...tensor([3], (i) => i % 2, { dtype: 'bool' })), '[false,  true, false]');
});

test('long axes show three values at each end', () => {
  assert.equal(
    text(...tensor([1000, 500], (i) => i % 500, { dtype: 'int32' }))
      .split('\n')
      .slice(1)
      .join('\n'),
    [
      '[[  0,   1,   2, …, 497, 498, 499],',
      ' [  0,   1,   2, …, 497, 498, 499],',
      ' [  0,   1,   2, …, 497, 498, 499],',
      ' …,',
      ' [  0,   1,   2, …, 497, 498, 499],',
      ' [  0,   1,   2, …, 497, 498, 499],',
      ' [  0,   1,   2, …, 497, 498, 499]]',
    ].join('\n'),
  );
  assert.match(text(...tensor([5000], (i) => i, { dtype: 'int32' })), /\[ {3}0, {4}1, {4}2, …, 4997, 4998, 4999\]$/);
});

test('lines of values stay within 80 columns', () => {
  const lines = text(...tensor([5, 60], (i) => Math.sin(i) * 1000))
    .split('\n')
    .slice(1);
  assert.ok(lines.length > 5);
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('strings are quoted and shortened, complex numbers have two parts', () => {
  const axes = [[0, 1]];
  const facts = { kind: 'Tensor', shape: [2], bytes: 8 };
  assert.equal(
    text({ ...facts, dtype: 'string' }, { axes, values: ['a"<b>', 'x'.repeat(100)] }),
    `Tensor string [2] · 8 B\n["a\\"<b>", "${'x'.repeat(39)}…"]`,
  );
  assert.equal(
    text({ ...facts, dtype: 'complex64' }, { axes, values: [1, 2.5, -1, -2] }).split('\n')[1],
    '[ 1.0+2.5i, -1.0-2.0i]',
  );
  assert.match(
    html({ ...facts, dtype: 'string' }, { axes, values: ['<b>', '&'] }),
    /&quot;&lt;b&gt;&quot;, &quot;&amp;&quot;/,
  );
});

test('the line counts NaN and infinities, and says what is true, equal, disposed', () => {
  const line = (...args: [TensorFacts, TensorSample]) => text(...args).split('\n')[0];
  assert.equal(
    line(...tensor([4], (i) => [NaN, Infinity, 1, 2][i]!)),
    'Tensor float32 [4] · 16 B · 1 … 2 · mean 1.5 ± 0.5 · \u001b[31m1 NaN\u001b[39m · \u001b[31m1 infinite\u001b[39m · wasm',
  );
  assert.equal(line(...tensor([2], () => NaN)), 'Tensor float32 [2] · 8 B · \u001b[31m2 NaN\u001b[39m · wasm');
  assert.equal(
    line(...tensor([10], (i) => Number(i < 3), { dtype: 'bool', bytes: 10 })),
    'Tensor bool [10] · 10 B · 3 of 10 true · wasm',
  );
  assert.equal(line(...tensor([10], () => 7)), 'Tensor float32 [10] · 40 B · all 7 · wasm');
  assert.equal(line(...tensor([10], () => 0)), 'Tensor float32 [10] · 40 B · all zero · wasm');
  assert.equal(
    line(...tensor([2], (i) => i, { kind: 'Variable', name: 'dense/kernel' })),
    'Variable "dense/kernel" float32 [2] · 8 B · 0 … 1 · mean 0.5 ± 0.5 · wasm',
  );
  assert.equal(line(...tensor([3, 0], () => 0, { bytes: 0 })), 'Tensor float32 [3, 0] · 0 B · wasm');
  assert.deepEqual(drawTensor({ kind: 'Tensor', shape: [2], dtype: 'float32', bytes: 8, disposed: true }).data, {
    'text/plain': 'Tensor float32 [2] · disposed',
    'text/html': '<div><b>Tensor float32 [2]</b> · disposed</div>',
  });
});

test('a matrix is a map of colours: viridis from the least to the greatest, NaN magenta', () => {
  const [map] = picturesIn(html(...tensor([8, 8], (i) => (i === 9 ? NaN : i))));
  const cell = map!.width / 8;
  assert.deepEqual(map!.at(0, 0), [0x44, 0x01, 0x54]);
  assert.deepEqual(map!.at(map!.width - 1, map!.height - 1), [0xfd, 0xe7, 0x25]);
  assert.deepEqual(map!.at(cell + 1, cell + 1), [255, 0, 200]);
});

test('values of both signs run from blue over white at zero to red', () => {
  const [map] = picturesIn(html(...tensor([1, 101], (i) => (i - 50) / 50)));
  assert.deepEqual(map!.at(0, 0), [0x05, 0x30, 0x61]);
  assert.deepEqual(map!.at(Math.floor(map!.width / 2), 0), [0xf7, 0xf7, 0xf7]);
  assert.deepEqual(map!.at(map!.width - 1, 0), [0x67, 0x00, 0x1f]);
});

test('the values of an image are shown as the image: grey, RGB, 0…1 and 0…255', () => {
  const [grey] = picturesIn(html(...tensor([28, 28, 1], (i) => (i < 392 ? 0 : 1))));
  assert.deepEqual(
    [grey!.at(5, 0), grey!.at(5, grey!.height - 1)],
    [
      [0, 0, 0],
      [255, 255, 255],
    ],
  );
  const [rgb] = picturesIn(html(...tensor([8, 8, 3], (i) => [255, 0, 128][i % 3]!, { dtype: 'int32' })));
  assert.deepEqual(rgb!.at(3, 3), [255, 0, 128]);
});

test('a batch of images is a grid of them, its first and its last', () => {
  const [grid, ...others] = picturesIn(html(...tensor([100, 10, 10, 1], (i) => Math.floor(i / 100) / 99)));
  assert.deepEqual(others, []);
  assert.deepEqual(grid!.at(0, 0), [0, 0, 0]);
  assert.deepEqual(grid!.at(grid!.width - 1, grid!.height - 1), [255, 255, 255]);
});

test('values out of range of an image are a map of colours', () => {
  assert.match(html(...tensor([28, 28, 1], (i) => i - 300)), /alt="the values as colours"/);
  assert.match(html(...tensor([28, 28, 1], (i) => i)), /alt="the values as colours"/);
});

test('a hover tells the value of each place by its index, without script', () => {
  const page = html(...tensor([6, 8], (i) => i));
  assert.doesNotMatch(page, /<script|onmouse/i);
  assert.equal(page.match(/<d[dt] v=/g)?.length, 48);
  assert.match(page, /<dt v=0><dd v=1>/);
  assert.match(page, /--r:-1;--rs:1;--c:0;--cs:1;--a:'\['/);
  const large = html(...tensor([300, 300], (i) => i));
  assert.match(large, /<dt v="0 … /);
  assert.match(large, /--r:256;|--r:25\d;/);
});

test('axes of any rank are maps beside each other, named in the note', () => {
  assert.match(
    html(...tensor([2, 3, 4, 5, 6], (i) => i)),
    /↓ axis 3 \(5\) · → axis 4 \(6\) · maps ↓ axis 0 \(2\) · maps → axis 1 \(2 of 3, both ends\), axis 2 \(2 of 4, both ends\)/,
  );
  assert.match(html(...tensor([500, 7, 9], (i) => i)), /maps of axis 0 \(12 of 500, both ends\)/);
  assert.match(
    html(...tensor([300, 300], (i) => i)),
    /↓ axis 0 \(80 of 300, both ends\) · → axis 1 \(104 of 300, both ends\)/,
  );
});

test('what is not finite is red in HTML, a histogram has its counts', () => {
  const page = html(...tensor([8, 8], (i) => (i === 3 ? NaN : i)));
  assert.match(page, /<b class="tc-bad" style="color:#d92d20">1 NaN<\/b>/);
  assert.match(page, /<title>0 … [\d.]+: \d, [\d.]+ %<\/title>/);
});

test('a few values far from all others do not take the colours from them', () => {
  const [map] = picturesIn(html(...tensor([20, 20], (i) => (i === 0 ? 1e6 : i % 2))));
  assert.notDeepEqual(map!.at(map!.width - 1, map!.height - 1), map!.at(map!.width - 18, map!.height - 1));
});

test('every shape is drawn within 50 kB, from at most 200,000 values', () => {
  let seed = 1;
  const noise = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const shapes = [
    [7],
    [100_000],
    [64, 100],
    [784, 128],
    [1, 5000],
    [3000, 2],
    [224, 224, 3],
    [300, 200, 4],
    [32, 32, 32, 3],
    [64, 28, 28, 1],
    [16, 30, 30, 32],
    [5, 5, 32, 64],
    [10, 50, 20],
    [2, 3, 4, 5, 6],
    [3, 3, 3, 3, 3, 3, 3],
    [300, 3, 300],
  ];
  for (const shape of shapes) {
    const [facts, sample] = tensor(shape, noise);
    assert.ok(sample.values.length <= 200_000, `${shape}: ${sample.values.length} values`);
    const { data } = drawTensor(facts, sample);
    assert.ok(JSON.stringify(data).length <= 52_000, `${shape}: ${JSON.stringify(data).length} in all`);
    assert.ok(String(data['text/html']).length <= 50_000, `${shape}: ${String(data['text/html']).length} characters`);
    assert.ok(data['text/plain'].length <= 30_000, `${shape}: ${data['text/plain'].length} characters of text`);
    for (const picture of picturesIn(String(data['text/html']))) assert.ok(picture.width <= 700);
  }
});

test('the sample of a huge tensor is picked by index, not by reading it', () => {
  const axes = sampleAxes([60000, 28, 28, 1]);
  assert.deepEqual(axes[0], [0, 1, 2, 3, 4, 5, 59994, 59995, 59996, 59997, 59998, 59999]);
  assert.equal(
    axes.reduce((n, indices) => n * indices.length, 1),
    12 * 28 * 28,
  );
  assert.deepEqual(sampleValues([0, 1, 2, 3, 4, 5, 6, 7], [2, 2], [[1], [0, 1]], 2), [4, 5, 6, 7]);
});
