// The whole bundle of each kind of display of tensors and models, held against what was looked at and found good (golden/). Run with
// TENSORCELL_GOLDEN=write to write them anew. Pictures are compared by their pixels: compression differs between Node's versions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import type { Display } from '../../src/display/bundle.ts';
import { formatterTable } from '../../src/display/formatters.ts';
import { render } from '../../src/display/render.ts';
import { tensorFormatters } from '../../src/tensor/formatters.ts';
import { load } from '../../src/tensor/load.ts';
import { modelDrawing } from '../../src/tensor/model-show.ts';
import type { Model } from '../../src/tensor/models.ts';
import { drawing } from '../../src/tensor/show.ts';

const tf = load();
await tf.setBackend('cpu');
const table = formatterTable(tensorFormatters);
const folder = fileURLToPath(new URL('../../../test/tensor/golden/', import.meta.url));

const wave = (shape: number[]) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * 37) % 101) / 50 - 1),
    shape,
  );
};
const broken = () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => i);
  values[3] = Number.NaN;
  values[9] = Number.POSITIVE_INFINITY;
  return tf.tensor(values, [8, 8]);
};
const disposed = () => {
  const tensor = tf.ones([2, 3]);
  tensor.dispose();
  return tensor;
};
const constant = (value: number) => tf.initializers.constant({ value });
const model = () => {
  const input = tf.input({ shape: [8, 8, 1], name: 'picture' });
  const conv = { kernelInitializer: constant(0.1), padding: 'same' as const, kernelSize: 3 };
  const a = tf.layers.conv2d({ ...conv, filters: 2, name: 'first' }).apply(input) as typeof input;
  const b = tf.layers.conv2d({ ...conv, filters: 2, name: 'second', trainable: false }).apply(a) as typeof input;
  const sum = tf.layers.add({ name: 'sum' }).apply([a, b]) as typeof input;
  const inner = tf.sequential({
    name: 'head',
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 2], name: 'flat' }),
      tf.layers.dense({ units: 3, kernelInitializer: constant(0), name: 'last' }),
    ],
  });
  return tf.model({ inputs: input, outputs: inner.apply(sum) as typeof input, name: 'net' });
};

// Names of weights and variables are given once in a process.
const net = model();
const weights = tf.variable(wave([3]), true, 'weights');

const displays: Readonly<Record<string, () => Display | Promise<Display>>> = {
  scalar: () => render(tf.scalar(0.5), table),
  small: () => render(wave([2, 3]), table),
  matrix: () => render(wave([12, 16]), table),
  large: () => render(wave([200, 300]), table),
  vector: () => render(wave([60]), table),
  'rank 4': () => render(wave([2, 5, 6, 3]), table),
  'rank 6': () => render(wave([2, 2, 3, 2, 4, 4]), table),
  image: () => render(wave([10, 10, 3]).abs(), table),
  'not finite': () => render(broken(), table),
  zeros: () => render(tf.zeros([20, 20]), table),
  bools: () => render(wave([6, 6]).greater(0), table),
  integers: () => render(wave([6, 6]).mul(3).toInt(), table),
  texts: () => render(tf.tensor(['a', '<b>']), table),
  complex: () => render(tf.complex([1, 2], [3, 4]), table),
  disposed: () => render(disposed(), table),
  variable: () => render(weights, table),
  symbolic: () => render(net.outputs[0], table),
  tree: () => render({ layers: [{ kernel: wave([6, 6]), bias: tf.zeros([2]) }], rate: 0.1 }, table),
  attention: () => drawing(wave([4, 4]).abs(), { as: 'attention', tokens: ['a', 'b', 'c', 'd'] }),
  filters: () => drawing(wave([3, 3, 3, 4]), { as: 'filters' }),
  histogram: () => drawing(wave([200]), { as: 'histogram' }),
  embedding: () => drawing(wave([6, 2]), { as: 'embedding', labels: [0, 0, 1, 1, 2, 2] }),
  model: () => render(net, table),
  graph: () => modelDrawing(net as unknown as Model, { as: 'graph' }),
  weights: () => modelDrawing(net as unknown as Model, { as: 'weights' }),
  layer: () => render(net.layers[1], table),
};

/** Pictures as their size and a sum of their pixels; those that resvg draws as their size: letters may differ by a shade. */
function settled({ data, metadata }: Display): unknown {
  const picture = (base64: string, isOurs: boolean) => {
    const { width, height, data: pixels, palette } = decode(Buffer.from(base64, 'base64'));
    const sum = createHash('sha1')
      .update(JSON.stringify(palette ?? ''))
      .update(new Uint8Array(pixels.buffer));
    return `PNG ${width} × ${height}${isOurs ? ` ${sum.digest('hex')}` : ''}`;
  };
  const bundle = Object.fromEntries(
    Object.entries(data).map(([mime, content]) => {
      if (mime === 'image/png') return [mime, picture(String(content), !('image/svg+xml' in data))];
      if (typeof content !== 'string') return [mime, content];
      const inner = (_: string, base64: string) => `data:${picture(base64, true)}`;
      return [
        mime,
        content
          .replace(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g, inner)
          .replace(/<style>[\s\S]*?<\/style>/g, '<style>…</style>')
          .split('\n'),
      ];
    }),
  );
  return { data: bundle, metadata };
}

for (const [name, make] of Object.entries(displays)) {
  test(`the display of ${name} is the one that was found good`, async () => {
    const file = `${folder}${name.replaceAll(' ', '-')}.json`;
    const got = settled(await make());
    if (process.env.TENSORCELL_GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(got, null, 1)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(got)), JSON.parse(readFileSync(file, 'utf8')));
  });

  test(`the text of ${name} fits in 80 columns, and its HTML reads where styles, scripts and drawings are stripped`, async () => {
    const { data } = await make();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: marks of colours take no column.
    const text = data['text/plain'].replace(/\u001b\[\d*m/g, '');
    for (const line of text.split('\n')) assert.ok([...line].length <= 80, `${[...line].length}: ${line}`);
    const html = data['text/html'];
    if (html === undefined) return;
    assert.doesNotMatch(String(html), /<script|\son\w+=|javascript:/i);
    const stripped = String(html)
      .replace(/<(style|svg)\b[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    const first = text.split(/ · |\n|:/)[0]!.replace(/"/g, '&quot;');
    assert.ok(stripped.includes(first) || text.startsWith('['), `${first} in ${stripped.slice(0, 200)}`);
  });
}
