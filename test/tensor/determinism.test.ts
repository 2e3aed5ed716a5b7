// `tf.enableDeterminism()`: two sessions that know nothing of each other compute the same bits.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestSession } from '../session/harness.ts';
import { found } from './backends.ts';

/** Trains long enough for XLA to take over where it may; prints the bits of every loss. */
const cell = `
tf.enableDeterminism();
const model = tf.sequential({ layers: [
  tf.layers.dense({ inputShape: [64], units: 96, activation: 'relu' }),
  tf.layers.dropout({ rate: 0.2 }),
  tf.layers.batchNormalization(),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });
const x = tf.randomNormal([2000, 64]);
const y = tf.floor(tf.randomUniform([2000, 1], 0, 10));
const { history } = await model.fit(x, y, { epochs: 12, batchSize: 32, verbose: 0, validationSplit: 0.1 });
console.log(Object.values(history).map((values) => Buffer.from(new Float64Array(values as number[]).buffer).toString('hex')).join());
console.log(model.getWeights().map((weight) => Buffer.from(weight.dataSync().buffer).toString('base64')).join());`;

describe('determinism', { skip: found.includes('tensorflow') ? false : 'no library of TensorFlow' }, () => {
  const sessions = [new TestSession(), new TestSession()];

  it('two fresh sessions give bit-equal losses and weights', async () => {
    const printed = await Promise.all(
      sessions.map(async (session) => {
        const { result, stdout } = await session.run(cell);
        assert.equal(result.status, 'ok', JSON.stringify(result));
        return stdout;
      }),
    );
    assert.ok(printed[0]!.length > 1000);
    assert.equal(printed[0], printed[1]);
  });

  it('compiled functions say that they keep to the graph', async () => {
    const { value } = await sessions[0]!.run(`
      import { jit } from 'tensorcell';
      [...new Set(jit.stats().map(({ form, reason }) => form + ': ' + reason))].join()`);
    assert.match(value!, /graph: tf\.enableDeterminism\(\) keeps to the graph/);
  });
});
