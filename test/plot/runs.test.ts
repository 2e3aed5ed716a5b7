import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { drawSymbol } from '../../src/display/custom.ts';
import { runs } from '../../src/plot/runs.ts';
import { trainingMonitors } from '../../src/plot/training.ts';

let time = 0;
const shown: string[] = [];
const monitors = trainingMonitors(
  ({ data }) => {
    shown.push(data['text/plain']);
    const update = (next: { data: { 'text/plain': string } }) => void shown.push(next.data['text/plain']);
    return { update, end: update };
  },
  () => time,
);

beforeEach(() => {
  runs.clear();
  shown.length = 0;
  time = 0;
});

/** A training of two steps an epoch, its loss `first`, `first / 2`, … */
function train(name: string, first: number, epochs = 4, visible = false) {
  const monitor = monitors(visible);
  monitor.begin({ name, title: name, epochs, stepsPerEpoch: 2 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let step = 1; step <= 2; step++) {
      time += 100;
      monitor.batch(step, { loss: first / (epoch + 1) });
    }
    monitor.epoch(epoch, { loss: first / (epoch + 1), val_loss: (2 * first) / (epoch + 1) });
  }
  return monitor;
}

test('a training that is not shown is kept: its history as data, by name and number', () => {
  train('small', 1).end({ status: 'done' });
  assert.deepEqual(shown, []);
  const run = runs.last!;
  assert.deepEqual(run.history, { loss: [1, 1 / 2, 1 / 3, 1 / 4], val_loss: [2, 1, 2 / 3, 1 / 2] });
  assert.deepEqual([run.status, run.seconds, run.name], ['done', 0.8, 'small']);
  assert.equal(runs.get('small'), run);
  assert.equal(runs.get(run.number), run);
  assert.deepEqual(run.rows()[1], { run: 'small', epoch: 2, seconds: 0.4, loss: 0.5, val_loss: 1 });
  assert.equal(run.steps.loss!.x.length, 8);
  assert.equal(inspect(run), 'Run "small": small · 4 epochs in 0.8 s · 10 steps/s');
});

test('names are told apart, and may be set', () => {
  for (let i = 0; i < 3; i++) train('same', 1);
  assert.deepEqual(
    runs.all().map(({ name }) => name),
    ['same', 'same (2)', 'same (3)'],
  );
  runs.last!.name = 'other';
  assert.equal(runs.get('other'), runs.last);
  assert.throws(() => runs.get('lost'), {
    name: 'RangeError',
    message: 'runs.get: there is no run "lost", there are "same", "same (2)", "other"',
  });
});

test('a run that goes on can be shown once more, and is followed to its end', () => {
  const monitor = train('long', 1, 2);
  runs.last!.show();
  assert.match(shown.at(-1)!, /^epoch 2\/2/);
  monitor.end({ status: 'interrupted' });
  assert.match(shown.at(-1)!, /^long · interrupted after 2 of 2 epochs/);
  const ended = shown.length;
  runs.last!.show();
  assert.match(shown.at(-1)!, /^long · interrupted/);
  assert.equal(shown.length, ended + 2);
});

test('runs in one chart: a colour, a letter and a line of a table for each', async () => {
  train('small', 1).end({ status: 'done' });
  train('large', 2).end({ status: 'error', message: 'no memory' });
  const { data, metadata } = await runs.compare()[drawSymbol]();
  const lines = data['text/plain'].split('\n');
  assert.deepEqual(lines.slice(-3), [
    'run       loss    val_loss',
    'a  small  0.25 *       0.5 *  4 epochs, 0.8 s',
    'b  large   0.5           1    4 epochs, 0.8 s, failed',
  ]);
  assert.deepEqual([lines.length, lines[0]], [14, '   loss']);
  assert.ok(lines.every((line) => line.length <= 80));
  const svg = String(data['image/svg+xml']);
  for (const part of [
    '>small<',
    '>large<',
    '>loss<',
    'epoch (validation dashed)',
    '<title>large, val_loss, epoch 4: 1</title>',
  ])
    assert.ok(svg.includes(part), part);
  assert.ok(data['image/png'] && metadata['image/png']);
});

test('runs are compared over time too, and by the values that are asked for', async () => {
  train('small', 1).end({ status: 'done' });
  const { data } = await runs.compare({ by: 'time', metrics: ['loss'], runs: ['small'] })[drawSymbol]();
  assert.match(String(data['image/svg+xml']), /seconds/);
  assert.equal(runs.compare().rows().length, 4);
});

test('a comparison of nothing, and of what is not there, is told', () => {
  assert.throws(() => runs.compare(), { name: 'RangeError', message: 'runs.compare: there must be a run, got none' });
  train('small', 1);
  assert.throws(() => runs.compare({ metrics: ['acc'] }), {
    message: 'runs.compare: no run has a value "acc", there are loss',
  });
  assert.throws(() => runs.compare({ by: 'step' as never }), {
    message: "runs.compare: by must be 'epoch' or 'time', got 'step'",
  });
});
