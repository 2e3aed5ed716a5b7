// Where the time of operations goes: by op and by layer, on every backend.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { jit } from '../../src/tensor/jit/jit.ts';
import { type Profile, profile } from '../../src/tensor/profile.ts';
import { resetScopes } from '../../src/tensor/scopes.ts';
import { found, tf, values } from './backends.ts';

const x = values([64, 16]);
const y = values([64, 2], 3);

function makeModel() {
  const model = tf.sequential({
    name: 'two',
    layers: [
      tf.layers.dense({ name: 'first', inputShape: [16], units: 32, activation: 'relu' }),
      tf.layers.dense({ name: 'second', units: 2 }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  return model;
}

const names = (rows: Profile['ops']) => rows.map(({ name }) => name);

for (const backend of [...found, 'cpu']) {
  describe(`a profile on ${backend}`, () => {
    it('tells the ops, with what they took', async () => {
      await tf.setBackend(backend);
      const measured = await profile(() => {
        tf.dispose([tf.matMul(x, x, true), tf.sin(x), tf.sin(x)]);
        return 'done';
      });
      assert.equal(measured.value, 'done');
      const { ops, wall, layers } = measured.profile;
      assert.equal(measured.profile.backend, backend);
      const sin = ops.find(({ name }) => name === 'Sin')!;
      assert.equal(sin.calls, 2);
      assert.ok(sin.forward > 0 && sin.backward === 0);
      assert.ok(
        names(ops).some((name) => /MatMul/.test(name)),
        String(names(ops)),
      );
      assert.ok(ops.reduce((sum, { forward }) => sum + forward, 0) <= wall);
      assert.deepEqual(names(layers), ['outside of layers']);
    });

    it('tells the layers of a training, forward and backward, and the optimizer', async () => {
      await tf.setBackend(backend);
      const model = makeModel();
      const measured = await profile(() => model.fit(x, y, { epochs: 2, batchSize: 32, verbose: 0 }));
      assert.equal(measured.value.epoch.length, 2);
      const { layers } = measured.profile;
      assert.deepEqual(names(layers), ['first (Dense)', 'second (Dense)', 'the optimizer', 'outside of layers']);
      for (const row of layers.slice(0, 2))
        assert.ok(row.forward > 0 && row.backward > 0 && row.calls === 4, JSON.stringify(row));
      assert.ok(layers[2]!.forward > 0);
      const kernels = core(backend);
      await model.fit(x, y, { epochs: 1, verbose: 0 });
      assert.deepEqual(core(backend), kernels);
    });
  });
}

/** The functions that are registered. */
const core = (backend: string) => tf.getKernelsForBackend(backend).map(({ kernelFunc }) => kernelFunc);

describe('a profile', () => {
  it('puts everything back after an error and after an interrupt', async () => {
    await tf.setBackend(found[0] ?? 'cpu');
    const before = core(tf.getBackend());
    const apply = tf.layers.Layer.prototype.apply;
    await assert.rejects(
      profile(() => tf.matMul(values([2, 3]), values([2, 3])) as Tensor),
      /matMul|inner/i,
    );
    assert.deepEqual(core(tf.getBackend()), before);
    void profile(() => new Promise(() => {}));
    assert.notDeepEqual(core(tf.getBackend()), before);
    await assert.rejects(
      profile(() => 1),
      /one is under way already/,
    );
    resetScopes();
    assert.deepEqual(core(tf.getBackend()), before);
    assert.equal(tf.layers.Layer.prototype.apply, apply);
  });

  it('sees what is compiled op by op', {
    skip: found.includes('tensorflow') ? false : 'no library of TensorFlow',
  }, async () => {
    await tf.setBackend('tensorflow');
    const compiled = jit((given: Tensor) => tf.sin(tf.cos(given)));
    compiled(x);
    const { ops } = (await profile(() => compiled(x))).profile;
    assert.deepEqual(names(ops).sort(), ['Cos', 'Sin']);
  });
});
