// Tensors that nothing refers to are freed, and no others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Tensor } from '@tensorflow/tfjs-core';
import { collect, nativeBytes, pressure } from '../../src/tensor/pressure.ts';
import { found, tf } from './backends.ts';

/** Tensors there are after a collection. What `make` made and let go of is gone by then. */
async function kept(make: () => unknown): Promise<number> {
  await collect();
  const before = tf.memory().numTensors;
  await make();
  await collect();
  return tf.memory().numTensors - before;
}

function smallModel() {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [4], units: 8 }), tf.layers.dense({ units: 1 })],
  });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

for (const backend of found) {
  describe(`memory on ${backend}`, () => {
    it('frees what no name refers to', async () => {
      await tf.setBackend(backend);
      const left = await kept(() => {
        for (let i = 0; i < 100; i++) tf.add(tf.ones([100]), i);
      });
      assert.equal(left, 0);
    });

    it('keeps what a name refers to, and frees it when the name is given to another', async () => {
      let held: Tensor | undefined = tf.range(0, 5);
      assert.equal(await kept(() => undefined), 0);
      assert.deepEqual([...held.dataSync()], [0, 1, 2, 3, 4]);
      const left = await kept(() => {
        held = undefined;
      });
      assert.equal(left, -1);
    });

    it('keeps data that a reshaped or cloned tensor shares', async () => {
      const shared = (() => tf.reshape(tf.clone(tf.range(0, 6)), [2, 3]))();
      await collect();
      assert.deepEqual([...shared.dataSync()], [0, 1, 2, 3, 4, 5]);
      shared.dispose();
    });

    it('frees nothing twice', async () => {
      const left = await kept(() => {
        for (let i = 0; i < 10; i++) tf.ones([10]).dispose();
        tf.tidy(() => void tf.ones([10]));
      });
      assert.equal(left, 0);
    });

    it('leaves open scopes, kept tensors and results of tidy alone', async () => {
      const keep: { tensor?: Tensor } = {};
      const result = tf.tidy(() => {
        keep.tensor = tf.keep(tf.scalar(7));
        return tf.add(tf.ones([2]), 1);
      });
      tf.engine().startScope();
      const inside = tf.ones([3]);
      await collect();
      assert.deepEqual([...result.dataSync(), ...inside.dataSync(), ...keep.tensor!.dataSync()], [2, 2, 1, 1, 1, 7]);
      tf.engine().endScope();
      assert.ok(inside.isDisposed);
      tf.dispose([result, keep.tensor!]);
    });

    it('frees a kept tensor that was lost', async () => {
      assert.equal(await kept(() => void tf.tidy(() => void tf.keep(tf.ones([5])))), 0);
    });

    it('follows variables through assignments, and frees lost ones', async () => {
      const left = await kept(() => {
        const variable = tf.variable(tf.ones([4]));
        for (let i = 0; i < 5; i++) variable.assign(tf.mul(variable, 2));
        assert.equal(variable.dataSync()[0], 32);
      });
      assert.equal(left, 0);
      const variable = tf.variable(tf.ones([2]), true, 'held');
      await collect();
      variable.assign(tf.zeros([2]));
      await collect();
      assert.deepEqual([...variable.dataSync()], [0, 0]);
      assert.throws(() => tf.variable(tf.ones([1]), true, 'held'), /already registered/);
      variable.dispose();
      tf.variable(tf.ones([1]), true, 'held').dispose();
    });

    it('computes gradients while garbage is collected', async () => {
      const gradient = tf.grad((x) => {
        let y = x;
        for (let i = 0; i < 20; i++) y = tf.relu(tf.mul(y, 1.01));
        return tf.sum(y);
      })(tf.ones([8]));
      await collect();
      assert.ok(Math.abs(gradient.dataSync()[0]! - 1.01 ** 20) < 1e-4);
      gradient.dispose();
    });

    it('trains as ever while garbage is collected before every operation', async () => {
      const train = async (before: () => void): Promise<number[]> => {
        tf.setSeed(5);
        const [w, b] = [tf.variable(tf.randomNormal([6, 3])), tf.variable(tf.zeros([3]))];
        const [x, y] = [tf.randomNormal([16, 6]), tf.ones([16, 3])];
        const optimizer = tf.train.adam(0.1);
        const engine = tf.engine();
        const { runKernel } = engine;
        engine.runKernel = function <T extends Tensor | Tensor[]>(...call: Parameters<typeof runKernel>): T {
          before();
          return runKernel.apply(this, call) as T;
        };
        try {
          for (let step = 0; step < 8; step++) {
            optimizer.minimize(() => tf.losses.meanSquaredError(y, tf.tanh(tf.add(tf.matMul(x, w), b))));
            // Finalizers run.
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          engine.runKernel = runKernel;
        }
        return [...w.dataSync(), ...b.dataSync()];
      };
      await tf.setBackend(backend);
      v8.setFlagsFromString('--expose-gc');
      const gc = vm.runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
      let calls = 0;
      const plain = await train(() => {});
      assert.deepEqual(await train(() => gc({ type: calls++ % 8 === 0 ? 'major' : 'minor' })), plain);
      assert.ok(calls > 100);
    });

    it('frees models that no name refers to, with their optimizers', async () => {
      const train = async (): Promise<void> => {
        const model = smallModel();
        const [x, y] = [tf.ones([16, 4]), tf.ones([16, 1])];
        await model.fit(x, y, { epochs: 2, verbose: 0 });
      };
      await train();
      const left = await kept(async () => {
        for (let i = 0; i < 3; i++) await train();
      });
      assert.equal(left, 0);
    });

    it('gives the bytes back to the backend', async () => {
      await tf.setBackend(backend);
      await collect();
      const before = tf.engine().backend.numDataIds();
      for (let i = 0; i < 50; i++) tf.ones([1000]);
      await collect();
      assert.equal(tf.engine().backend.numDataIds(), before);
    });

    it('feels pressure past 256 MB of new tensors, until a collection', async () => {
      await collect();
      assert.equal(nativeBytes(), 0);
      assert.ok(!pressure());
      for (let i = 0; i < 9; i++) tf.zeros([2 ** 23]);
      assert.ok(nativeBytes() >= 9 * 2 ** 25);
      assert.ok(pressure());
      await collect();
      assert.ok(!pressure());
      assert.ok(nativeBytes() < 2 ** 20);
    });
  });
}
