// The displays of trainings as they have been looked at: texts, HTML and SVG, kept in golden/. `GOLDEN=write` writes them anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { drawSymbol } from '../../src/display/custom.ts';
import type { TrainingEnd } from '../../src/plot/monitor.ts';
import { runs } from '../../src/plot/runs.ts';
import { trainingMonitors } from '../../src/plot/training.ts';

beforeEach(() => runs.clear());

/** A training of ten steps an epoch on a clock of its own, its rate falling; NaN from epoch `broken` on. */
function train(name: string, epochs: number, broken = Infinity, end?: TrainingEnd): Display {
  let time = 0;
  let rate = 0.01;
  let last: Display | undefined;
  const take = (display: Display) => {
    last = display;
  };
  const monitor = trainingMonitors(
    (display) => {
      take(display);
      return { update: take, end: take };
    },
    () => time,
  )();
  const facts = () => ({ learningRate: rate, tensors: 12, bytes: 3_400_000 });
  monitor.begin({ title: 'net', name, epochs: 8, stepsPerEpoch: 10, batchSize: 32, facts });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const loss = (x: number) => (epoch >= broken ? Number.NaN : 2 / (1 + x));
    for (let step = 1; step <= 10; step++) {
      time += 40;
      monitor.batch(step, { loss: loss(epoch + step / 10), acc: 1 - loss(epoch + step / 10) / 3 });
    }
    rate *= 0.8;
    const value = loss(epoch + 1);
    monitor.epoch(epoch, {
      loss: value,
      acc: 1 - value / 3,
      val_loss: value + 0.03 * epoch ** 1.5,
      val_acc: 0.9 - value / 3,
    });
  }
  if (end) monitor.end(end);
  return last!;
}

function same(name: string, { data }: Display): void {
  const { 'image/png': png, ...forms } = data;
  assert.equal(typeof png, 'image/svg+xml' in data ? 'string' : 'undefined');
  const all = Object.entries(forms)
    .map(([mime, content]) => `== ${mime}\n${String(content).replaceAll('><', '>\n<')}\n`)
    .join('');
  const file = new URL(`../../../test/plot/golden/${name}.txt`, import.meta.url);
  if (process.env.GOLDEN === 'write') writeFileSync(file, all);
  assert.equal(all, readFileSync(file, 'utf8'));
}

test('a running training looks as it did', () => same('running', train('a', 5)));

test('a training that went well looks as it did', () => same('done', train('a', 8, Infinity, { status: 'done' })));

test('a training that was stopped early looks as it did', () => {
  same('stopped', train('a', 6, Infinity, { status: 'stopped', message: 'val_loss got no better than 0.5' }));
});

test('a training whose loss became no number looks as it did', () => {
  same('broken', train('a', 5, 4, { status: 'error', message: 'fit: the loss became NaN at step 41' }));
});

test('runs compared look as they did', async () => {
  train('small', 8, Infinity, { status: 'done' });
  train('<b>large', 4, Infinity, { status: 'interrupted' });
  same('compared', await runs.compare()[drawSymbol]());
});
