// Charts of evaluations: their figures beside scikit-learn's (fixtures/evaluation.json, written by fixtures/make.py), their forms, bad input.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawSymbol } from '../../src/display/custom.ts';
import { calibration } from '../../src/plot/calibration.ts';
import { embedding } from '../../src/plot/embedding.ts';
import type { Evaluation } from '../../src/plot/evaluation.ts';
import { residuals } from '../../src/plot/residuals.ts';
import { precisionRecall, rocCurve } from '../../src/plot/threshold-curves.ts';
import { worstExamples } from '../../src/plot/worst.ts';

const file = new URL('../../../test/plot/fixtures/evaluation.json', import.meta.url);
const fixtures = JSON.parse(readFileSync(file, 'utf8'));

const tensor = (values: number[], shape = [values.length]) => ({ shape, dataSync: () => Float32Array.from(values) });

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-8): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} for ${expected[i]}`);
}

/** All forms are there, and the text reads in 80 columns. */
async function drawn(chart: Evaluation) {
  const { data, metadata } = await chart[drawSymbol]();
  for (const mime of ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'image/png']) assert.ok(data[mime], mime);
  assert.ok(metadata['image/png']);
  const text = data['text/plain'];
  for (const line of text.split('\n').slice(1)) assert.ok(line.length <= 80, line);
  return { text, svg: String(data['image/svg+xml']) };
}

test('curves of two classes are scikit-learn’s, scores that are equal included', () => {
  for (const wanted of fixtures.binary) {
    const roc = rocCurve(wanted.labels, wanted.scores);
    const curve = roc.curves[0]!;
    near(curve.falsePositiveRate, wanted.falsePositiveRate);
    near(curve.truePositiveRate, wanted.truePositiveRate);
    near([roc.auc], [wanted.auc]);
    const recall = precisionRecall(wanted.labels, wanted.scores);
    near(recall.curves[0]!.precision, wanted.precision);
    near(recall.curves[0]!.recall, wanted.recall);
    near([recall.averagePrecision], [wanted.averagePrecision]);
  }
});

test('curves of several classes are one against the rest, their means scikit-learn’s', () => {
  const { labels, scores, auc, averagePrecision } = fixtures.classes;
  near([rocCurve(labels, scores).auc, precisionRecall(labels, scores).averagePrecision], [auc, averagePrecision]);
  const flat = tensor(scores.flat(), [labels.length, 4]);
  const hot = labels.map((label: number) => [0, 1, 2, 3].map((k) => (k === label ? 1 : 0)));
  near([rocCurve(hot, flat, { names: ['a', 'b', 'c', 'd'] }).auc], [auc], 1e-6);
});

test('labels may be booleans and tensors, scores of two classes in two columns', () => {
  const auc = [
    rocCurve([false, true, true, false], [0.1, 0.9, 0.8, 0.3]),
    rocCurve(tensor([0, 1, 1, 0]), tensor([0.9, 0.1, 0.1, 0.9, 0.2, 0.8, 0.7, 0.3], [4, 2])),
  ].map((chart) => chart.auc);
  assert.deepEqual(auc, [1, 1]);
});

test('a ROC curve and a precision-recall curve are charts with their area, and text', async () => {
  const { labels, scores } = fixtures.classes;
  const roc = await drawn(rocCurve(labels, scores, { names: ['cat', '<b>dog', 'bird', 'fish'], title: 'pets' }));
  assert.match(roc.text, /^pets · mean AUC 0\.\d+ · 80 samples\n/);
  assert.match(roc.text, /\ncat {5}AUC 0\.\d+\n<b>dog {2}AUC/);
  for (const part of ['false positive rate', 'true positive rate', '&lt;b&gt;dog'])
    assert.ok(roc.svg.includes(part), part);
  const one = fixtures.binary[0];
  const recall = await drawn(precisionRecall(one.labels, one.scores));
  assert.match(recall.text, /^AP 0\.\d+ · 60 samples\n/);
});

test('a curve of 100,000 samples is a chart of few points', () => {
  const labels = Array.from({ length: 100_000 }, (_, i) => i % 2);
  const chart = rocCurve(
    labels,
    labels.map((label, i) => label + Math.sin(i) * 2),
  );
  assert.ok(JSON.stringify(chart.spec).length < 50_000);
  assert.ok(chart.curves[0]!.thresholds.length > 50_000);
});

test('labels of one class alone have no area, and are drawn', async () => {
  const { text } = await drawn(rocCurve([1, 1], [0.1, 0.2]));
  assert.match(text, /^AUC NaN · 2 samples/);
  await drawn(rocCurve([], []));
});

test('calibration is scikit-learn’s: of two classes by probability, of several by the surest', async () => {
  const { labels, probabilities, bins, predicted, observed, brier } = fixtures.calibration;
  const chart = calibration(labels, probabilities, { bins });
  near(
    chart.bins.map((bin) => bin.predicted),
    predicted,
  );
  near(
    chart.bins.map((bin) => bin.observed),
    observed,
  );
  near([chart.brier], [brier]);
  const total = chart.bins.reduce((sum, bin) => sum + bin.count, 0);
  assert.equal(total, labels.length);
  assert.match((await drawn(chart)).text, /^calibration error 0\.\d+ · Brier score 0\.\d+ · 60 samples\n/);
  const several = calibration(fixtures.classes.labels, fixtures.classes.scores);
  near([several.brier], [fixtures.classes.brier]);
  assert.match((await drawn(several)).svg, /surest class/);
});

test('the figures of a regression are scikit-learn’s', async () => {
  const { targets, predictions, r2, mae, rmse } = fixtures.regression;
  const chart = residuals(targets, predictions, { title: 'prices' });
  near([chart.r2, chart.mae, chart.rmse], [r2, mae, rmse], 1e-7);
  const { text, svg } = await drawn(chart);
  assert.match(text, /^prices · R² 0\.8\d+ · MAE /);
  for (const part of ['target', 'prediction', 'residual']) assert.ok(svg.includes(part), part);
  assert.deepEqual([residuals([2, 2], [2, 2]).r2, residuals([2, 2], [2, 3]).r2], [1, 0]);
});

test('main components are scikit-learn’s', async () => {
  const { rows, labels, shares, places } = fixtures.components;
  const chart = embedding(rows, { labels, names: ['setosa', 'versicolor', 'virginica'] });
  near(chart.shares!, shares, 1e-7);
  near(chart.points, places.flat(), 1e-4);
  const { text, svg } = await drawn(chart);
  assert.match(text, /^main components · 150 rows\n/);
  assert.match(text, /\na setosa {2}b versicolor {2}c virginica$/);
  assert.ok(svg.includes('component 1 (92.5 % of variance)') && svg.includes('setosa'));
});

test('t-SNE keeps neighbours together', async () => {
  const labels = Array.from({ length: 90 }, (_, i) => i % 3);
  const rows = labels.map((label, i) =>
    [0, 1, 2, 3, 4].map((k) => (k === label ? 8 : 0) + Math.sin(i * 7.1 + k * 3.3)),
  );
  const { points } = embedding(rows, { labels, method: 'tsne' });
  const apart = (a: number, b: number) =>
    Math.hypot(points[2 * a]! - points[2 * b]!, points[2 * a + 1]! - points[2 * b + 1]!);
  const near = labels.filter((label, i) => {
    const others = labels.map((_, j) => j).filter((j) => j !== i);
    return labels[others.reduce((best, j) => (apart(i, j) < apart(i, best) ? j : best))] === label;
  });
  assert.ok(near.length >= 88, `${near.length}`);
});

test('an embedding of many rows shows some of them, of one row or one column that', async () => {
  const many = embedding(Array.from({ length: 5000 }, (_, i) => [i, i % 7, 1]));
  assert.deepEqual([many.rows.length, many.rows.at(-1)], [2000, 4997]);
  assert.match(many.toString(), /2,000 of 5,000 rows/);
  await drawn(embedding([[1, 2]]));
  await drawn(embedding([[1], [2], [4]]));
  await drawn(
    embedding(
      [
        [1, 1],
        [1, 1],
      ],
      { method: 'tsne' },
    ),
  );
});

test('worst examples come worst first, with what each was taken for', async () => {
  const pictures = tensor(
    Array.from({ length: 4 * 16 }, (_, i) => i / 64),
    [4, 4, 4],
  );
  const scores = [
    [0.9, 0.1],
    [0.8, 0.2],
    [0.4, 0.6],
    [0.3, 0.7],
  ];
  const worst = worstExamples(pictures, [0, 1, 0, 1], scores, { count: 3, names: ['no', 'yes'] });
  assert.deepEqual(worst.rows, [1, 2, 3]);
  const { data } = await worst[drawSymbol]();
  assert.equal(
    data['text/plain'],
    '[3 images, 2 of 4 wrong; the worst 3 first]\nyes, not no 80 %  no, not yes 60 %  yes only 70 %',
  );
  assert.ok(data['text/html'] && data['image/png']);
});

test('what does not fit is told', () => {
  const wrong: [() => unknown, string][] = [
    [() => rocCurve([0, 1], [0.1]), 'rocCurve: labels and scores must have one length, got 2 and 1'],
    [() => rocCurve([0, 1], [0.1, NaN]), 'rocCurve: scores must be numbers, got NaN in row 1'],
    [() => rocCurve([0, 2], [0.1, 0.2]), 'rocCurve: a label must be a class from 0 to 1, got 2 in row 1'],
    [() => rocCurve(5 as never, [0.1]), 'rocCurve: labels must be an array, a typed array or a tensor, got number'],
    [
      () => precisionRecall([0], [[1, 2], [3]] as never),
      'precisionRecall: scores must have rows of one length, got 2 and 1',
    ],
    [() => rocCurve([0], tensor([1], [1, 1, 1])), 'rocCurve: scores must be a tensor [n] or [n, m], got [1, 1, 1]'],
    [() => calibration([0], [1.5]), 'calibration: probabilities must be from 0 to 1, got 1.5 in row 0'],
    [() => calibration([0], [0.5], { bins: 0 }), 'calibration: bins must be a whole number from 1 to 1000, got 0'],
    [() => residuals([1], [Infinity]), 'residuals: predictions must be finite numbers, got Infinity in row 0'],
    [() => residuals([1, 2], [1]), 'residuals: targets and predictions must have one length, got 2 and 1'],
    [() => residuals([], []), 'residuals: there must be a value, got none'],
    [() => residuals([[1, 2]] as never, [1]), 'residuals: targets must be one number a row, got rows of 2'],
    [() => embedding([[1, NaN]]), 'embedding: rows must be finite numbers, got NaN in row 0'],
    [() => embedding([[1]], { labels: [1, 2] }), 'embedding: there must be a label for each row, got 2 for 1'],
    [() => embedding([[1]], { method: 'umap' as never }), "embedding: method must be 'pca' or 'tsne', got 'umap'"],
    [
      () => worstExamples(tensor([1], [1, 1, 1]), [0, 0], [0, 1]),
      'worstExamples: there must be an image for each label, got 1 for 2',
    ],
  ];
  for (const [act, message] of wrong) assert.throws(act, { message });
});
