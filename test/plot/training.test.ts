import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { smoothed } from '../../src/plot/curve.ts';
import type { Logs, TrainingEnd, TrainingInfo } from '../../src/plot/monitor.ts';
import { trainingMonitors } from '../../src/plot/training.ts';
import { sparkline } from '../../src/plot/training-text.ts';
import { decodePng } from '../display/pixels.ts';

interface Run {
  readonly info?: Partial<TrainingInfo>;
  readonly epochs?: number;
  readonly steps?: number;
  /** Values after `x` epochs. */
  readonly logs?: (x: number) => Logs;
  readonly epochLogs?: (x: number) => Logs;
  /** Steps after which nothing more is heard. */
  readonly until?: number;
  /** Time of a step; default 10 ms. */
  readonly stepMs?: number;
  readonly end?: TrainingEnd;
}

/** Runs a training on a clock of its own and gives every display that was shown, in order. */
function train({
  info = {},
  epochs = 3,
  steps = 100,
  logs = (x) => ({ loss: 1 / (1 + x) }),
  epochLogs = logs,
  until = Infinity,
  stepMs = 10,
  end,
}: Run) {
  const shown: Display[] = [];
  let time = 0;
  let places = 0;
  const create = trainingMonitors(
    (display) => {
      places++;
      shown.push(display);
      const update = (next: Display) => void shown.push(next);
      return { update, end: update };
    },
    () => time,
  );
  const monitor = create();
  const facts = () => ({ learningRate: 0.01, tensors: 52, bytes: 34e6 });
  monitor.begin({ title: 'net', epochs, stepsPerEpoch: steps, batchSize: 32, facts, ...info });
  const wait = (ms: number) => {
    time += ms;
  };
  let done = 0;
  for (let epoch = 0; epoch < epochs && done < until; epoch++) {
    for (let step = 1; step <= steps && done < until; step++, done++) {
      time += stepMs;
      monitor.batch(step, logs(epoch + step / steps));
    }
    if (done < until) monitor.epoch(epoch + (info.initialEpoch ?? 0), epochLogs(epoch + 1));
  }
  if (end) monitor.end(end);
  return { shown, last: shown.at(-1)!, places, time, monitor, wait };
}

const text = ({ last }: { last: Display }) => last.data['text/plain'];
const svg = ({ last }: { last: Display }) => String(last.data['image/svg+xml']);

test('a training is one display, redrawn at most about seven times a second', () => {
  const { shown, places, time } = train({ end: { status: 'done' } });
  assert.equal(places, 1);
  const seconds = time / 1000;
  assert.ok(shown.length >= 5 * seconds && shown.length <= 8 * seconds, `${shown.length} displays in ${seconds} s`);
});

test('a running training says where it is, how fast and how long still', () => {
  const { last } = train({ until: 150, epochs: 3 });
  assert.match(last.data['text/plain'], /^epoch 2\/3 ━{10}╺─{9} 50 % · loss 0\.44\d\d · 1\.5 s left █[▁-█]{10}▁$/);
  const html = String(last.data['text/html']);
  assert.match(html, /^<div[^>]*><div><b>net<\/b> · epoch 2\/3 · step 50\/100 · 1\.5 s left<\/div>/);
  for (const part of ['loss <b>0.44', '>3,200 samples/s · learning rate 0.01 · 34 MB in 52 tensors<'])
    assert.ok(html.includes(part), part);
  assert.match(html, /width:50%/);
  assert.match(html, /<svg[^>]* fill="currentColor"/);
  assert.doesNotMatch(html, /<style|class=|<script/);
});

test('the line of a running training stays within 80 columns and keeps the time left', () => {
  const names = Array.from({ length: 12 }, (_, i) => `a_rather_long_metric_${i}`);
  const logs = () => Object.fromEntries(['loss', ...names].map((name) => [name, 0.123456]));
  const line = text(train({ until: 250, logs }));
  assert.ok(line.length <= 80, line);
  assert.match(line, /loss 0\.1235 .* s left/);
});

test('a training that has ended is a picture for every client, and its course as text', () => {
  const epochLogs = (x: number) => ({ loss: 1 / x, acc: 1 - 0.5 / x, val_loss: 1.5 / x, val_acc: 1 - 0.6 / x });
  const run = train({ epochLogs, end: { status: 'done' } });
  assert.deepEqual(Object.keys(run.last.data), ['text/plain', 'image/svg+xml', 'image/png']);
  assert.equal(
    text(run),
    [
      'net · 3 epochs in 3 s · 3,200 samples/s',
      '     loss   ⠤⠤ training  ○ validation         acc   ⠤⠤ training  ○ validation',
      '1.5 ┤           ○                          1 ┤',
      '    │                                        │',
      '  1 ┤⣀                                   0.8 ┤                           ⣀⣀⡠⠤⠤⠔○',
      '    │ ⠑⠦⣄                                    │                    ⢀⡠⠔⠒⠉⠉⠉',
      '    │    ⠉⠒⠦⢤⣀⡀            ○                 │                 ⣀⠤⠊⠁ ○',
      '0.5 ┤         ⠉⠉⠒⠒⠦⠤⠤⣄⣀⣀⣀             ○  0.6 ┤             ⢀⡠⠒⠉',
      '    │                   ⠈⠉⠉⠉⠉⠙⠒⠒⠒⠒⠒⠒⠤⠤⠤      │           ⠔⠊⠁',
      '  0 ┤                                    0.4 ┤           ○',
      '    └──────────────────────────────────      └──────────────────────────────────',
      '     0             epoch              3       0             epoch              3',
      'loss      1 → 0.3333',
      'val_loss  1.5 → 0.5',
      'acc       0.5 → 0.8333',
      'val_acc   0.4 → 0.8',
    ].join('\n'),
  );
  for (const part of [
    'net · 3 epochs in 3 s',
    '>loss<',
    '>acc<',
    '>training<',
    '>validation<',
    '>epoch<',
    'loss 0.3333 · val_loss 0.5',
  ])
    assert.ok(svg(run).includes(part), part);
  const picture = decodePng(Buffer.from(String(run.last.data['image/png']), 'base64'));
  assert.deepEqual(run.last.metadata['image/png'], { width: picture.width / 2, height: picture.height / 2 });
  let blue = 0;
  for (let y = 0; y < picture.height; y += 2)
    for (let x = 0; x < picture.width; x += 2) {
      const [r, g, b] = picture.at(x, y);
      if (b > 180 && r < 90 && g > 100) blue++;
    }
  assert.ok(blue > 100, `the training's line is there: ${blue}`);
});

test('each ending says how it was', () => {
  const endings: [TrainingEnd, RegExp][] = [
    [{ status: 'interrupted' }, /^net · interrupted after 1 of 3 epochs, 1\.5 s · 3,200 samples\/s\n/],
    [
      { status: 'stopped', message: 'val_loss got no better' },
      /^net · stopped early after 1 of 3 epochs, 1\.5 s: val_loss got no better/,
    ],
    [{ status: 'error', message: 'x <0>' }, /^net · failed after 1 of 3 epochs, 1\.5 s: x <0>/],
  ];
  for (const [end, expected] of endings) assert.match(text(train({ until: 150, end })), expected);
  assert.ok(svg(train({ until: 150, end: { status: 'error', message: 'x <0>' } })).includes('x &lt;0&gt;'));
});

test('a loss that is no number is told at once, with its place, and leaves a gap', () => {
  const logs = (x: number) => ({ loss: x > 1.3 ? NaN : 1 });
  assert.match(text(train({ logs, until: 150 })), /the loss is NaN since epoch 2, step 31/);
  const run = train({ logs, end: { status: 'done' } });
  assert.match(text(run), /the loss is NaN since epoch 2, step 31/);
  assert.doesNotMatch(svg(run), /NaN[^<]*"|Infinity/);
});

test('a training ends once', () => {
  const { shown, monitor } = train({ until: 150, end: { status: 'interrupted' } });
  const count = shown.length;
  monitor.end({ status: 'done' });
  assert.equal(shown.length, count);
});

test('a training of unknown length is drawn, and known after its first epoch', () => {
  const early = train({ info: { stepsPerEpoch: undefined as never, batchSize: undefined as never }, until: 50 });
  assert.match(String(early.last.data['text/html']), /epoch 1\/3 · step \d+<.*>100 steps\/s · learning rate/);
  assert.match(text(early), /^epoch 1\/3 .* 0 %/);
  assert.match(text(train({ info: { stepsPerEpoch: undefined as never }, until: 150 })), /^epoch 2\/3 .* 50 %/);
});

test('a run that goes on counts its epochs from where it began', () => {
  const run = { info: { epochs: 8, initialEpoch: 5 }, epochs: 3 };
  assert.match(text(train({ ...run, until: 150 })), /^epoch 7\/8 .* 50 %/);
  const ended = train({ ...run, end: { status: 'done' } });
  assert.match(text(ended), /^net · 3 epochs in 3 s/);
  assert.ok(svg(ended).includes('epochs after 5'));
});

test('a training that ends before its first step is text alone; one step is a picture', () => {
  assert.deepEqual(Object.keys(train({ until: 0, end: { status: 'interrupted' } }).last.data), ['text/plain']);
  assert.ok(svg(train({ until: 2, end: { status: 'interrupted' } })).includes('>loss<'));
});

test('a phase without steps is named, until the next step', () => {
  const { shown, monitor, wait } = train({ until: 150 });
  wait(1000);
  monitor.phase?.('validating');
  assert.match(shown.at(-1)!.data['text/plain'], /50 % · validating · loss/);
  assert.match(String(shown.at(-1)!.data['text/html']), /epoch 2\/3 · validating · /);
  wait(1000);
  monitor.batch(51, { loss: 1 });
  assert.doesNotMatch(shown.at(-1)!.data['text/plain'], /validating/);
});

test('values within an epoch are means over it, for single steps are noise', () => {
  const logs = (x: number) => ({ loss: Math.round(x * 100) % 2 });
  assert.match(text(train({ until: 150, logs })), /loss 0\.5 /);
});

test('a million steps are drawn within bounds', () => {
  const run = train({ epochs: 2, steps: 500_000, stepMs: 0.01, end: { status: 'done' } });
  assert.ok(svg(run).length < 40_000, `${svg(run).length}`);
});

test('a curve is averaged with its neighbours, its ends in place', () => {
  assert.deepEqual(smoothed([1, 2, 3]), [1, 2, 3]);
  const noisy = Array.from({ length: 400 }, (_, i) => i + (i % 2 === 0 ? 50 : -50));
  const smooth = smoothed(noisy);
  assert.equal(smooth[0], 50);
  assert.ok(smooth.slice(20, -20).every((value, i) => Math.abs(value - (i + 20)) < 6));
});

test('a sparkline has a bar for each part, a blank where there is no number', () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([0, 0, 7, 7], 2), '▁█');
  assert.equal(sparkline([1, 1], 5), '▄▄');
  assert.equal(sparkline([0, NaN, 7], 3), '▁ █');
  assert.equal(sparkline([], 5), '');
});
