// The arithmetic of the comparison; what it measures is for `npm run bench`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from '../../bench/measures.ts';
import { treeMemory } from '../../bench/memory.ts';
import { formatFigure, formatTable } from '../../bench/table.ts';

test('a figure has three digits that count, and what is no number is a dash', () => {
  const shown = [0.00412, 0.0812, 0.812, 8.125, 81.25, 812.5, 20000, Number.NaN].map(formatFigure);
  assert.deepEqual(shown, ['0.0041', '0.0812', '0.812', '8.13', '81.3', '813', '20000', '–']);
});

test('a quantile is a value that was measured, whatever their order', () => {
  assert.equal(quantile([5, 1, 3], 0.5), 3);
  assert.equal(quantile([4, 2, 1, 3], 0.99), 4);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('the table puts ratios beside both figures, and dashes where there is nobody to compare with', () => {
  const table = formatTable([
    { name: 'start, ms', ours: 100, theirs: 400, peer: 'other' },
    { name: 'alone, ms', ours: 2 },
  ]);
  assert.deepEqual(table.split('\n'), [
    '|           | tensorcell | peer |  ratio | peer is |',
    '|-----------|-----------:|-----:|-------:|---------|',
    '| start, ms |        100 |  400 | 0.250× | other   |',
    '| alone, ms |       2.00 |    – |      – | –       |',
  ]);
});

test('the memory of this process is more than that of nothing', { skip: process.platform !== 'linux' }, () => {
  assert.ok(treeMemory(process.pid)! > 10);
  assert.equal(treeMemory(2 ** 30), 0);
});
