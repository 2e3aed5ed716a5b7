// What a monitor hears of a training, and that it changes nothing of it.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Logs, TrainingEnd, TrainingFacts, TrainingInfo } from '../../src/plot/monitor.ts';
import { showTraining } from '../../src/tensor/ambient.ts';
import { resetScopes } from '../../src/tensor/scopes.ts';
import { tf, values } from './backends.ts';

/** All calls of the monitors since the last test. */
let heard: {
  begin: TrainingInfo[];
  batch: [number, Logs][];
  epoch: [number, Logs][];
  phase: string[];
  end: TrainingEnd[];
  /** What is known of learning rate and memory at the beginning. */
  facts: TrainingFacts | undefined;
  /** Logs of trainings that are not shown. */
  unseen: Logs[];
};

const silent = () => undefined;
showTraining((shown) =>
  shown
    ? {
        begin: ({ facts, ...info }) => {
          heard.begin.push(info);
          heard.facts = facts?.();
        },
        batch: (step, logs) => void heard.batch.push([step, logs]),
        epoch: (epoch, logs) => void heard.epoch.push([epoch, logs]),
        phase: (name) => void heard.phase.push(name),
        end: (reason) => void heard.end.push(reason),
      }
    : {
        quiet: true,
        begin: silent,
        batch: (_, logs) => void heard.unseen.push(logs),
        epoch: (_, logs) => void heard.unseen.push(logs),
        end: silent,
      },
);

beforeEach(() => {
  heard = { begin: [], batch: [], epoch: [], phase: [], end: [], facts: undefined, unseen: [] };
});

function makeModel() {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  const model = tf.sequential({
    name: 'digits',
    layers: [tf.layers.dense({ inputShape: [4], units: 1, kernelInitializer })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mse'] });
  return model;
}

const x = values([20, 4]);
const y = values([20, 1], 2);

describe('a training', () => {
  it('tells what will be trained, each step and each epoch with its values', async () => {
    await makeModel().fit(x, y, { epochs: 3, batchSize: 8 });
    assert.deepEqual(heard.begin, [
      { title: 'digits', epochs: 3, stepsPerEpoch: 3, batchSize: 8, samples: 20, metrics: ['loss', 'mse'] },
    ]);
    // A compiled call of many steps is told of once.
    const steps = heard.batch.map(([step]) => step);
    assert.equal(steps.filter((step) => step === 3).length, 3);
    assert.ok(
      steps.every((step, i) => step === 3 || step < steps[i + 1]!),
      `${steps}`,
    );
    assert.deepEqual(Object.keys(heard.batch[0]![1]), ['loss', 'mse']);
    assert.deepEqual(
      heard.epoch.map(([epoch]) => epoch),
      [0, 1, 2],
    );
    assert.deepEqual(heard.end, [{ status: 'done' }]);
    assert.equal(heard.facts?.learningRate, 0.01);
    assert.ok(heard.facts!.tensors! > 0 && heard.facts!.bytes! > 0);
  });

  it('that is not shown is heard of by its epochs alone, and has the name it was given', async () => {
    await makeModel().fit(x, y, { epochs: 2, batchSize: 8, verbose: 0 });
    const told = heard.unseen.filter((logs) => Object.keys(logs).length > 0);
    assert.deepEqual(
      told.map((logs) => Object.keys(logs)),
      [
        ['loss', 'mse'],
        ['loss', 'mse'],
      ],
    );
    await makeModel().fit(x, y, { epochs: 1, name: 'wide' });
    assert.equal(heard.begin[0]!.name, 'wide');
  });

  it('that a callback of tfjs stopped says what for', async () => {
    const stop = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2, minDelta: 1e6 });
    await makeModel().fit(x, y, { epochs: 9, callbacks: stop });
    const [{ status, message }] = heard.end as [{ status: string; message: string }];
    assert.equal(status, 'stopped');
    assert.match(message, /^loss got no better than [\d.]+ for 2 epochs$/);
  });

  it('has the history that it has unwatched, which is what the monitor heard', async () => {
    const options = { epochs: 2, batchSize: 8, shuffle: false, validationData: [x, y] as [typeof x, typeof y] };
    const quiet = await makeModel().fit(x, y, { ...options, verbose: 0 });
    assert.equal(heard.begin.length, 0);
    const watched = await makeModel().fit(x, y, options);
    assert.deepEqual(watched.history, quiet.history);
    assert.deepEqual(watched.epoch, quiet.epoch);
    heard.epoch.forEach(([epoch, logs]) => {
      const wanted = Object.entries(quiet.history).map(([name, all]) => [name, all[epoch]]);
      assert.deepEqual(logs, Object.fromEntries(wanted));
    });
    assert.deepEqual(heard.phase, ['validating', 'validating']);
    assert.deepEqual(heard.begin[0]!.metrics, ['loss', 'mse', 'val_loss', 'val_mse']);
  });

  it('calls the callbacks of the user, objects and functions alike', async () => {
    let batches = 0;
    await makeModel().fit(x, y, { epochs: 1, batchSize: 8, callbacks: { onBatchEnd: async () => void batches++ } });
    assert.equal(batches, 3);
    const early = tf.callbacks.earlyStopping({ monitor: 'loss', minDelta: 1000, patience: 0 });
    const { epoch } = await makeModel().fit(x, y, { epochs: 9, callbacks: early });
    assert.ok(epoch.length < 9);
    assert.deepEqual(
      heard.end.map(({ status }) => status),
      ['done', 'stopped'],
    );
  });

  it('goes on from an initial epoch', async () => {
    await makeModel().fit(x, y, { epochs: 5, initialEpoch: 3 });
    assert.equal(heard.begin[0]!.initialEpoch, 3);
    assert.deepEqual(heard.end, [{ status: 'done' }]);
  });

  it('that fails says so, and throws as before', async () => {
    await assert.rejects(makeModel().fit(x, values([3, 1]), { epochs: 1 }), /same number of samples/);
    assert.equal(heard.end[0]!.status, 'error');
  });

  it('of a data set is told as well', async () => {
    const pairs = [1, 2, 3, 4].map((i) => ({ xs: [i, 1, 0, 0], ys: [i] }));
    const data = tf.data.array(pairs).batch(2) as unknown as Parameters<ReturnType<typeof makeModel>['fitDataset']>[0];
    await makeModel().fitDataset(data, { epochs: 2 });
    assert.deepEqual(
      heard.epoch.map(([epoch]) => epoch),
      [0, 1],
    );
    assert.deepEqual(heard.end, [{ status: 'done' }]);
  });

  it('lets the event loop turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await makeModel().fit(x, y, { epochs: 60, batchSize: 1, verbose: 0 });
    clearInterval(timer);
    assert.ok(turns > 2, `${turns} turns`);
  });

  it('that runs on after an interrupt stops for good, and the model trains anew', async () => {
    const model = makeModel();
    let over = false;
    void model.fit(x, y, { epochs: 100_000, batchSize: 1 }).then(() => {
      over = true;
    });
    while (heard.batch.length === 0) await new Promise((resolve) => setImmediate(resolve));
    resetScopes();
    assert.deepEqual(heard.end, [{ status: 'interrupted' }]);
    const { epoch } = await model.fit(x, y, { epochs: 2 });
    assert.deepEqual(epoch, [0, 1]);
    const steps = heard.batch.length;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(heard.batch.length, steps);
    assert.equal(over, false);
  });
});
