// A program and the code cache that its start leaves for the next.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'tensorcell-program-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const home = join(folder, 'home');
const cache = join(home, 'cache');
const program = join(folder, 'sum.cjs');
writeFileSync(
  program,
  `const path = require('node:path'); exports.sum = (a, b) => a + b + path.basename(__filename).length;`,
);

/** Loads the program, waits for a cache where one is to be made (else long enough for one), and gives what the program says. */
function start({ build = 'a1', makes = true } = {}): string {
  const loader = new URL('../src/program.js', import.meta.url).href;
  const code = `import { statSync } from 'node:fs';
    import { loadProgram } from ${JSON.stringify(loader)};
    const begun = Date.now();
    console.log(loadProgram(${JSON.stringify(program)}, ${JSON.stringify(build)}).sum(1, 2));
    const made = () => statSync(${JSON.stringify(cached(build))}, { throwIfNoEntry: false })?.mtimeMs > begun;
    for (const end = begun + ${makes ? 60_000 : 600}; Date.now() < end && !made(); ) await new Promise((r) => setTimeout(r, 20));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, TENSORCELL_HOME: home },
    encoding: 'utf8',
  });
  assert.deepEqual([stderr, status], ['', 0]);
  return stdout;
}

const cached = (build: string) => join(cache, `sum-${process.version}-${process.arch}-${build}`);

test('a program runs without a home, and makes none', () => {
  assert.equal(start({ makes: false }), '10\n');
  assert.equal(existsSync(home), false);
});

test('the first start in a home leaves a cache, the next takes it as it is', () => {
  mkdirSync(home);
  assert.equal(start(), '10\n');
  assert.deepEqual(
    readdirSync(cache).map((name) => join(cache, name)),
    [cached('a1')],
  );
  const { mtimeMs } = statSync(cached('a1'));
  assert.equal(start({ makes: false }), '10\n');
  assert.equal(statSync(cached('a1')).mtimeMs, mtimeMs);
});

test('a cache that is cut off is made anew', () => {
  const { size } = statSync(cached('a1'));
  truncateSync(cached('a1'), size - 10);
  assert.equal(start(), '10\n');
  assert.ok(Math.abs(statSync(cached('a1')).size - size) < size / 2);
  truncateSync(cached('a1'), 0);
  assert.equal(start(), '10\n');
  assert.ok(statSync(cached('a1')).size > 0);
});

test('another build has a cache of its own; what is long gone by goes', () => {
  const past = new Date(Date.now() - 15 * 24 * 3600 * 1000);
  utimesSync(cached('a1'), past, past);
  assert.equal(start({ build: 'b2' }), '10\n');
  assert.deepEqual(
    readdirSync(cache).map((name) => join(cache, name)),
    [cached('b2')],
  );
});
