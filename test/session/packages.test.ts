// Real packages, used from cells as their readers would: native ones, ES modules, CommonJS, and one on TensorFlow.js.
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tensorcellHome } from '../../src/home.ts';
import { errorOf, TestSession } from './harness.ts';

// Outside the compiled tree, so by URL.
const { testPackages } = (await import(new URL('../../../scripts/packages.js', import.meta.url).href)) as {
  testPackages(home: string): string | undefined;
};
const folder = testPackages(tensorcellHome());
const uses: [name: string, cells: string[], value: string][] = [
  [
    'arquero',
    [
      "import * as aq from 'arquero'\nconst table = aq.table({ g: ['a', 'b', 'a'], v: [1, 2, 3] })",
      "table.groupby('g').rollup({ sum: (d: any) => aq.op.sum(d.v) }).objects()",
    ],
    "[ { g: 'a', sum: 4 }, { g: 'b', sum: 2 } ]",
  ],
  [
    'zod',
    [
      "import { z } from 'zod'\nconst Row = z.object({ n: z.number().min(1), tag: z.enum(['a', 'b']).default('a') })\ntype Row = z.infer<typeof Row>",
      'const rows: Row[] = [Row.parse({ n: 2 })];\n[rows, Row.safeParse({ n: 0 }).success]',
    ],
    "[ [ { n: 2, tag: 'a' } ], false ]",
  ],
  [
    'd3',
    [
      "import * as d3 from 'd3'",
      '[d3.max([1, 5, 3]), d3.scaleLinear([0, 10], [0, 100])(5), d3.csvParse("a,b\\n1,2")[0]!.b]',
    ],
    "[ 5, 50, '2' ]",
  ],
  [
    'lodash',
    ["import _, { chunk } from 'lodash'", "[chunk([1, 2, 3], 2), _.camelCase('a-b c'), _ === require('lodash')]"],
    "[ [ [ 1, 2 ], [ 3 ] ], 'aBC', true ]",
  ],
  [
    '@duckdb/node-api',
    [
      "import { DuckDBInstance } from '@duckdb/node-api'\nconst db = await DuckDBInstance.create(':memory:')\nconst connection = await db.connect()",
      "(await connection.runAndReadAll('select range as n, n * n as s from range(3)')).getRows()",
    ],
    '[ [ 0n, 0n ], [ 1n, 1n ], [ 2n, 4n ] ]',
  ],
  [
    'apache-arrow',
    [
      "import * as arrow from 'apache-arrow'\nconst columns = arrow.tableFromArrays({ a: Int32Array.from([1, 2, 3]) })",
      "[columns.numRows, arrow.tableFromIPC(arrow.tableToIPC(columns)).getChild('a')?.toArray()]",
    ],
    '[ 3, Int32Array(3) [ 1, 2, 3 ] ]',
  ],
  [
    'nodejs-polars',
    [
      "import pl from 'nodejs-polars'\nconst df = pl.DataFrame({ a: [1, 2, 3], b: ['x', 'y', 'x'] })",
      "df.groupBy('b').agg(pl.col('a').sum()).sort('b').toRecords()",
    ],
    "[ { b: 'x', a: 4 }, { b: 'y', a: 2 } ]",
  ],
  [
    'danfojs, whose tensors are the session’s',
    [
      "import * as dfd from 'danfojs'\nconst frame = new dfd.DataFrame({ A: [1, 2, 3], B: [4, 5, 6] })",
      '[frame.shape, frame.mean({ axis: 0 }).values, frame.tensor instanceof tf.Tensor, frame.tensor.matMul(tf.ones([2, 1])).arraySync()]',
    ],
    '[ [ 3, 2 ], [ 2, 5 ], true, [ [ 5 ], [ 7 ], [ 9 ] ] ]',
  ],
];

describe('a real package works from cells', {
  skip: folder === undefined && 'the npm registry can’t be reached',
}, () => {
  const session = new TestSession();
  if (folder !== undefined) symlinkSync(join(folder, 'node_modules'), join(session.folder, 'node_modules'));
  for (const [name, cells, value] of uses)
    it(name, async () => {
      let last: Awaited<ReturnType<TestSession['run']>> | undefined;
      for (const cell of cells) {
        last = await session.run(cell);
        assert.equal(errorOf(last), undefined, cell);
      }
      assert.equal(last?.value?.replace(/\s+/g, ' '), value);
    });

  it('an error from inside of one is told at the cell’s line, with where in the package', async () => {
    const { cell, result } = await session.run("import { z as zz } from 'zod'\n\nzz.number().parse('x')");
    assert.ok(result.status === 'error');
    const text = result.error.traceback.join('\n');
    assert.match(text, /ZodError/);
    assert.ok(text.includes(`In[${cell}]:3:13`), text);
  });
});
