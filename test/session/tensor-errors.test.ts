// A shape that does not fit is told with the operation, the operands as the cell names them, and what they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { TestSession } from './harness.ts';

const session = new TestSession();
await session.run('const a = tf.zeros([2, 3]), b = tf.ones([4, 5]), net = { w: tf.ones([7, 7]) }');

/** The lines of a failure below its message. */
async function below(code: string): Promise<string[]> {
  const { cell, result } = await session.run(code);
  assert.ok(result.status === 'error', code);
  return stripVTControlCharacters(result.error.traceback.join('\n'))
    .replaceAll(`In[${cell}]`, 'In[N]')
    .split('\n')
    .slice(1);
}

test('the operands of a call are underlined and told with their shapes, and no frame of the library is shown', async () => {
  assert.deepEqual(await below('const q = tf.matMul(a, b)'), [
    '    at In[N]:1:14',
    '--->   1 | const q = tf.matMul(a, b)',
    '         |                     ^  ^',
    '    matMul: a is float32 [2, 3], b is float32 [4, 5]',
  ]);
});

test('so are those of a method, of a list, of members, and under tabs', async () => {
  assert.deepEqual((await below('\ta.add(net.w)')).slice(1), [
    '--->   1 | \ta.add(net.w)',
    '         | \t^     ^^^^^',
    '    add: a is float32 [2, 3], net.w is float32 [7, 7]',
  ]);
  assert.deepEqual((await below('tf.concat([a, b]).print()')).slice(2), [
    '         |            ^  ^',
    '    concat: a is float32 [2, 3], b is float32 [4, 5]',
  ]);
});

test("a function's own variables are underlined, and never taken for those of the cells", async () => {
  assert.deepEqual((await below('const f = (a: any) => tf.matMul(a, net.w)\nf(b)')).slice(1, 5), [
    '--->   1 | const f = (a: any) => tf.matMul(a, net.w)',
    '         |                                 ^  ^^^^^',
    '       2 | f(b)',
    '    matMul: a is float32 [4, 5], net.w is float32 [7, 7]',
  ]);
});

test('a training that fails is told at the await that waits for it', async () => {
  await session.run(
    'const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] })] }); model.compile({ loss: "meanSquaredError", optimizer: "sgd" })',
  );
  assert.deepEqual(await below('// train\nawait model.fit(a, b, { epochs: 1 })'), [
    '    at In[N]:2:1',
    '       1 | // train',
    '--->   2 | await model.fit(a, b, { epochs: 1 })',
    '         |                 ^  ^',
    '    fit: a is float32 [2, 3], b is float32 [4, 5]',
  ]);
});

test('an error of the person’s own in a callback of the library is told without operands', async () => {
  const lines = await below('tf.tidy(() => { throw new Error("mine") })');
  assert.deepEqual(
    lines.filter((line) => /\^|is float32/.test(line)),
    [],
  );
});

test('an operation with inputs that it may go without is told as any other', async () => {
  const lines = await below(
    'const f = (x: any, w: any) => tf.fused.matMul({ a: x, b: w, bias: undefined })\nf(tf.ones([2, 3]), tf.ones([4, 5]))',
  );
  assert.match(lines.join('\n'), /^ {4}at In\[N\]:1:\d+ in f$/m);
});
