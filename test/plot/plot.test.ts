import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSymbol } from '../../src/display/custom.ts';
import { seriesColors } from '../../src/plot/colors.ts';
import { confusionMatrix } from '../../src/plot/confusion.ts';
import { plot } from '../../src/plot/plot.ts';

const records = [
  { epoch: 1, loss: 0.5, run: 'a', 'v.x[0]': new Date(0) },
  { epoch: 2, loss: NaN, run: 'b', 'v.x[0]': new Date(1) },
];
const tensor = (values: number[], shape = [values.length]) => ({ shape, dataSync: () => Float32Array.from(values) });

test('records and columns, tensors included, are the same rows', () => {
  const { spec } = plot(records).line({ x: 'epoch', y: 'loss' });
  assert.deepEqual((spec.data as { values: unknown }).values, [
    { epoch: 1, loss: 0.5, run: 'a', 'v.x[0]': '1970-01-01T00:00:00.000Z' },
    { epoch: 2, loss: null, run: 'b', 'v.x[0]': '1970-01-01T00:00:00.001Z' },
  ]);
  const columns = plot({ x: tensor([1, 2]), y: Int32Array.of(3, 4), z: [5n, true] }).point({ x: 'x', y: 'y' });
  assert.deepEqual((columns.spec.data as { values: unknown }).values, [
    { x: 1, y: 3, z: 5 },
    { x: 2, y: 4, z: true },
  ]);
  const numbers = plot([3, 1] as never).line({ x: 'index', y: 'value' });
  assert.deepEqual((numbers.spec.data as { values: unknown }).values, [
    { index: 0, value: 3 },
    { index: 1, value: 1 },
  ]);
});

test('a line, points, bars and a histogram are Vega-Lite with fields typed by their values', () => {
  const line = plot(records).line({ x: 'v.x[0]', y: 'loss', color: 'run', title: 'T', width: 100 }).spec;
  assert.deepEqual(line.encoding, {
    x: { field: 'v\\.x\\[0\\]', title: 'v.x[0]', type: 'temporal' },
    y: { field: 'loss', title: 'loss', type: 'quantitative' },
    color: { field: 'run', title: 'run', type: 'nominal', scale: { range: seriesColors } },
  });
  assert.deepEqual([line.title, line.width, line.height], ['T', 100, 240]);
  const bar = plot(records).bar({ x: 'epoch', y: 'loss' }).spec.encoding as { x: object };
  assert.deepEqual(bar.x, { field: 'epoch', title: 'epoch', type: 'ordinal', sort: null, axis: { labelAngle: 0 } });
  const histogram = plot(records).histogram({ x: 'loss', bins: 5 }).spec.encoding as { x: { bin: unknown }; y: object };
  assert.deepEqual([histogram.x.bin, histogram.y], [{ maxbins: 5 }, { aggregate: 'count', type: 'quantitative' }]);
});

test('each kind of chart is drawn', async () => {
  const table = plot(records);
  const charts = [
    table.line({ x: 'epoch', y: 'loss', color: 'run' }),
    table.bar({ x: 'run', y: 'loss' }),
    table.point({ x: 'v.x[0]', y: 'loss' }),
    table.histogram({ x: 'epoch', color: 'run' }),
    plot([]).line({ x: 'x', y: 'y' }),
  ];
  for (const chart of charts) assert.ok((await chart[drawSymbol]()).data['image/png']);
});

test('what is no table, and a column that is not there, is told', () => {
  const wrong: [() => unknown, string, string][] = [
    [() => plot(5 as never), 'TypeError', 'plot: data must be an array of records or an object of columns, got number'],
    [() => plot([null] as never), 'TypeError', 'plot: row 0 must be an object, got null'],
    [
      () => plot({ x: 5 } as never),
      'TypeError',
      'plot: column "x" must be an array, a typed array or a tensor, got number',
    ],
    [() => plot({ x: [1], y: [1, 2] }), 'RangeError', 'plot: columns must have one length, got 1 ("x") and 2 ("y")'],
    [
      () => plot(records).line({ x: 'epoch', y: 'lose' }),
      'RangeError',
      'plot: there is no column "lose", the columns are epoch, loss, run, v.x[0]',
    ],
  ];
  for (const [act, name, message] of wrong) assert.throws(act, { name, message });
});

test('a confusion matrix counts labels against predictions', () => {
  const matrix = confusionMatrix([0, 0, 1, 2, 2], [0, 1, 1, 2, 0]);
  assert.deepEqual(matrix.counts, [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  assert.equal(matrix.accuracy, 0.6);
  assert.equal(
    matrix.toString(),
    ['60 % of 5 right', 'label │ 0 1 2   ← prediction', '0     │ 1 1 ·', '1     │ · 1 ·', '2     │ 1 · 1'].join('\n'),
  );
});

test('a confusion matrix takes tensors: labels, and scores whose greatest counts', () => {
  const scores = tensor([0.1, 0.9, 0.8, 0.2, 0.3, 0.7], [3, 2]);
  assert.deepEqual(confusionMatrix(tensor([1, 1, 1]), scores, { names: ['no', 'yes'] }).counts, [
    [0, 0],
    [1, 2],
  ]);
});

test('a confusion matrix is a chart with its counts and names', async () => {
  const { data } = await confusionMatrix([0, 1, 1], [0, 1, 0], { names: ['cat & dog', 'bird'], title: 'pets' })[
    drawSymbol
  ]();
  const svg = String(data['image/svg+xml']);
  for (const text of ['pets', 'cat &amp; dog', 'bird', 'prediction', 'label', '>1<'])
    assert.ok(svg.includes(text), text);
  assert.ok(data['image/png'] && data['application/vnd.vegalite.v5+json']);
  assert.match(data['text/plain'], /^pets\nlabel {4}/);
});

test('a confusion matrix of no samples, and of many classes, is drawn', async () => {
  assert.ok((await confusionMatrix([], [])[drawSymbol]()).data['text/plain']);
  const many = Array.from({ length: 300 }, (_, i) => i % 100);
  assert.ok((await confusionMatrix(many, many)[drawSymbol]()).data['image/png']);
});

test('labels and predictions that do not fit are told', () => {
  const wrong: [unknown, unknown, string][] = [
    [[0, 1], [0], 'confusionMatrix: labels and predictions must have one length, got 2 and 1'],
    [[0.5], [0], 'confusionMatrix: a class must be a whole number from 0 to 1000, got 0.5'],
    [[0], [-1], 'confusionMatrix: a class must be a whole number from 0 to 1000, got -1'],
    [5, [0], 'confusionMatrix: labels must be an array, a typed array or a tensor, got number'],
  ];
  for (const [labels, predictions, message] of wrong)
    assert.throws(() => confusionMatrix(labels as never, predictions as never), { message });
});
