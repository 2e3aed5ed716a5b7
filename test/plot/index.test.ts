import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

test("importing 'tensorcell' loads no package: Vega and pictures come with the first chart", () => {
  const index = new URL('../../src/index.js', import.meta.url).href;
  const program = `
    const loaded = () => Object.keys(require('node:module')._cache).filter((file) => file.includes('node_modules'));
    import(${JSON.stringify(index)}).then(async ({ display, plot }) => {
      const before = loaded();
      display(plot([{ x: 1, y: 2 }]).line({ x: 'x', y: 'y' }));
      console.log(JSON.stringify([before, loaded().some((file) => /vega/.test(file)), loaded().some((file) => /resvg/.test(file))]));
    });`;
  const printed = execFileSync(process.execPath, ['--input-type=commonjs', '-e', program], { encoding: 'utf8' });
  assert.deepEqual(printed.trim().split('\n'), ['[line chart: y by x · 1 rows]', '[[],true,true]']);
});
