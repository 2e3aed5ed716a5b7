// Schedules of the learning rate against Keras and PyTorch, and the callbacks that follow them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Optimizer } from '@tensorflow/tfjs-core';
import * as nn from '../../src/nn/index.ts';
import { rateOf, setRate } from '../../src/tensor/rate.ts';
import { found, tf, values } from '../tensor/backends.ts';
import { close, read } from './written.ts';

interface Case {
  readonly schedule: 'cosine' | 'cosineRestarts' | 'step' | 'piecewise' | 'exponential' | 'oneCycle';
  readonly options: object;
  readonly by: string;
  readonly rates: number[];
}

const { cosine, cosineRestarts, step, piecewise, exponential, oneCycle } = nn;
const schedules = { cosine, cosineRestarts, step, piecewise, exponential, oneCycle };

describe('a schedule', () => {
  for (const { schedule, options, by, rates } of read<Case>('schedules')) {
    it(`${schedule} ${JSON.stringify(options)} is ${by}'s`, () => {
      const rate = schedules[schedule](options as never);
      close(
        rates.map((_, at) => rate(at)),
        rates,
        'rates',
        2e-7,
      );
    });
  }

  it('warms up before any fall', () => {
    const rate = nn.exponential({ rate: 1, steps: 10, factor: 0.5, warmUp: 4 });
    assert.deepEqual([0, 1, 2, 3, 4].map(rate), [0, 0.25, 0.5, 0.75, 1]);
    assert.equal(rate(14), 0.5);
  });

  it('says what its options must be', () => {
    assert.throws(() => nn.cosine({ rate: 1, steps: 0 }), /cosine: steps must be a whole number above 0, got 0/);
    assert.throws(
      () => nn.piecewise({ boundaries: [1], rates: [1] }),
      /rates must be one more than boundaries, got 1 and 1/,
    );
  });
});

const x = values([24, 4]);
const y = values([24, 1], 2);

function modelWith(optimizer: Optimizer) {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

const optimizers: Record<string, () => Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1),
  rmsprop: () => tf.train.rmsprop(0.1),
  AdamW: () => new nn.AdamW({ learningRate: 0.1 }),
  clipped: () => nn.clip(tf.train.sgd(0.1), { clipNorm: 1 }),
};

describe('a learning rate', () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`of ${name} that becomes 0 in mid-training stops the weights`, async () => {
      const model = modelWith(make());
      const seen: number[][] = [];
      await model.fit(x, y, {
        epochs: 2,
        batchSize: 8,
        verbose: 0,
        callbacks: [
          nn.learningRate((at) => (at < 3 ? 0.1 : 0)),
          new (class extends tf.Callback {
            override async onBatchEnd(): Promise<void> {
              seen.push([...model.getWeights()[0]!.dataSync()]);
            }
          })(),
        ],
      });
      assert.notDeepEqual(seen[1], seen[2]);
      assert.deepEqual(seen[3], seen[2]);
      assert.deepEqual(seen[5], seen[2]);
      assert.equal(rateOf(model.optimizer), 0);
    });
  }

  it('follows a schedule of epochs, and one of steps on through a second fit', async () => {
    const model = modelWith(tf.train.sgd(1));
    const rates: number[] = [];
    const watch = new (class extends tf.Callback {
      override async onBatchEnd(): Promise<void> {
        rates.push(rateOf(model.optimizer));
      }
    })();
    const options = { epochs: 2, batchSize: 12, verbose: 0 } as const;
    await model.fit(x, y, {
      ...options,
      callbacks: [nn.learningRate((at) => 0.1 / (at + 1), { every: 'epoch' }), watch],
    });
    await model.fit(x, y, { ...options, callbacks: [nn.learningRate((at) => at), watch] });
    assert.deepEqual(rates, [0.1, 0.1, 0.05, 0.05, 4, 5, 6, 7]);
  });

  it('by a schedule of steps is that of each step, also of many in one call', async () => {
    if (!found.includes('tensorflow')) return;
    const backend = tf.getBackend();
    await tf.setBackend('tensorflow');
    const train = async (make: () => Optimizer, compile?: boolean) => {
      const model = modelWith(make());
      model.setWeights([values([4, 1], 3), tf.zeros([1])]);
      const calls: number[] = [];
      const schedule = nn.learningRate((at) => 0.05 / (1 + at));
      const options = { epochs: 20, batchSize: 4, shuffle: false, verbose: 0, callbacks: schedule };
      await model.fit(x, y, { ...options, ...(compile === false && { compile }) });
      calls.push(rateOf(model.optimizer));
      return { weights: [...model.getWeights()[0]!.dataSync()], rate: calls[0]! };
    };
    for (const make of [optimizers.sgd!, optimizers.adam!, () => nn.accumulate(tf.train.momentum(0.1, 0.9), 3)]) {
      const [many, each] = [await train(make), await train(make, false)];
      close(many.weights, each.weights, 'weights', 1e-4);
      assert.equal(many.rate, each.rate);
    }
    await tf.setBackend(backend);
  });

  it('falls when the loss no longer does, as in Keras', async () => {
    for (const each of read<{ options: nn.PlateauOptions; values: number[]; rates: number[] }>('plateau')) {
      const callback = nn.reduceOnPlateau(each.options);
      const model = modelWith(tf.train.sgd(0.1));
      callback.setModel((model as unknown as { model: typeof model }).model);
      await callback.onTrainBegin();
      const rates: number[] = [];
      for (const [epoch, value] of each.values.entries()) {
        await callback.onEpochEnd(epoch, { [each.options.monitor ?? 'val_loss']: value });
        rates.push(rateOf(model.optimizer));
      }
      close(rates, each.rates, JSON.stringify(each.options), 1e-7);
    }
  });

  it('must be a number from 0 on', () => {
    assert.throws(
      () => setRate(tf.train.adam(0.1), Number.NaN),
      /learningRate: must be a finite number from 0 on, got NaN/,
    );
    assert.throws(() => nn.learningRate(0.1 as never), /a schedule must be a function of the step, got number/);
  });
});

describe('the best weights', () => {
  it('are those of the best epoch when training ends', async () => {
    const model = modelWith(tf.train.sgd(0.05));
    const best = nn.bestWeights({ monitor: 'loss' });
    const seen: number[][] = [];
    await model.fit(x, y, {
      epochs: 5,
      verbose: 0,
      callbacks: [
        best,
        nn.learningRate((epoch) => (epoch < 3 ? 0.05 : 90), { every: 'epoch' }),
        new (class extends tf.Callback {
          override async onEpochEnd(): Promise<void> {
            seen.push([...model.getWeights()[0]!.dataSync()]);
          }
        })(),
      ],
    });
    // The loss of an epoch is that before its step, so the first high rate still shows in the next epoch only.
    assert.equal(best.epoch, 3);
    assert.deepEqual([...model.getWeights()[0]!.dataSync()], seen[3]);
  });

  it('come back by hand, and patience ends a training', async () => {
    const model = modelWith(tf.train.sgd(0));
    const best = nn.bestWeights({ patience: 2, restore: false });
    const { epoch } = await model.fit(x, y, { epochs: 9, shuffle: false, verbose: 0, callbacks: best });
    assert.deepEqual(epoch, [0, 1, 2]);
    const kept = [...model.getWeights()[0]!.dataSync()];
    model.setWeights([tf.zeros([4, 1]), tf.zeros([1])]);
    best.restore();
    assert.deepEqual([...model.getWeights()[0]!.dataSync()], kept);
    assert.equal(best.epoch, 0);
  });

  it('need a value that there is', async () => {
    const wrong = modelWith(tf.train.sgd(0)).fit(x, y, {
      verbose: 0,
      callbacks: nn.bestWeights({ monitor: 'accuracy' }),
    });
    await assert.rejects(wrong, /bestWeights: monitor must be one of loss; got accuracy/);
  });
});
