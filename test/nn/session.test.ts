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

describe('%profile', () => {
  const session = new TestSession();

  it('shows the time by layer and by op, and gives the value of the code', async () => {
    await session.run(`
      const model = tf.sequential({ layers: [tf.layers.dense({ name: 'only', inputShape: [4], units: 2 })] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });`);
    const { result, value, outputs } = await session.run(
      '%%profile\nawait model.fit(tf.ones([8, 4]), tf.ones([8, 2]), { verbose: 0 });\n6 * 7',
    );
    assert.equal(result.status, 'ok', JSON.stringify(result));
    assert.equal(value, '42');
    const displays = outputs.flatMap((output) => (output.type === 'display' ? [output.data] : []));
    const text = displays[0]!['text/plain'] as string;
    assert.match(text, /^layer +calls +forward +backward +share\nonly \(Dense\) +1 /);
    assert.match(text, /\nthe optimizer /);
    assert.match(text, /\nop +calls /);
    assert.match(text, / on \w+, op by op: compiled functions and trainings ran uncompiled$/);
    assert.ok('image/svg+xml' in displays[1]! && 'image/png' in displays[1]);
  });

  it('says when nothing was computed', async () => {
    const { value, stdout } = await session.run('%profile 1 + 1');
    assert.equal(value, '2');
    assert.match(stdout, /^%profile: nothing was computed on \w+ in /);
  });
});
