// Tensors and models drawn as what they mean, and trees of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { drawTree } from '../../src/display/tree.ts';
import { load } from '../../src/tensor/load.ts';
import { modelDrawing } from '../../src/tensor/model-show.ts';
import { modelFacts } from '../../src/tensor/models.ts';
import { holdsTensors } from '../../src/tensor/nested.ts';
import { principal } from '../../src/tensor/principal.ts';
import { drawing } from '../../src/tensor/show.ts';
import { treeOf } from '../../src/tensor/tree.ts';
import { decodePng, picturesIn } from '../display/pixels.ts';

const tf = load();
const html = (display: Display) => String(display.data['text/html']);

describe('tensor.show', () => {
  it('draws pixels as an image, whatever their range, and every so many of a large one', async () => {
    const [image] = picturesIn(html(await drawing(tf.tensor([[-2, 2]]).tile([4, 4]), { as: 'image', scale: 1 })));
    assert.deepEqual(
      [image!.at(0, 0), image!.at(1, 0)],
      [
        [0, 0, 0],
        [255, 255, 255],
      ],
    );
    const colours = html(await drawing(tf.ones([2, 8, 8, 3]), { as: 'image', labels: ['cat', 'dog'] }));
    assert.equal(picturesIn(colours).length, 2);
    assert.match(colours, /dog/);
    const [large] = picturesIn(html(await drawing(tf.zeros([3000, 2000]), { as: 'image', scale: 1 })));
    assert.deepEqual([large!.width, large!.height], [667, 1000]);
    assert.throws(() => drawing(tf.ones([2, 3, 4, 5]), { as: 'image' }), /an image must be .* got \[2, 3, 4, 5\]/);
  });

  it('names tokens of attention beside the map and under the pointer', async () => {
    const page = html(await drawing(tf.eye(3), { as: 'attention', tokens: ['the', '<cat>', 'sat'] }));
    assert.match(page, />&lt;cat&gt;<\/span>/);
    assert.match(page, /v="1 &lt;cat&gt; → &lt;cat&gt;"/);
    assert.throws(
      () => drawing(tf.eye(3), { as: 'attention', tokens: ['a'] }),
      /a token for each of the 3 queries, got 1/,
    );
    assert.throws(() => drawing(tf.ones([3]), { as: 'attention' }), /attention must be \[queries, keys\]/);
  });

  it('draws filters, histograms, points and axes as they are asked for', async () => {
    assert.equal(picturesIn(html(await drawing(tf.randomNormal([3, 3, 3, 8]), { as: 'filters' }))).length, 8);
    assert.match(html(await drawing(tf.randomNormal([3, 3, 8, 16]), { as: 'filters' })), /maps ↓ axis 2/);
    const histogram = await drawing(tf.randomNormal([500]), { as: 'histogram' });
    assert.deepEqual(Object.keys(histogram.data), ['text/plain', 'image/svg+xml', 'image/png']);
    assert.ok(decodePng(Buffer.from(String(histogram.data['image/png']), 'base64')).width > 400);
    const points = await drawing(tf.randomNormal([20, 5]), {
      as: 'embedding',
      labels: Array.from({ length: 20 }, (_, i) => i % 2),
    });
    assert.match(points.data['text/plain'], /20 × 5: two components with [\d.]+ % of the variance/);
    const map = html(await drawing(tf.ones([4, 5, 6]), { rows: 0, columns: -1 }));
    assert.match(map, /↓ axis 0 \(4\) · → axis 2 \(6\) · maps of axis 1 \(5\)/);
    assert.throws(
      () => drawing(tf.ones([4, 5]), { rows: 1, columns: 1 }),
      /two different axes of \[4, 5\], got 1 and 1/,
    );
    assert.throws(() => drawing(tf.ones([1]), { as: 'film' as 'image' }), /as must be one of .* got film/);
  });
});

it('principal components hold what differs most', () => {
  const line = Float64Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? i : i % 3 === 1 ? 2 : Math.sin(i)));
  const { points, share } = principal(line, 100, 3);
  assert.ok(share > 0.999);
  assert.ok(Math.abs(Math.abs(points[0]![0] - points[99]![0]) - 297) < 1);
});

describe('a tree of tensors', () => {
  const params = {
    layers: [{ kernel: tf.ones([2, 2]) }],
    'odd key': tf.zeros([3]),
    map: new Map<unknown, unknown>([['step', tf.scalar(3)]]),
  };

  it('is text with branches and HTML with a path for each', () => {
    const { data } = drawTree(treeOf(params));
    assert.equal(
      data['text/plain'].replaceAll(tf.getBackend(), 'B'),
      [
        'Object(3) · 3 tensors, 32 B',
        '├─ layers: Array(1)',
        '│  └─ 0: Object(1)',
        '│     └─ kernel: Tensor float32 [2, 2] · 16 B · all 1 · B',
        '├─ odd key: Tensor float32 [3] · 12 B · all zero · B',
        '└─ map: Map(1)',
        '   └─ step: Tensor float32 [] · 4 B · B',
      ].join('\n'),
    );
    for (const path of ['.layers[0].kernel', '[&quot;odd key&quot;]', '.map.get(&quot;step&quot;)'])
      assert.ok(html({ data, metadata: {} }).includes(`<code>${path}</code>`), path);
  });

  it('is drawn of what holds tensors alone, without running anything of it', () => {
    const hostile = {
      get boom(): never {
        throw new Error('ran');
      },
      self: null as unknown,
      kernel: tf.ones([2]),
      text: '<b>',
    };
    hostile.self = hostile;
    assert.ok(holdsTensors(hostile));
    const { data } = drawTree(treeOf(hostile));
    assert.match(data['text/plain'], /boom: \[Getter\]\n├─ self: \[circular\]/);
    assert.doesNotMatch(String(data['text/html']), /<b>'/);
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
    for (const value of [3, null, [1, { a: [] }], wide, new Proxy([tf.ones([1])], {}), tf.ones([1]), new Map()])
      assert.equal(holdsTensors(value), false);
  });

  it('says disposed, and stays within 50 kB', () => {
    const gone = tf.ones([2]);
    gone.dispose();
    assert.match(drawTree(treeOf([gone])).data['text/plain'], /Tensor float32 \[2\] · disposed/);
    const many = Array.from({ length: 300 }, () => tf.randomNormal([30, 30]));
    const { data } = drawTree(treeOf(many));
    assert.ok(JSON.stringify(data).length < 60_000, `${JSON.stringify(data).length}`);
    for (const line of data['text/plain'].split('\n')) assert.ok(line.length <= 80, line);
  });
});

describe('models', () => {
  const input = tf.input({ shape: [8, 8, 3], name: 'picture' });
  const conv = tf.layers
    .conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'conv' })
    .apply(input) as typeof input;
  const inner = tf.sequential({
    name: 'inner',
    layers: [tf.layers.conv2d({ inputShape: [8, 8, 4], filters: 4, kernelSize: 1, name: 'point' })],
  });
  const sum = tf.layers.add({ name: 'sum' }).apply([conv, inner.apply(conv) as typeof input]) as typeof input;
  const flat = tf.layers.flatten({ name: 'flat' }).apply(sum) as typeof input;
  const model = tf.model({
    inputs: input,
    outputs: tf.layers.dense({ units: 2, name: 'last' }).apply(flat) as typeof input,
    name: 'net',
  });

  it('tell shapes in and out, multiply-adds, bytes and the layers of models within', () => {
    const { layers, multiplyAdds, edges } = modelFacts(model as never);
    const row = (name: string) => layers.find((layer) => layer.name === name)!;
    assert.deepEqual(
      [row('conv').inputShape, row('conv').outputShape],
      [
        [null, 8, 8, 3],
        [null, 8, 8, 4],
      ],
    );
    assert.equal(row('conv').multiplyAdds, 8 * 8 * 3 * 3 * 3 * 4);
    assert.equal(row('inner').multiplyAdds, 8 * 8 * 4 * 4);
    assert.deepEqual(
      row('inner').layers?.map(({ name }) => name),
      ['point'],
    );
    assert.equal(row('last').multiplyAdds, 8 * 8 * 4 * 2);
    assert.equal(multiplyAdds, 6912 + 1024 + 512);
    assert.equal(row('last').bytes, (512 + 2) * 4);
    assert.deepEqual(edges?.filter(([, to]) => to === 'sum').sort(), [
      ['conv', 'sum'],
      ['inner', 'sum'],
    ]);
  });

  it('know the multiply-adds of recurrent, separable and transposed layers', () => {
    const of = (layer: unknown) => modelFacts(tf.sequential({ layers: [layer as never] }) as never).multiplyAdds;
    assert.equal(of(tf.layers.lstm({ inputShape: [5, 3], units: 4 })), 5 * (3 * 16 + 4 * 16));
    assert.equal(
      of(tf.layers.separableConv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: 'same' })),
      64 * (27 + 12),
    );
    assert.equal(of(tf.layers.depthwiseConv2d({ inputShape: [8, 8, 3], kernelSize: 3, padding: 'same' })), 64 * 27);
    assert.equal(
      of(tf.layers.conv2dTranspose({ inputShape: [4, 4, 3], filters: 2, kernelSize: 3, strides: 2 })),
      16 * 9 * 2 * 3,
    );
  });

  it('are a graph of boxes, with the shapes on its arrows', () => {
    const { data } = modelDrawing(model as never, { as: 'graph' });
    const svg = String(data['image/svg+xml']);
    assert.equal(svg.match(/<rect /g)?.length, 6);
    assert.equal(svg.match(/\[\?, 8, 8, 4\]/g)?.length, 4);
    assert.match(data['text/plain'], /conv \(Conv2D\) ─ \[\?, 8, 8, 4\] → inner, sum/);
    assert.ok(decodePng(Buffer.from(String(data['image/png']), 'base64')).height > 400);
  });

  it('show their weights and gradients as histograms, and leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    assert.match(
      modelDrawing(model as never, { as: 'weights' }).data['text/plain'],
      /^Weights of net\nconv\/kernel +[▁▂▃▄▅▆▇█ ]+ /,
    );
    assert.throws(
      () => modelDrawing(model as never, { as: 'gradients' }),
      /gradients need a compiled model, "net" is not/,
    );
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([4, 8, 8, 3]), tf.zeros([4, 2])];
    const compiled = tf.memory().numTensors;
    assert.match(
      modelDrawing(model as never, { as: 'gradients', x, y }).data['text/plain'],
      /^Gradients of net\nconv\/kernel/,
    );
    assert.equal(tf.memory().numTensors, compiled);
    tf.dispose([x, y]);
    assert.ok(before <= compiled);
  });
});
