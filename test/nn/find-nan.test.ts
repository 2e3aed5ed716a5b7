// Where NaN first appears.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { findNaN } from '../../src/nn/index.ts';
import { NaNLossError } from '../../src/tensor/loss-watch.ts';
import { tf, values } from '../tensor/backends.ts';

const x = values([16, 4]);
const y = values([16, 1], 2);

/** Its output is NaN, or only its gradient, from a step on. */
class Fails extends tf.layers.Layer {
  static readonly className = 'Fails';
  calls = 0;
  readonly #after: number;
  readonly #how: 'output' | 'gradient';

  constructor(how: 'output' | 'gradient', after: number) {
    super({ name: 'fails' });
    this.#how = how;
    this.#after = after;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const input = [inputs].flat()[0]!;
    if (++this.calls <= this.#after) return input.clone();
    if (this.#how === 'output') return tf.mul(input, Number.NaN);
    // √0 has no derivative: its gradient is 0/0.
    return tf.add(input, tf.sqrt(tf.mul(input, 0)));
  }
}

function modelWith(...middle: layers.Layer[]) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'first', inputShape: [4], units: 3 }),
      ...middle,
      tf.layers.dense({ name: 'last', units: 1 }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
  return model;
}

const options = { epochs: 3, batchSize: 4, verbose: 0, shuffle: false } as const;

async function failureOf(model: ReturnType<typeof modelWith>, inputs = x, targets = y): Promise<NaNLossError> {
  let failure: unknown;
  await model.fit(inputs, targets, { ...options, callbacks: findNaN() }).catch((error) => {
    failure = error;
  });
  assert.ok(failure instanceof NaNLossError, String(failure));
  return failure;
}

const withNaN = (tensor: Tensor, at: number) =>
  tf.tensor(
    Float32Array.from(tensor.dataSync(), (value, i) => (i === at ? Number.NaN : value)),
    tensor.shape,
  );

describe('findNaN', () => {
  it('names the layer whose output is NaN, with the step', async (t) => {
    const warn = t.mock.method(console, 'warn');
    const fails = new Fails('output', 5);
    const { message, layer, at } = await failureOf(modelWith(fails));
    assert.equal(
      message,
      'fit: NaN first appears at step 6 (epoch 2, batch 2 of 4) in the output of layer fails (Fails)',
    );
    assert.equal(layer, 'fails');
    assert.deepEqual(at, { epoch: 2, batch: 2, step: 6 });
    assert.equal(warn.mock.callCount(), 0);
  });

  it('names the layer whose weights get a gradient of NaN', async () => {
    const { message } = await failureOf(modelWith(new Fails('gradient', 2)));
    assert.match(message, /step 3 .* in the update of layer first \(Dense\): the gradient of its weights is NaN$/);
  });

  it('tells of the data and of the targets', async () => {
    const data = await failureOf(modelWith(), withNaN(x, 20));
    assert.match(data.message, /step 2 .* in the data, as layer first \(Dense\) gets it$/);
    const targets = await failureOf(modelWith(), x, withNaN(y, 9));
    assert.match(targets.message, /step 3 .* in the loss: in the targets, or in what the loss makes of them$/);
  });

  it('changes nothing of a training without NaN, and leaves nothing behind', async () => {
    const start = modelWith();
    const weights = start.getWeights().map((weight) => weight.clone());
    const plain = await start.fit(x, y, options);
    const watched = modelWith();
    watched.setWeights(weights);
    const before = tf.memory().numTensors;
    const { history } = await watched.fit(x, y, { ...options, callbacks: findNaN() });
    assert.deepEqual(history.loss, plain.history.loss);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(watched.layers.every((layer) => !Object.hasOwn(layer, 'call')));
  });
});
