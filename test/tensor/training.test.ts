// Networks learn on every backend, and Adam does there what it does in plain JavaScript.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { found, tf, values } from './backends.ts';

/** Pictures of 12 × 12 with a bright quarter, and which quarter it is. */
function quarters(count: number): { images: Tensor; labels: Tensor } {
  const pixels = new Float32Array(count * 144);
  const labels = Float32Array.from({ length: count }, (_, i) => i % 4);
  for (let i = 0; i < count; i++) {
    for (let at = 0; at < 144; at++) {
      const quarter = (at % 12 < 6 ? 0 : 1) + (at < 72 ? 0 : 2);
      pixels[i * 144 + at] = (quarter === labels[i] ? 0.8 : 0) + 0.2 * Math.abs(Math.sin(i * 144 + at));
    }
  }
  return { images: tf.tensor4d(pixels, [count, 12, 12, 1]), labels: tf.tensor1d(labels) };
}

function twoConvolutions() {
  const seed = 7;
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 4, kernelSize: 3, activation: 'relu', kernelInitializer }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', kernelInitializer }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4, activation: 'softmax', kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

for (const backend of found) {
  describe(`training on ${backend}`, () => {
    it('brings a network of two convolutions to know what it is shown', async () => {
      await tf.setBackend(backend);
      const { images, labels } = quarters(64);
      const { history } = await twoConvolutions().fit(images, labels, { epochs: 8, batchSize: 16, verbose: 0 });
      assert.ok((history.loss!.at(-1) as number) < (history.loss![0] as number) / 4, `loss ${history.loss}`);
      assert.equal(history.acc!.at(-1), 1);
    });

    it('gives the losses that plain JavaScript gives', async () => {
      const losses = async (name: string) => {
        await tf.setBackend(name);
        const { images, labels } = quarters(16);
        const { history } = await twoConvolutions().fit(images, labels, { epochs: 5, shuffle: false, verbose: 0 });
        return history.loss as number[];
      };
      const [wanted, got] = [await losses('cpu'), await losses(backend)];
      wanted.forEach((loss, i) => {
        assert.ok(Math.abs(loss - got[i]!) < 1e-3, `epoch ${i}: ${loss} expected, got ${got[i]}`);
      });
    });

    it('trains embeddings, normalisation, depthwise convolutions and recurrent layers', async () => {
      await tf.setBackend(backend);
      const models = [
        [tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 3 }), tf.layers.lstm({ units: 4 })],
        [tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 3 }), tf.layers.gru({ units: 4 })],
        [
          tf.layers.reshape({ inputShape: [3], targetShape: [3, 1, 1] }),
          tf.layers.depthwiseConv2d({ kernelSize: [2, 1], depthMultiplier: 3 }),
          tf.layers.batchNormalization(),
          tf.layers.flatten(),
        ],
      ].map((layers) => tf.sequential({ layers: [...layers, tf.layers.dense({ units: 1 })] }));
      const x = tf.tensor2d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], [4, 3]);
      for (const model of models) {
        model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
        const { history } = await model.fit(x, tf.tensor2d([[1], [2], [3], [4]]), { epochs: 12, verbose: 0 });
        const losses = history.loss as number[];
        assert.ok(losses.at(-1)! < losses[0]!, `loss ${losses[0]} → ${losses.at(-1)}`);
      }
    });

    it('steps by Adam as plain JavaScript does, whatever the size', async () => {
      const steps = async (name: string) => {
        await tf.setBackend(name);
        return [1, 3, 4, 1003].map((size) => {
          const weights = tf.variable(values([size]));
          const optimizer = tf.train.adam(0.01);
          for (let i = 0; i < 5; i++) optimizer.minimize(() => tf.sum(tf.pow(weights, 4)) as never, false, [weights]);
          return [...weights.dataSync()];
        });
      };
      const [wanted, got] = [(await steps('cpu')).flat(), (await steps(backend)).flat()];
      wanted.forEach((value, i) => {
        assert.ok(Math.abs(value - got[i]!) < 1e-6, `weight ${i}: ${value} expected, got ${got[i]}`);
      });
    });

    it('keeps the state of an Adam that is saved and read back', async () => {
      await tf.setBackend(backend);
      const make = () => ({ weights: tf.variable(tf.tensor1d([1, 2, 3])), optimizer: tf.train.adam(0.1) });
      const loss = (weights: Tensor) => () => tf.sum(tf.square(weights)) as never;
      const [first, second] = [make(), make()];
      first.optimizer.minimize(loss(first.weights), false, [first.weights]);
      await second.optimizer.setWeights(await first.optimizer.getWeights());
      second.weights.assign(first.weights);
      for (const { weights, optimizer } of [first, second]) optimizer.minimize(loss(weights), false, [weights]);
      const [restored, kept] = [second.weights.dataSync(), first.weights.dataSync()];
      // tfjs takes a power of the backend's, of which a driver of WebGPU has few digits.
      const most = backend === 'webgpu' ? 1e-5 : 0;
      restored.forEach((value, i) => {
        assert.ok(Math.abs(value - kept[i]!) <= most, `weight ${i}: ${kept[i]} expected, got ${value}`);
      });
    });
  });
}
