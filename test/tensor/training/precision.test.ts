// Lower precision of `fit` and `jit`: PyTorch's losses, float32 weights, float16 steps that overflow left out.
import assert from 'node:assert/strict';
import { before, describe, it, mock } from 'node:test';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { jit } from '../../../src/tensor/jit/jit.ts';
import type { Precision } from '../../../src/tensor/trace/precision.ts';
import { close, made, read, type Written } from '../../nn/written.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

before(async () => {
  if (!skip) await tf.setBackend('tensorflow');
});

interface Case {
  readonly precision: Precision;
  readonly x: Written;
  readonly y: Written;
  readonly start: Written[];
  readonly losses: number[];
}

describe('precision', { skip }, () => {
  for (const { precision, x, y, start, losses } of read<Case>('precision'))
    it(`${precision}: a training goes as PyTorch’s`, () => {
      const weights = start.map((each) => tf.variable(made(each)));
      const [kernel1, bias1, kernel2, bias2] = weights as [Variable, Variable, Variable, Variable];
      const optimizer = tf.train.sgd(0.1);
      const step = jit(
        (input: Tensor, wanted: Tensor) =>
          optimizer.minimize(
            () => {
              const hidden = tf.relu(tf.add(tf.matMul(input as never, kernel1 as never), bias1));
              const got = tf.add(tf.matMul(hidden as never, kernel2 as never), bias2);
              return tf.mean(tf.square(tf.sub(got, wanted)));
            },
            true,
            weights,
          )!,
        { precision, name: `as PyTorch in ${precision}` },
      );
      const got = losses.map(() => step(made(x), made(y)).dataSync()[0]!);
      close(got, losses, 'losses', { float32: 1e-5, bfloat16: 5e-3, float16: 1e-3 }[precision]);
      assert.ok(weights.every(({ dtype }) => dtype === 'float32'));
      assert.equal(jit.stats().findLast(({ name }) => name.endsWith(`in ${precision}`))!.form, 'graph');
    });

  it('float16 leaves out a step whose gradients overflow, and the next ones count', () => {
    const weight = tf.variable(tf.ones([2, 1]));
    const optimizer = tf.train.adam(0.5);
    optimizer.minimize(() => tf.sum(weight) as never);
    const before = weight.dataSync()[0]!;
    // A gradient of 1 times the first factor, 2^16, is infinite in float16.
    const step = jit((x: Tensor) => optimizer.minimize(() => tf.sum(tf.matMul(x as never, weight as never)), true)!, {
      precision: 'float16',
    });
    const x = tf.ones([1, 2]);
    const loss = () => step(x).dataSync()[0]!;
    assert.equal(loss().toFixed(3), (2 * before).toFixed(3));
    assert.equal(weight.dataSync()[0], before);
    assert.equal(loss().toFixed(3), (2 * before).toFixed(3));
    assert.notEqual(weight.dataSync()[0], before);
  });

  for (const precision of ['bfloat16', 'float16'] as const)
    it(`fit in ${precision} learns, with float32 weights, layers of all kinds in it`, async () => {
      tf.setSeed(3);
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
          tf.layers.depthwiseConv2d({ kernelSize: 2 }),
          tf.layers.reshape({ targetShape: [5, 20] }),
          tf.layers.lstm({ units: 4 }),
          tf.layers.dense({ units: 1 }),
        ],
      });
      model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
      const [x, y] = [values([32, 8, 8, 1]), values([32, 1], 2)];
      const { history } = await model.fit(x, y, { epochs: 12, batchSize: 8, verbose: 0, precision });
      const loss = history.loss as number[];
      assert.ok(loss.at(-1)! < loss[0]!, String(loss));
      assert.ok(model.getWeights().every(({ dtype }) => dtype === 'float32'));
      assert.ok(jit.stats().some(({ name, form }) => name.startsWith(`fit in ${precision}, `) && form !== 'eager'));
    });

  it('fitDataset has it too, and trainOnBatch afterwards is float32 again', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
    model.compile({ optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' });
    const [x, y] = [values([8, 4]), values([8, 1], 2)];
    const data = tf.data.array([0, 1, 2, 3]).map(() => ({ xs: tf.clone(x), ys: tf.clone(y) }));
    const { history } = await model.fitDataset(data as never, { epochs: 3, verbose: 0, precision: 'bfloat16' });
    const loss = history.loss as number[];
    assert.ok(loss.at(-1)! < loss[0]!, String(loss));
    const { name } = (model as unknown as { model: { name: string } }).model;
    const rows = () => jit.stats().filter((row) => row.name.endsWith(` of ${name}`));
    assert.deepEqual(
      rows().map((row) => [row.name, row.calls, row.form]),
      [[`fitDataset in bfloat16 of ${name}`, 11, 'graph']],
    );
    for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
    assert.equal(rows().at(-1)!.name, `trainOnBatch of ${name}`);
    await assert.rejects(
      async () => model.fitDataset(data as never, { epochs: 1, precision: 'half' as never }),
      /fitDataset: precision must be one of/,
    );
  });

  it('another word is refused, and what is not compiled says that it stays float32', async () => {
    assert.throws(
      () => jit(() => undefined, { precision: 'half' as never })(),
      /^TypeError: jit: precision must be one of float32, bfloat16, float16, got half$/,
    );
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const warn = mock.method(console, 'warn', () => {});
    await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { verbose: 0, compile: false, precision: 'bfloat16' });
    warn.mock.restore();
    assert.match(
      String(warn.mock.calls.at(-1)?.arguments[0]),
      /trains in float32: only what is compiled has a precision/,
    );
    await assert.rejects(
      model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { precision: 'half' as never }),
      /fit: precision must be one of/,
    );
  });
});
