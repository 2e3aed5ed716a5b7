// `evaluate`, `predict`, `trainOnBatch` and `fitDataset` give what they give uncompiled, and are compiled once that pays.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { jit } from '../../../src/tensor/jit/jit.ts';
import { choose } from '../../../src/tensor/training/choice.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

let warned: string[] = [];

beforeEach(async () => {
  await tf.setBackend(skip ? 'wasm' : 'tensorflow');
  warned = [];
  mock.method(console, 'warn', (text: string) => void warned.push(text));
});

afterEach(() => mock.restoreAll());

const x = values([46, 5]);
const y = tf.tidy(() => tf.floor(tf.mul(tf.abs(values([46], 2)), 3)));
const read = (tensor: Tensor) => Array.from(tensor.dataSync());
const innerOf = (model: LayersModel) => (model as unknown as { model: LayersModel }).model;

/** Two models that are alike, the second never compiled. */
function twins(): [LayersModel, LayersModel] {
  const [compiled, plain] = [0, 1].map(() => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [5], units: 7, activation: 'relu', kernelInitializer: tf.initializers.ones() }),
        tf.layers.batchNormalization(),
        tf.layers.dropout({ rate: 0.5, seed: 2 }),
        tf.layers.dense({
          units: 3,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
        }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  }) as LayersModel[] as [LayersModel, LayersModel];
  choose(innerOf(plain), false);
  return [compiled, plain];
}

const formsOf = (model: LayersModel, purpose: string) =>
  jit.stats().filter(({ name }) => name.startsWith(purpose) && name.endsWith(` of ${innerOf(model).name}`));

function near(got: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  assert.equal(got.length, wanted.length);
  wanted.forEach((value, i) => {
    assert.ok(Math.abs(got[i]! - value) <= tolerance * Math.max(1, Math.abs(value)), `${i}: ${value}, got ${got[i]}`);
  });
}

describe('compiled by themselves', { skip }, () => {
  it('evaluate gives the loss and metrics, over batches of which the last is smaller', () => {
    const [compiled, plain] = twins();
    for (const batchSize of [8, 46, 5]) {
      const evaluate = (model: LayersModel) => (model.evaluate(x, y, { batchSize }) as Scalar[]).flatMap(read);
      for (let i = 0; i < 2; i++) near(evaluate(compiled), evaluate(plain));
    }
    assert.ok(formsOf(compiled, 'evaluate').length > 0);
    assert.equal(formsOf(plain, 'evaluate').length, 0);
  });

  it('predict gives every sample its output, in order', () => {
    const [compiled, plain] = twins();
    for (const batchSize of [8, 100]) {
      const predict = (model: LayersModel) => read(model.predict(x, { batchSize }) as Tensor);
      for (let i = 0; i < 3; i++) near(predict(compiled), predict(plain));
    }
    assert.deepEqual(
      formsOf(compiled, 'predict').map((row) => row.arguments),
      ['float32[8,5]', 'float32[6,5]', 'float32[46,5]'],
    );
  });

  it('predict sees the weights that are set', () => {
    const [compiled, plain] = twins();
    const one = tf.ones([1, 5]);
    for (let i = 0; i < 4; i++) {
      for (const model of [compiled, plain])
        model.setWeights(model.getWeights().map((weight, at) => tf.abs(tf.mul(values(weight.shape, i + at + 1), 0.3))));
      near(read(compiled.predict(one) as Tensor), read(plain.predict(one) as Tensor), 1e-4);
    }
    assert.equal(formsOf(compiled, 'predict')[0]?.recordings, 1);
  });

  it('trainOnBatch trains', async () => {
    const [compiled, plain] = twins();
    for (let i = 0; i < 12; i++) {
      const [got, wanted] = [await compiled.trainOnBatch(x, y), await plain.trainOnBatch(x, y)];
      near(got as number[], wanted as number[], 1e-4);
    }
    compiled.getWeights().forEach((weight, i) => {
      near(read(weight), read(plain.getWeights()[i]!), 1e-3);
    });
    assert.equal(formsOf(compiled, 'trainOnBatch')[0]!.calls, 11);
  });

  it('fitDataset trains, and validates on a data set', async () => {
    const [compiled, plain] = twins();
    const fit = (model: LayersModel, compile = true) => {
      const data = tf.data.zip({ xs: tf.data.array(unstacked(x)), ys: tf.data.array(unstacked(y)) }).batch(8);
      return model.fitDataset(data, { epochs: 3, verbose: 0, validationData: data as never, compile });
    };
    const [got, wanted] = [await fit(compiled), await fit(plain, false)];
    for (const name of ['loss', 'acc', 'val_loss', 'val_acc'])
      near(got.history[name] as number[], wanted.history[name] as number[], 1e-4);
    assert.ok(formsOf(compiled, 'trainOnBatch').length > 0);
    assert.ok(formsOf(compiled, 'evaluateDataset').length > 0);
    assert.deepEqual(formsOf(plain, ''), []);
  });

  it('fitDataset has the next batches made while a step runs', async () => {
    const [model] = twins();
    let made = 0;
    const data = tf.data.generator(function* () {
      for (; made < 6; ) {
        made++;
        yield { xs: tf.slice(x, [0, 0], [8, 5]), ys: tf.slice(y, [0], [8]) };
      }
    } as never);
    const ahead: number[] = [];
    const onBatchBegin = (batch: number) => void ahead.push(made - batch - 1);
    await model.fitDataset(data as never, { epochs: 1, verbose: 0, callbacks: { onBatchBegin } });
    assert.equal(ahead.length, 6);
    assert.ok(ahead[0]! > 0, String(ahead));
    assert.equal(ahead[5], 0);
  });

  it('leave no tensor behind', async () => {
    const [model] = twins();
    const all = async () => {
      tf.dispose(model.evaluate(x, y, { batchSize: 8 }));
      tf.dispose(model.predict(x, { batchSize: 8 }));
      await model.trainOnBatch(x, y);
    };
    for (let i = 0; i < 3; i++) await all();
    const before = tf.memory();
    for (let i = 0; i < 3; i++) await all();
    assert.deepEqual(tf.memory(), before);
  });

  it('do not record for ever when each batch has another shape', async () => {
    const [model] = twins();
    for (let size = 1; size <= 30; size++)
      for (let i = 0; i < 2; i++) await model.trainOnBatch(tf.slice(x, [0, 0], [size, 5]), tf.slice(y, [0], [size]));
    assert.equal(formsOf(model, 'trainOnBatch').length, 16);
    assert.match(warned.at(-1)!, /compiled for 16 shapes of batches/);
  });
});

const unstacked = (tensor: Tensor) => tf.unstack(tensor).map((part) => (part.rank === 0 ? part.dataSync()[0]! : part));
