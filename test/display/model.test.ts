import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawModel } from '../../src/display/model.ts';
import type { LayerRow, ModelFacts } from '../../src/display/tensor-types.ts';

const layers: LayerRow[] = [
  { name: 'flatten', type: 'Flatten', outputShape: [null, 784], parameters: 0, trainableParameters: 0 },
  { name: 'dense', type: 'Dense', outputShape: [null, 128], parameters: 100_480, trainableParameters: 0 },
  {
    name: 'out<1>',
    type: 'Dense',
    outputShape: [
      [null, 10],
      [null, 2],
    ],
    parameters: 1290,
    trainableParameters: 1290,
  },
];
const model: ModelFacts = {
  name: 'net',
  type: 'Sequential',
  layers,
  parameters: 101_770,
  trainableParameters: 1290,
  bytes: 407_080,
  optimizer: 'Adam',
  loss: 'sparseCategoricalCrossentropy',
};

test('a model is a table of its layers with the totals over it', () => {
  const { data } = drawModel(model);
  assert.equal(
    data['text/plain'],
    [
      'Sequential "net" · 101,770 parameters (407 kB) · 1,290 trainable, 100,480 not',
      '  Adam · sparseCategoricalCrossentropy',
      '─'.repeat(67),
      'layer    type     output           parameters  mult-adds  trainable',
      '─'.repeat(67),
      'flatten  Flatten  [?, 784]                  0          ?',
      'dense    Dense    [?, 128]            100,480          ?  no',
      'out<1>   Dense    [?, 10], [?, 2]       1,290          ?  yes',
      '─'.repeat(67),
    ].join('\n'),
  );
  assert.match(String(data['text/html']), /<td style="text-align:left;white-space:nowrap">out&lt;1&gt;<\/td>/);
  assert.match(String(data['text/html']), /<td style="text-align:right;white-space:nowrap">100,480<\/td>/);
});

test('a model that is no chain names the inputs of its layers; a deep one shows its ends', () => {
  const deep = Array.from({ length: 500 }, (_, i) => ({
    ...layers[1]!,
    name: `dense${i}`,
    inputs: i > 0 ? [`dense${i - 1}`] : [],
  }));
  const text = drawModel({ ...model, layers: deep }).data['text/plain'];
  assert.match(text, /trainable {2}inputs\n/);
  assert.match(text, /dense49 .* dense48\n⋮\ndense450 .* dense449\n/);
  assert.equal(text.split('\n').length, 107);
});

test('a layer that is trained in part says how much', () => {
  const layer = { ...layers[1]!, trainableParameters: 1000 };
  assert.match(drawModel({ ...model, layers: [layer] }).data['text/plain'], /100,480 +\? {2}1,000 of them/);
});
