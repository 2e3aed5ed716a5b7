// 'tensorcell/nn' as a cell imports it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestSession } from '../session/harness.ts';

describe('tensorcell/nn in a session', () => {
  const session = new TestSession();

  it("is the session's own TensorFlow.js", async () => {
    await session.run(`import { AdamW, bestWeights, cosine, learningRate, MultiHeadAttention } from 'tensorcell/nn'`);
    const { value } = await session.run(
      'new MultiHeadAttention({ numHeads: 1, keyDim: 2 }) instanceof tf.layers.Layer',
    );
    assert.equal(value, 'true');
  });

  it('trains a model with its parts', async () => {
    const { result, value } = await session.run(`
      const input = tf.input({ shape: [5, 4] });
      const seen = new MultiHeadAttention({ numHeads: 2, keyDim: 2, causal: true }).apply(input);
      const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 1 }).apply(seen) });
      model.compile({ optimizer: new AdamW({ learningRate: 0.01 }), loss: 'meanSquaredError' });
      const rates = learningRate(cosine({ rate: 0.02, steps: 20, warmUp: 4 }));
      const best = bestWeights({ monitor: 'loss' });
      await model.fit(tf.randomNormal([32, 5, 4]), tf.randomNormal([32, 5, 1]), { epochs: 6, callbacks: [rates, best] });
      best.epoch`);
    assert.equal(result.status, 'ok');
    assert.match(value!, /^[0-5]$/);
  });
});
