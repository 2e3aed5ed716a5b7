// Trainings paused, resumed, stopped and given another learning rate, and what becomes of one whose loss is NaN.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { TrainingEnd } from '../../src/plot/monitor.ts';
import { showTraining } from '../../src/tensor/ambient.ts';
import { training } from '../../src/tensor/control.ts';
import { NaNLossError } from '../../src/tensor/loss-watch.ts';
import { rateOf } from '../../src/tensor/rate.ts';
import { resetScopes } from '../../src/tensor/scopes.ts';
import { tf, values } from './backends.ts';

const x = values([32, 4]);
const y = values([32, 1], 2);

function makeModel() {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
  return model;
}

let steps = 0;
let phases: string[] = [];
let ends: TrainingEnd[] = [];

showTraining(() => ({
  begin: () => {},
  batch: () => {},
  epoch: () => {},
  phase: (name) => void phases.push(name),
  end: (reason) => void ends.push(reason),
}));

const counting = { onBatchEnd: async () => void steps++ };
const endless = { epochs: 1_000_000, batchSize: 8, callbacks: counting };
const turn = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn(5);
}

/** The number of steps once none has come for a while. */
async function restingSteps(): Promise<number> {
  for (let before = -1; before !== steps; await turn(200)) before = steps;
  return steps;
}

afterEach(() => {
  if (training.running > 0) resetScopes();
  steps = 0;
  phases = [];
  ends = [];
});

describe('a training', () => {
  it('is paused between two steps, leaves its model usable, goes on and is stopped', async () => {
    const model = makeModel();
    const run = model.fit(x, y, endless);
    await until(() => steps > 3);
    training.pause();
    assert.equal(training.paused, true);
    const resting = await restingSteps();
    const weights = [...model.getWeights()[0]!.dataSync()];
    assert.deepEqual(phases, ['paused']);
    assert.equal((model.predict(x) as typeof x).shape[0], 32);
    await turn(50);
    assert.deepEqual([...model.getWeights()[0]!.dataSync()], weights);
    training.resume();
    assert.equal(training.paused, false);
    await until(() => steps > resting + 3);
    training.stop();
    const { epoch } = await run;
    assert.ok(epoch.length >= 1);
    assert.deepEqual(ends, [{ status: 'stopped' }]);
    assert.equal(training.running, 0);
  });

  it('is stopped while it is paused', async () => {
    const run = makeModel().fit(x, y, endless);
    await until(() => steps > 0);
    training.pause();
    await restingSteps();
    training.stop();
    await run;
    assert.equal(training.paused, false);
  });

  it('that is interrupted while it is paused leaves no pause behind', async () => {
    const model = makeModel();
    void model.fit(x, y, endless);
    await until(() => steps > 0);
    training.pause();
    await restingSteps();
    resetScopes();
    assert.deepEqual([training.running, training.paused], [0, false]);
    const { epoch } = await model.fit(x, y, { epochs: 2, verbose: 0 });
    assert.equal(epoch.length, 2);
  });

  it('takes another learning rate', async () => {
    const model = makeModel();
    const run = model.fit(x, y, endless);
    await until(() => steps > 3);
    assert.equal(training.learningRate, 0.01);
    training.learningRate = 0;
    await turn(60);
    const weights = [...model.getWeights()[0]!.dataSync()];
    const seen = steps;
    await until(() => steps > seen + 3);
    assert.deepEqual([...model.getWeights()[0]!.dataSync()], weights);
    assert.equal(rateOf(model.optimizer), 0);
    training.stop();
    await run;
  });

  it('must run to be told anything', () => {
    assert.throws(() => training.pause(), /training\.pause: no training is running/);
    assert.throws(() => training.stop(), /training\.stop: no training is running/);
    assert.throws(() => training.learningRate, /training\.learningRate: no training is running/);
    assert.throws(() => training.resume(), /training\.resume: no training is paused/);
  });
});

describe('a training whose loss becomes NaN', () => {
  it('stops, and names the step and the batch where it did', async () => {
    const model = makeModel();
    // The sample 21 is in batch 3 of every epoch.
    const bad = Float32Array.from(y.dataSync(), (value, i) => (i === 21 ? Number.NaN : value));
    const wrong = model.fit(x, tf.tensor(bad, [32, 1]), { epochs: 5, batchSize: 8, shuffle: false });
    await assert.rejects(wrong, (error) => {
      assert.ok(error instanceof NaNLossError);
      assert.match(
        error.message,
        /^fit: the loss became NaN at step 3 \(epoch 1, batch 3 of 4\): a lower learning rate/,
      );
      assert.deepEqual(error.at, { epoch: 1, batch: 3, step: 3 });
      return true;
    });
    assert.equal(ends[0]!.status, 'error');
  });

  it('names the step of a loss that grew beyond all bounds, in a later epoch and of a data set', async () => {
    const model = makeModel();
    model.compile({ optimizer: tf.train.sgd(1e9), loss: 'meanSquaredError' });
    const pairs = [0, 1, 2, 3].map((i) => ({ xs: [i, 1, 0, 0], ys: [i] }));
    const data = tf.data.array(pairs).batch(2) as unknown as Parameters<typeof model.fitDataset>[0];
    const wrong = model.fitDataset(data, { epochs: 50, verbose: 0 });
    await assert.rejects(wrong, /the loss became NaN at step \d+ \(epoch \d+, batch \d+/);
  });

  it('leaves the model ready for another', async () => {
    const model = makeModel();
    await assert.rejects(model.fit(tf.fill([8, 4], Number.NaN), tf.ones([8, 1]), { verbose: 0 }), NaNLossError);
    model.setWeights([tf.ones([4, 1]), tf.zeros([1])]);
    const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
    assert.ok(Number.isFinite(history.loss![0]));
  });
});
