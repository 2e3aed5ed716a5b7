// `%backend` in a session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBackends } from '../../src/tensor/backends.ts';
import { backendStates } from '../../src/tensor/states.ts';
import { openedContext } from '../../src/tensor/tensorflow/context.ts';
import { backendsHere } from '../tensor/webgpu/vulkan.ts';
import { errorOf, TestSession } from './harness.ts';

const here = backendsHere();
const session = new TestSession();

test('%backend shows every backend and which is in use, as text and as HTML', async () => {
  const shown = await session.run('%backend');
  const lines = shown.value!.split('\n');
  assert.match(lines[0]!, /^backend +state +device +memory +why$/);
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(' ')[0]),
    checkBackends().map(({ name }) => name),
  );
  assert.match(shown.value!, new RegExp(`^${here[0]} +in use +.* the best that runs here$`, 'm'));
  const display = shown.outputs.find(({ type }) => type === 'result');
  const html = display && 'data' in display ? String(display.data['text/html']) : '';
  assert.match(html, /^<table>.*<td[^>]*>wasm<\/td>.*<\/table>$/);
});

test('%backend switches, and tensors made before still work, on every backend', async () => {
  await session.run('const held = tf.range(1, 5); const word = tf.tensor(["a", "b"]);');
  for (const name of [...here, ...here]) {
    assert.match((await session.run(`%backend ${name}`)).value!, new RegExp(`^${name} +in use`, 'm'));
    const used = await session.run(
      '[tf.getBackend(), held.square().sum().dataSync()[0], word.concat(word).dataSync()[3]]',
    );
    assert.equal(used.value, `[ '${name}', 30, 'b' ]`);
  }
});

test('%backend names what it takes, and what stands against a GPU that is not there', async () => {
  assert.match(
    errorOf(await session.run('%backend quantum')) ?? '',
    /^RangeError: %backend: must be one of .*got quantum/,
  );
  assert.match(errorOf(await session.run('%backend wasm cpu')) ?? '', /^SyntaxError: %backend takes one name/);
  backendStates(undefined);
  const before = (await session.run('tf.getBackend()')).value;
  assert.match(
    errorOf(await session.run('%backend cuda:99')) ?? '',
    openedContext()
      ? /^Error: %backend: cuda:99 can't be used here: TensorFlow sees (no GPU|cuda:0)/
      : /^Error: %backend: cuda:99 can't be used here: no libtensorflow/,
  );
  assert.equal((await session.run('tf.getBackend()')).value, before);
});
