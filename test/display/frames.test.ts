// Tables of real libraries as they are shown.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { formatters } from '../../src/display/formatters.ts';
import { render } from '../../src/display/render.ts';
import { table } from '../../src/display/table.ts';
import { tensorcellHome } from '../../src/home.ts';

const { testPackages } = (await import(new URL('../../../scripts/packages.js', import.meta.url).href)) as {
  testPackages(home: string): string | undefined;
};
const folder = testPackages(tensorcellHome());
const require = createRequire(`${folder}/tests.js`);
const skip = folder === undefined && 'the npm registry can’t be reached';

async function shown(value: unknown): Promise<{ text: string; html: string }> {
  const { data } = await render(value, formatters);
  assert.ok(Buffer.byteLength(JSON.stringify(data)) <= 50_000);
  return { text: data['text/plain'], html: String(data['text/html']) };
}

test('an Arrow table of ten million rows is shown by its ends and its types', { skip }, async () => {
  const { tableFromArrays } = require('apache-arrow');
  const { text } = await shown(
    tableFromArrays({ x: new Float64Array(10_000_000), y: new Int32Array(10_000_000).fill(3) }),
  );
  assert.match(text, /^Arrow table, 10,000,000 rows × 2 columns · first \d+ and last \d+ sent/);
  assert.match(text, /Float64 +Int32\n +≈ all 0 +≈ all 3\n/);
  assert.match(text, /9999999 +0 +3$/);
});

test('a polars frame, though a proxy, is a table with its missing values', { skip }, async () => {
  const { DataFrame } = require('nodejs-polars');
  const { text } = await shown(DataFrame({ a: [1, null, 3], b: ['x', 'y', null] }));
  assert.match(text, /^polars DataFrame, 3 rows × 2 columns\n +a +b\n +Float64 +String\n +1 missing +1 missing\n/);
});

test('a DuckDB result is shown and can still be read', { skip }, async () => {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const result = await connection.run('select i, i::decimal(9, 2) as d from range(5000) t(i)');
  const { text } = await shown(result);
  assert.match(text, /^DuckDB result, 5,000 rows × 2 columns.*\n +i +d\n +BIGINT +DECIMAL\(9,2\)\n/);
  assert.equal((await result.getRows()).length, 5000);
});

test('an arquero table is shown in its own order', { skip }, async () => {
  const { desc, table: of } = await import(require.resolve('arquero'));
  const { text } = await shown(of({ a: [1, 3, 2] }).orderby(desc('a')));
  assert.match(text, /^arquero table, 3 rows × 1 column\n[\s\S]*0 +3\n1 +2\n2 +1$/);
});

test('table shows the rows and columns that are asked for, and refuses others', async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => ({ i, text: '<b>' }));
  const { text, html } = await shown(table(rows, { from: 4_000, to: 4_003, columns: ['text'] }));
  assert.match(text, /rows 4,000 to 4,002/);
  assert.match(html, /<tr><th>4000<\/th><td align="left" style="text-align:left">&lt;b&gt;</);
  assert.throws(() => table(rows, { columns: ['none'] }), /there is no column "none", the columns are i, text/);
  assert.throws(() => table(5 as never), /table: data must be .*, got number/);
});
