// A compiled `fit` is tfjs's: the same weights, logs, history and callbacks; and what can't be compiled says so.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, ModelFitArgs, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { jit } from '../../../src/tensor/jit/jit.ts';
import { collect } from '../../../src/tensor/pressure.ts';
import { resetScopes } from '../../../src/tensor/scopes.ts';
import { functionCount } from '../../../src/tensor/tensorflow/function.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

let warned: string[] = [];

beforeEach(async () => {
  await tf.setBackend(skip ? 'wasm' : 'tensorflow');
  warned = [];
  mock.method(console, 'warn', (text: string) => void warned.push(text));
});

afterEach(() => mock.restoreAll());

type Layer = InstanceType<typeof tf.layers.Layer>;
type FitArgs = ModelFitArgs & { compile?: boolean };

const initial = (seed = 3) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });

function classifier(optimizer: Parameters<LayersModel['compile']>[0]['optimizer'] = 'adam', ...between: Layer[]) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [5], units: 7, activation: 'relu', ...initial() }),
      ...between,
      tf.layers.dense({ units: 3, activation: 'softmax', ...initial(4) }),
    ],
  });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const x = values([46, 5]);
const y = tf.tidy(() => tf.floor(tf.mul(tf.abs(values([46], 2)), 3)));

const read = (tensor: Tensor) => Array.from(tensor.dataSync());
const weightsOf = (model: LayersModel) => model.getWeights().flatMap(read);

function near(got: readonly number[], wanted: readonly number[], tolerance = 1e-4): void {
  assert.equal(got.length, wanted.length);
  wanted.forEach((value, i) => {
    const most = tolerance * Math.max(1, Math.abs(value));
    assert.ok(Math.abs(got[i]! - value) <= most, `${i}: ${value} expected, got ${got[i]}`);
  });
}

const rowsOf = (model: LayersModel, purpose = 'fit') => {
  const { name } = (model as unknown as { model?: LayersModel }).model ?? model;
  return jit.stats().filter((row) => row.name.startsWith(`${purpose},`) && row.name.endsWith(` of ${name}`));
};

/** Trains two models that are alike, one compiled, and holds all that comes of it against the other. */
async function same(
  make: () => LayersModel,
  args: FitArgs,
  inputs: Tensor | Tensor[] = x,
  targets: Tensor | Tensor[] = y,
) {
  const [plain, compiled] = [make(), make()];
  tf.setSeed(1);
  const wanted = await plain.fit(inputs, targets, { verbose: 0, ...args, compile: false } as FitArgs);
  tf.setSeed(1);
  const got = await compiled.fit(inputs, targets, { verbose: 0, ...args });
  assert.ok(rowsOf(compiled).length > 0, `nothing was compiled: ${warned}`);
  assert.deepEqual(Object.keys(got.history), Object.keys(wanted.history));
  assert.deepEqual(got.epoch, wanted.epoch);
  for (const [name, all] of Object.entries(wanted.history)) near(got.history[name] as number[], all as number[]);
  near(weightsOf(compiled), weightsOf(plain));
  const steps = ({ optimizer }: LayersModel) => (optimizer as unknown as { iterations: number }).iterations;
  assert.equal(steps(compiled), steps(plain));
  return compiled;
}

describe('a compiled fit', { skip }, () => {
  it('gives tfjs’s weights and history, shuffled, with a last batch that is smaller', async () => {
    await same(() => classifier(), { epochs: 4, batchSize: 8 });
    await same(() => classifier(), { epochs: 3, batchSize: 46, shuffle: false });
    await same(() => classifier(), { epochs: 2, batchSize: 100 });
  });

  it('validates on a split and on data of its own', async () => {
    await same(() => classifier(), { epochs: 3, batchSize: 8, validationSplit: 0.3 });
    await same(() => classifier(), { epochs: 3, batchSize: 8, validationData: [values([9, 5]), tf.ones([9])] });
  });

  it('draws the dropout that tfjs would, and moves averages of batch normalisation', async () => {
    const make = () => classifier('sgd', tf.layers.dropout({ rate: 0.4 }), tf.layers.batchNormalization());
    await same(make, { epochs: 3, batchSize: 8 });
    await same(() => classifier('sgd', tf.layers.dropout({ rate: 0.4, seed: 9 })), { epochs: 3, batchSize: 8 });
  });

  it('weighs classes', async () => {
    await same(() => classifier(), { epochs: 2, batchSize: 8, classWeight: { 0: 5, 1: 0.1, 2: 1 } });
  });

  it('trains models of several inputs and outputs', async () => {
    const make = () => {
      const [a, b] = [tf.input({ shape: [5] }), tf.input({ shape: [5] })];
      const both = tf.layers.concatenate().apply([a, b]) as SymbolicTensor;
      const outputs = [1, 2].map(
        (units, i) => tf.layers.dense({ units, name: `output${i}`, ...initial(i) }).apply(both) as SymbolicTensor,
      );
      const model = tf.model({ inputs: [a, b], outputs });
      model.compile({ optimizer: 'rmsprop', loss: ['meanSquaredError', 'meanAbsoluteError'], metrics: ['mse'] });
      return model;
    };
    await same(make, { epochs: 3, batchSize: 8 }, [x, values([46, 5], 5)], [values([46, 1], 6), values([46, 2], 7)]);
  });

  it('goes on from one fit to the next without recording anew', async () => {
    const model = classifier();
    for (let i = 0; i < 3; i++) await model.fit(x, y, { epochs: 1, batchSize: 8, verbose: 0 });
    assert.deepEqual(
      rowsOf(model).map(({ recordings }) => recordings),
      [1, 1],
    );
  });

  it('leaves no tensor behind', async () => {
    const model = classifier();
    await model.fit(x, y, { epochs: 1, batchSize: 8, verbose: 0 });
    const before = tf.memory();
    await model.fit(x, y, { epochs: 2, batchSize: 8, verbose: 0, validationSplit: 0.2 });
    assert.deepEqual(tf.memory(), before);
  });

  it('gives its functions back with the model, and those of old data sets with new ones', async () => {
    // In a call of its own: what it has named is then garbage.
    const train = async (sizes: number[]) => {
      const model = classifier();
      for (const size of sizes) {
        const [some, labels] = [tf.slice(x, [0, 0], [size, 5]), tf.slice(y, [0], [size])];
        await model.fit(some, labels, { epochs: 1, batchSize: 2, verbose: 0 });
      }
      return rowsOf(model).length;
    };
    await collect();
    const before = functionCount();
    const sizes = Array.from({ length: 20 }, (_, i) => 2 + 2 * i);
    assert.equal(await train(sizes), 16);
    const made = functionCount() - before;
    assert.ok(made > 30, `${made} functions`);
    // The last ones may be held a while longer, by what has just run.
    const left = () => functionCount() - before;
    for (let i = 0; i < 20 && left() > made / 4; i++) await collect();
    assert.ok(left() <= made / 4, `${left()} of ${made} functions are left`);
  });

  it('calls hooks of batches for each, with their values', async () => {
    const seen: [string, number, string[]][] = [];
    const note = (name: string) => (at: number, logs?: object) => void seen.push([name, at, Object.keys(logs ?? {})]);
    await classifier().fit(x, y, {
      epochs: 1,
      batchSize: 23,
      verbose: 0,
      callbacks: {
        onTrainBegin: () => note('train')(0),
        onEpochBegin: note('epoch'),
        onBatchBegin: note('begin'),
        onBatchEnd: note('end'),
        onEpochEnd: note('epoch end'),
      },
    });
    const logs = ['batch', 'size', 'loss', 'acc'];
    assert.deepEqual(seen, [
      ['train', 0, []],
      ['epoch', 0, []],
      ['begin', 0, []],
      ['end', 0, logs],
      ['begin', 1, []],
      ['end', 1, logs],
      ['epoch end', 0, ['loss', 'acc']],
    ]);
  });

  it('stops where a hook says so', async () => {
    for (const hook of ['onEpochEnd', 'onBatchEnd']) {
      const model = classifier();
      const stop = () => {
        (model as unknown as { model: LayersModel }).model.stopTraining = true;
      };
      const { epoch } = await model.fit(x, y, { epochs: 5, batchSize: 8, verbose: 0, callbacks: { [hook]: stop } });
      assert.deepEqual(epoch, [0]);
      const { iterations } = model.optimizer as unknown as { iterations: number };
      assert.equal(iterations, hook === 'onBatchEnd' ? 1 : 6);
    }
    const early = tf.callbacks.earlyStopping({ monitor: 'loss', minDelta: 1000 });
    const { epoch } = await classifier().fit(x, y, { epochs: 9, batchSize: 8, verbose: 0, callbacks: early });
    assert.equal(epoch.length, 2);
  });

  it('follows a learning rate, weights and flags that a hook changes', async () => {
    const model = classifier(tf.train.sgd(0.1));
    const { model: inner } = model as unknown as { model: LayersModel };
    const after: number[][] = [];
    await model.fit(x, y, {
      epochs: 4,
      batchSize: 8,
      verbose: 0,
      callbacks: {
        onEpochEnd: (epoch) => {
          after.push(weightsOf(model));
          if (epoch === 0) (inner.optimizer as unknown as { setLearningRate(rate: number): void }).setLearningRate(0);
          if (epoch === 1) inner.setWeights(inner.getWeights().map((weight) => tf.mul(weight, 2)));
        },
      },
    });
    assert.deepEqual(after[1], after[0], 'a learning rate of 0 stops the weights');
    near(
      after[2]!,
      after[1]!.map((weight) => weight * 2),
      1e-6,
    );
  });

  it('leaves weights, moments and counter of one step, whenever it is interrupted', async () => {
    // A gradient of 1 at each step: after k of them, Adam’s moments are 1 − βᵏ, and each weight is k learning rates less.
    const rate = 0.01;
    const model = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [3], units: 1, useBias: false, kernelInitializer: 'zeros' })],
    });
    const [ones, far] = [tf.ones([4, 3]), tf.fill([4, 1], -1e6)];
    let steps = Infinity;
    for (let i = 0; i < 100; i++) {
      if (steps > 4000) {
        model.setWeights([tf.zeros([3, 1])]);
        model.compile({ optimizer: tf.train.adam(rate), loss: 'meanAbsoluteError' });
      }
      void model.fit(ones, far, { epochs: 100_000, batchSize: 2, verbose: 0 });
      await new Promise((resolve) => setTimeout(resolve, 1 + ((i * 7) % 19)));
      resetScopes();
      const optimizer = model.optimizer as unknown as {
        readonly iterations: number;
        readonly accBeta1: Tensor;
        readonly accumulatedFirstMoment: readonly { readonly variable: Tensor }[];
        readonly accumulatedSecondMoment: readonly { readonly variable: Tensor }[];
      };
      steps = optimizer.iterations;
      near([read(optimizer.accBeta1)[0]!], [0.9 ** (steps + 1)], 1e-5);
      if (steps === 0) continue;
      const { accumulatedFirstMoment, accumulatedSecondMoment } = optimizer;
      near(read(accumulatedFirstMoment[0]!.variable), Array(3).fill(1 - 0.9 ** steps), 1e-5);
      near(read(accumulatedSecondMoment[0]!.variable), Array(3).fill(1 - 0.999 ** steps), 2e-5);
      for (const weight of weightsOf(model))
        assert.ok(Math.abs(weight + steps * rate) < rate / 2, `${weight} after ${steps}`);
    }
  });

  it('takes a person’s class for one that may do anything, unless asked', async () => {
    class Doubled extends tf.layers.Layer {
      static className = 'Doubled';
      override call(inputs: Tensor | Tensor[]): Tensor {
        return tf.mul([inputs].flat()[0]!, 2);
      }
      override computeOutputShape(shape: number[]): number[] {
        return shape;
      }
    }
    tf.serialization.registerClass(Doubled);
    const make = () => classifier('adam', new Doubled({}));
    const model = make();
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    assert.deepEqual(rowsOf(model), []);
    assert.equal(warned.length, 1);
    assert.match(warned[0]!, /^fit: .*Doubled is a class of yours; fit's \{ compile: true \} compiles it/);
    await same(make, { epochs: 2, compile: true });
    const losses = classifier();
    losses.compile({ optimizer: 'sgd', loss: (labels, guess) => tf.losses.meanSquaredError(labels, guess) });
    await losses.fit(x, tf.ones([46, 3]), { epochs: 1, verbose: 0 });
    assert.match(warned[1]!, /its loss is a function of yours/);
  });

  it('runs a step that reads a value as tfjs does, and says where', async () => {
    const model = classifier();
    const loss = (labels: Tensor, guess: Tensor) => {
      guess.dataSync();
      return tf.losses.meanSquaredError(labels, guess);
    };
    model.compile({ optimizer: 'sgd', loss: loss as never });
    const { history } = await model.fit(x, tf.ones([46, 3]), {
      epochs: 2,
      batchSize: 8,
      verbose: 0,
      compile: true,
    } as FitArgs);
    assert.equal(history.loss!.length, 2);
    assert.equal(warned.length, 1);
    assert.match(warned[0]!, /runs uncompiled: it reads a value of a tensor, at .*fit\.test\.js:\d+:\d+/);
  });

  it('refuses an option that is neither true nor false', async () => {
    await assert.rejects(async () => classifier().fit(x, y, { compile: 'yes' } as never), {
      name: 'TypeError',
      message: 'fit: compile must be true or false, got yes',
    });
  });
});
