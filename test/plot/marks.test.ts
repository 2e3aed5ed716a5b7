// Kinds of charts beyond lines, bars and points, and the colours they share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { drawSymbol } from '../../src/display/custom.ts';
import type { Chart } from '../../src/plot/chart.ts';
import { alarmColor, quietColor, seriesColors } from '../../src/plot/colors.ts';
import { plot } from '../../src/plot/plot.ts';

const rows = Array.from({ length: 60 }, (_, i) => ({
  day: i % 12,
  kind: `k${i % 3}`,
  amount: ((i * 37) % 23) + 1,
}));

function svgOf(chart: Chart): string {
  const { data } = chart[drawSymbol]() as Display;
  assert.doesNotMatch(data['text/plain'], /\n\(/, 'no warning');
  return String(data['image/svg+xml']);
}

const marks = (svg: string, mark: string) => svg.split(`class="mark-${mark}`).length - 1;

test('an area is filled for each colour', () => {
  const sums = rows.slice(0, 36);
  const svg = svgOf(plot(sums).area({ x: 'day', y: 'amount', color: 'kind' }));
  assert.ok(marks(svg, 'area') >= 1);
  for (const color of seriesColors.slice(0, 3)) assert.ok(svg.includes(color), color);
});

test('a box has a median and whiskers for each name', () => {
  const svg = svgOf(plot(rows).box({ x: 'kind', y: 'amount' }));
  for (const name of ['k0', 'k1', 'k2']) assert.ok(svg.includes(`>${name}<`), name);
  assert.ok(marks(svg, 'rule') >= 1 && marks(svg, 'rect') >= 2);
});

test('a heat map has a rectangle for each pair that is there', () => {
  const svg = svgOf(plot(rows).heatmap({ x: 'day', y: 'kind', value: 'amount' }));
  const pairs = new Set(rows.map(({ day, kind }) => `${day} ${kind}`)).size;
  assert.equal(svg.split('aria-roledescription="rect mark"').length - 1, pairs);
});

test('words and lines across are drawn over a chart, in its frame', () => {
  const points = plot(rows).point({ x: 'day', y: 'amount', title: 'Layers' });
  const words = plot([{ day: 3, amount: 20, word: 'here' }]).text({ x: 'day', y: 'amount', value: 'word' });
  const chart = points.with(plot([{ amount: 12 }]).rule({ y: 'amount' }), words);
  const svg = svgOf(chart);
  for (const word of ['Layers', 'here']) assert.ok(svg.includes(`>${word}<`), word);
  assert.ok(marks(svg, 'rule') >= 1);
  assert.equal((chart.spec.layer as unknown[]).length, 3);
  assert.deepEqual([points.spec.title, chart.spec.title, chart.spec.width], ['Layers', 'Layers', 360]);
});

test('a rule without a column, or with two, is refused', () => {
  for (const columns of [{}, { x: 'day', y: 'amount' }])
    assert.throws(() => plot(rows).rule(columns), { name: 'TypeError', message: /rule must be given x .* or y/ });
});

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** WCAG 2's contrast of two colours, 1…21. */
function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((hex) => {
    const [r, g, blue] = channels(hex).map(linear) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  }) as [number, number];
  return Math.max(x, y) / Math.min(x, y);
}

test('each colour of a chart has a contrast of 3 : 1 and more to a white and to a dark page', () => {
  for (const color of [...seriesColors, alarmColor, quietColor])
    for (const page of ['#ffffff', '#111111']) {
      const got = contrast(color, page);
      assert.ok(got >= 3, `${color} on ${page}: ${got.toFixed(2)}`);
    }
});
