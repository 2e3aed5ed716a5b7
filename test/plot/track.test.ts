import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { endOpen } from '../../src/display/open.ts';
import { runs } from '../../src/plot/runs.ts';
import { training } from '../../src/tensor/control.ts';
import { live } from '../display/live.ts';

beforeEach(() => runs.clear());

const scalar = (value: number) => ({ dataSync: () => Float32Array.of(value) });

test('a loop of epochs and steps is one display, which ends with the last epoch as a picture', () => {
  const run = training.track({ name: 'mine', epochs: 2, steps: 3, batchSize: 10, optimizer: { learningRate: 0.5 } });
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let step = 0; step < 3; step++) run.step({ loss: 4 - epoch - step, acc: scalar(0.25) });
    run.epoch({ val_loss: scalar(epoch + 0.5) });
  }
  assert.deepEqual(
    live.outputs.map(({ type }) => type),
    ['display', 'update_display'],
  );
  assert.match(live.last()['text/plain']!, /^mine · 2 epochs in [\d.]+ s/);
  assert.ok(live.last()['image/svg+xml']!.includes('learning rate 0.5') && live.last()['image/png']);
  const { loss, val_loss } = runs.last!.history;
  assert.deepEqual(
    [loss, val_loss],
    [
      [3, 2],
      [0.5, 1.5],
    ],
  );
  assert.equal(run.run, runs.last);
});

test('a loop of steps alone ends with the last one; one of unknown length at the cell’s end', () => {
  const known = training.track({ steps: 5 });
  for (let i = 0; i < 5; i++) known.step({ loss: 1 / (i + 1) });
  assert.match(live.last()['text/plain']!, /^5 steps in /);
  const open = training.track();
  for (let i = 0; i < 5; i++) open.step({ loss: 1 / (i + 1) });
  assert.equal(runs.last!.status, 'running');
  endOpen({ status: 'ok' });
  assert.equal(runs.last!.status, 'done');
  assert.match(live.last()['text/plain']!, /^5 steps in /);
  assert.match(live.last()['image/svg+xml']!, />step</);
});

test('an error or an interrupt of the cell ends it, and is told', () => {
  const endings = [
    [{ status: 'error', message: 'Error: no more' }, /failed after 3 epochs, [\d.]+ s: Error: no more/],
    [{ status: 'interrupted' }, /interrupted after 3 epochs/],
  ] as const;
  for (const [ending, expected] of endings) {
    const run = training.track();
    for (let epoch = 0; epoch < 3; epoch++) run.epoch({ loss: epoch });
    endOpen(ending);
    assert.match(live.last()['text/plain']!, expected);
    assert.match(live.last()['image/svg+xml']!, />epoch</);
  }
});

test('another cell’s end does not end it, and one that goes on after its own is shown again', () => {
  const run = training.track({ epochs: 9 });
  run.epoch({ loss: 1 });
  live.cell++;
  endOpen({ status: 'ok' });
  assert.equal(run.run.status, 'running');
  live.cell--;
  endOpen({ status: 'ok' });
  assert.equal(run.run.status, 'done');
  run.epoch({ loss: 0.5 });
  assert.equal(run.run.status, 'running');
  run.end();
  assert.match(live.last()['text/plain']!, /^2 of 9 epochs in/);
});

test('tensors are read a few times a second, not at every step', () => {
  let read = 0;
  const loss = { dataSync: () => [++read] };
  const run = training.track();
  for (let i = 0; i < 1000; i++) run.step({ loss });
  assert.ok(read >= 1 && read < 100, `${read}`);
  run.end();
});

test('a loop can be kept without being shown', () => {
  using run = training.track({ show: false, name: 'quiet' });
  run.step({ loss: 1 });
  assert.deepEqual(live.outputs, []);
  assert.equal(runs.last!.name, 'quiet');
});

test('options and values that can’t be meant are told, names are escaped', () => {
  const wrong: [unknown, string][] = [
    [null, 'training.track: options must be an object, got null'],
    [{ epochs: 0 }, 'training.track: epochs must be a whole number from 1 on, got 0'],
    [{ steps: 1.5 }, 'training.track: steps must be a whole number from 1 on, got 1.5'],
    [{ name: 5 }, 'training.track: name must be a string, got number'],
    [{ optimizer: 'adam' }, 'training.track: optimizer must be an optimizer, got string'],
  ];
  for (const [options, message] of wrong) assert.throws(() => training.track(options as never), { message });
  const run = training.track({ name: '<img src=x onerror=alert(1)>' });
  assert.throws(() => run.step({ loss: 'low' as never }), {
    name: 'TypeError',
    message: 'training.track: loss must be a number or a tensor of one value, got string',
  });
  for (let i = 0; i < 2; i++) run.step({ '<b>': 1, loss: Number.NaN });
  assert.match(live.last()['text/html']!, /&lt;img src/);
  run.end();
  const { 'image/svg+xml': svg } = live.last();
  assert.ok(svg!.includes('&lt;b&gt;') && !svg!.includes('<img'));
  assert.match(live.last()['text/plain']!, /the loss is NaN since step 1/);
});

test('a learning rate that throws is told once, and the loop goes on', (t) => {
  const warn = t.mock.method(console, 'warn', () => undefined);
  const run = training.track({
    learningRate: () => {
      throw new Error('no rate');
    },
  });
  for (let i = 0; i < 3; i++) run.epoch({ loss: 1 });
  run.end();
  assert.equal(warn.mock.callCount(), 1);
});
