// The corpus, and the tests of types, modules, errors and reload, on the other versions of Node that are supported.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// Outside the compiled tree, so by URL.
const { testNode } = (await import(new URL('../../../scripts/node.js', import.meta.url).href)) as {
  testNode(major: number): Promise<string | undefined>;
};
const files = [
  'corpus/corpus',
  'language/lives',
  'language/questions',
  'session/modules',
  'session/traceback',
  'session/reload',
  'session/packages',
].map((file) => fileURLToPath(new URL(`../${file}.test.js`, import.meta.url)));

for (const major of [22, 24]) {
  const node = await testNode(major);
  test(`the corpus passes on Node ${major}`, {
    skip: node === undefined && `no Node ${major} could be had`,
  }, async () => {
    // The runner of the tests marks its children by this, and theirs would report in its form.
    const { NODE_TEST_CONTEXT: _, ...rest } = process.env;
    const env = { ...rest, TENSORCELL_CHECK: 'off' };
    const child = spawn(node!, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files], { env });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(code, 0, text.slice(text.indexOf('failing tests')));
  });
}
