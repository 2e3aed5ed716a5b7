// A training that goes on from a checkpoint is the training that was never interrupted.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { AdamW, accumulate, bestWeights, checkpoint, clip, learningRate, loadCheckpoint } from '../../src/nn/index.ts';
import { rateOf, setRate } from '../../src/tensor/rate.ts';
import { found, tf, values } from '../tensor/backends.ts';
import { close } from './written.ts';

const work = mkdtempSync(join(tmpdir(), 'tensorcell-checkpoint-'));
after(() => rmSync(work, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(work, `run-${folders++}`);

const x = values([22, 4]);
const y = values([22, 2], 2);
const { log } = console;
console.log = () => {};
after(() => {
  console.log = log;
});

function modelWith(optimizer: Optimizer) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 6, activation: 'relu' }),
      tf.layers.dropout({ name: 'own', rate: 0.3, seed: 5 }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ name: 'shared', rate: 0.2 }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mse'] });
  return model;
}

type Model = ReturnType<typeof modelWith>;

const weightsOf = (model: Model) => model.getWeights().map((weight) => [...weight.dataSync()]);

/** 6 steps an epoch, in an order that is shuffled. Uncompiled, since which form a compiled step takes is a matter of time. */
const options = {
  ...({ compile: false } as object),
  epochs: 4,
  batchSize: 4,
  verbose: 0,
  validationData: [x, y] as [typeof x, typeof y],
} as const;

/** Ends a training with an error after so many steps, as a lost process would. */
class Breaks extends tf.Callback {
  #left: number;
  constructor(steps: number) {
    super();
    this.#left = steps;
  }
  override async onBatchBegin(): Promise<void> {
    if (this.#left-- === 0) throw new Error('broken off');
  }
}

const optimizers: Record<string, () => Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.05),
  adamax: () => tf.train.adamax(0.05),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  AdamW: () => new AdamW({ learningRate: 0.05, weightDecay: 0.1 }),
  'accumulated, clipped adam': () => accumulate(clip(tf.train.adam(0.05), { globalClipNorm: 0.5 }), 2),
};

describe('a training that was broken off', () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`goes on with ${name} as if it had not been`, async () => {
      await tf.setBackend(found[0] ?? 'cpu');
      await compare(make, 5, 14);
    });
  }

  it('goes on from the end of an epoch, from its last step, and from its middle', async () => {
    const make = () => tf.train.adam(0.05);
    await compare(make, 'epoch', 14);
    await compare(make, 6, 13);
    await compare(make, 1, 9);
  });

  it('goes on compiled', async () => {
    await compare(() => tf.train.adam(0.05), 5, 14, true);
  });

  it('goes on twice', async () => {
    const make = () => tf.train.adam(0.05);
    const folder = newFolder();
    const whole = await unbroken(make);
    await broken(make, folder, 5, 8);
    await broken(make, folder, 5, 13, true);
    const model = modelWith(make());
    await model.fit(x, y, { ...options, callbacks: checkpoint(folder, { every: 5, resume: true }) });
    assert.deepEqual(weightsOf(model), weightsOf(whole.model));
  });

  it('keeps a learning rate that was changed', async () => {
    const folder = newFolder();
    const callbacks = [learningRate((step) => 0.1 / (step + 1)), checkpoint(folder, { every: 3 })];
    await modelWith(tf.train.sgd(0.1)).fit(x, y, { ...options, epochs: 1, callbacks });
    const model = modelWith(tf.train.sgd(0.7));
    assert.deepEqual(await loadCheckpoint(folder, model), { epoch: 0, batch: 6, step: 6 });
    assert.equal(rateOf(model.optimizer), 0.1 / 6);
    assert.equal(model.optimizer.iterations, 6);
    setRate(model.optimizer, 0.2);
  });
});

async function unbroken(make: () => Optimizer, form: object = {}) {
  tf.setSeed(4);
  const model = modelWith(make());
  const { history } = await model.fit(x, y, { ...options, ...form, callbacks: bestWeights({ restore: false }) });
  return { model, history };
}

async function broken(make: () => Optimizer, folder: string, every: number | 'epoch', steps: number, resume?: boolean) {
  tf.setSeed(4);
  const model = modelWith(make());
  const callbacks = [new Breaks(steps), checkpoint(folder, { every, ...(resume && { resume }) })];
  await assert.rejects(model.fit(x, y, { ...options, callbacks }), /broken off/);
}

async function compare(make: () => Optimizer, every: number | 'epoch', steps: number, compile = false): Promise<void> {
  const whole = await unbroken(make, { compile });
  const folder = newFolder();
  await broken(make, folder, every, steps);
  // Another process: another seed, other weights.
  tf.setSeed(99);
  const model = modelWith(make());
  const { history, epoch } = await model.fit(x, y, {
    ...options,
    ...{ compile },
    callbacks: checkpoint(folder, { every, resume: true }),
  });
  if (compile) close(weightsOf(model).flat(), weightsOf(whole.model).flat(), 'the weights', 1e-4);
  else assert.deepEqual(weightsOf(model), weightsOf(whole.model));
  assert.ok(epoch.length < 4, String(epoch));
  for (const [name, all] of Object.entries(whole.history))
    for (const [i, value] of history[name]!.entries())
      assert.ok(
        Math.abs((value as number) - (all.at(i - epoch.length) as number)) < (compile ? 1e-4 : 1e-6),
        `${name} of epoch ${epoch[i]}`,
      );
}

describe('a folder of checkpoints', () => {
  const train = (folder: string, more: object = {}, epochs = 1) =>
    modelWith(tf.train.sgd(0.1)).fit(x, y, {
      ...options,
      epochs,
      callbacks: checkpoint(folder, { every: 2, ...more }),
    });

  it('holds the newest, whole', async () => {
    const folder = newFolder();
    await train(folder);
    assert.deepEqual(readdirSync(folder), ['step-000000004', 'step-000000006']);
    assert.deepEqual(readdirSync(join(folder, 'step-000000006')).sort(), ['state.json', 'tensors.bin']);
    await train(folder, { resume: true, keep: 1 }, 2);
    assert.deepEqual(readdirSync(folder), ['step-000000012']);
  });

  it('is not taken over without a word, and emptied when asked', async () => {
    const folder = newFolder();
    await train(folder);
    await assert.rejects(
      train(folder),
      /has a checkpoint of step 6: say resume: true to go on from it, or false to remove it/,
    );
    await train(folder, { resume: false, every: 4 });
    assert.deepEqual(readdirSync(folder), ['step-000000004']);
  });

  it('of another model or optimizer, or damaged, is told', async () => {
    const folder = newFolder();
    await train(folder);
    const other = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 2 })] });
    other.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
    await assert.rejects(
      loadCheckpoint(folder, other),
      /of a model with weights of shapes \[4,6\], .*; got one with \[4,2\], \[2\]/,
    );
    await assert.rejects(
      loadCheckpoint(folder, modelWith(tf.train.adam())),
      /of an optimizer SGD, got a model with Adam/,
    );
    writeFileSync(join(folder, 'step-000000006', 'state.json'), '{');
    await assert.rejects(loadCheckpoint(folder, modelWith(tf.train.sgd(1))), /step-000000006 can't be read: /);
    await assert.rejects(loadCheckpoint(join(folder, 'nowhere'), other), /has no checkpoint$/);
  });

  it('costs no tensors', async () => {
    const model = modelWith(tf.train.adam(0.1));
    const run = (resume?: boolean) =>
      model.fit(x, y, { ...options, callbacks: checkpoint(newFolder(), { every: 2, ...(resume && { resume }) }) });
    await run();
    const before = tf.memory().numTensors;
    await run();
    assert.ok(tf.memory().numTensors <= before + 2, `${tf.memory().numTensors} after ${before}`);
  });

  it('says what its options must be', () => {
    assert.throws(() => checkpoint('x', { every: 0 }), /checkpoint: every must be a whole number above 0, got 0/);
    assert.throws(() => checkpoint('x', { keep: 0.5 }), /checkpoint: keep must be a whole number above 0, got 0.5/);
  });
});
