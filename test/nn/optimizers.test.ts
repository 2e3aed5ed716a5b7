// AdamW, clipping and accumulation against PyTorch and Keras, step by step.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { AdamW, type AdamWOptions, accumulate, type ClipOptions, clip } from '../../src/nn/index.ts';
import { jit } from '../../src/tensor/jit/jit.ts';
import { setRate } from '../../src/tensor/rate.ts';
import { found, tf, values } from '../tensor/backends.ts';
import { close, equals, made, read, type Written } from './written.ts';

interface Case {
  readonly optimizer: 'adamW' | 'sgd' | 'adam';
  readonly config: ClipOptions & { readonly accumulate?: number };
  readonly by: string;
  readonly names: string[];
  readonly start: Written[];
  readonly gradients: Written[][];
  readonly values: Written[][];
}

function optimizerOf({ optimizer, config }: Case): Optimizer {
  if (optimizer === 'adamW') return new AdamW(config as AdamWOptions);
  const inner = optimizer === 'sgd' ? tf.train.sgd(0.1) : tf.train.adam(0.1, 0.9, 0.999, 1e-7);
  return config.accumulate ? accumulate(inner, config.accumulate) : clip(inner, config);
}

let runs = 0;

for (const backend of [...found, 'cpu']) {
  describe(`optimizers on ${backend}`, () => {
    for (const each of read<Case>('optimizers')) {
      it(`${each.optimizer} ${JSON.stringify(each.config)} steps as ${each.by}'s`, async () => {
        await tf.setBackend(backend);
        const optimizer = optimizerOf(each);
        const run = runs++;
        const variables = each.start.map((start, i) => tf.variable(made(start), true, `${run}/${each.names[i]}`));
        // Keras's Adam adds its epsilon before the correction of the second moment.
        const tolerance = each.by === 'keras' && each.optimizer !== 'sgd' ? 3e-5 : 2e-6;
        each.gradients.forEach((gradients, step) => {
          optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: made(gradients[i]!) })));
          variables.forEach((variable, i) => {
            equals(variable, each.values[step]![i]!, `${each.names[i]} after step ${step}`, tolerance);
          });
        });
      });
    }
  });
}

describe('a compiled step', () => {
  const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';
  const makers: Record<string, () => Optimizer> = {
    AdamW: () => new AdamW({ learningRate: 0.1, weightDecay: 0.5 }),
    'AdamW without biases': () => new AdamW({ learningRate: 0.1, weightDecay: 0.5, exclude: ['bias'] }),
    'clipped values': () => clip(tf.train.adam(0.1), { clipValue: 0.01 }),
    'clipped norms': () => clip(tf.train.sgd(0.1), { clipNorm: 0.1 }),
    'accumulated gradients': () => accumulate(tf.train.adam(0.1), 2),
    'accumulated, clipped gradients': () => accumulate(clip(new AdamW({ learningRate: 0.1 }), { clipNorm: 0.5 }), 3),
    'one clipped norm': () => clip(tf.train.momentum(0.1, 0.9), { globalClipNorm: 0.1 }),
  };
  for (const [name, make] of Object.entries(makers)) {
    it(`of ${name} is the step, at a rate that changes`, { skip }, async () => {
      await tf.setBackend('tensorflow');
      const [x, y] = [values([8, 4]), values([8, 2], 3)];
      const run = (compiled: boolean) => {
        const optimizer = make();
        const weight = tf.variable(values([4, 2], 5));
        const bias = tf.variable(tf.ones([2]), true, `${runs++}/bias`);
        const step = () =>
          optimizer.minimize(() => tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x, weight), bias), y))), false, [
            weight,
            bias,
          ]);
        const call = compiled ? jit(step, { name }) : step;
        for (let i = 0; i < 8; i++) {
          if (i === 4) setRate(optimizer, 0.01);
          call();
        }
        return [...weight.dataSync(), ...bias.dataSync(), optimizer.iterations];
      };
      close(run(true), run(false), 'the weights', 1e-5);
      const [form] = jit.stats().filter((row) => row.name === name);
      assert.ok(form && form.form !== 'eager' && form.recordings === 1, JSON.stringify(form));
    });
  }
});

describe('a compiled training', () => {
  it('accumulates gradients over its many steps as an uncompiled one', async () => {
    await tf.setBackend(found[0] ?? 'cpu');
    const [x, y] = [values([48, 4]), values([48, 2], 3)];
    const run = async (compile: boolean) => {
      const optimizer = accumulate(tf.train.adam(0.05), 3);
      const kernelInitializer = tf.initializers.constant({ value: 0.1 });
      const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 2, kernelInitializer })] });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      await model.fit(x, y, { epochs: 5, batchSize: 4, shuffle: false, verbose: 0, compile } as object);
      return [...model.getWeights()[0]!.dataSync(), optimizer.iterations, optimizer.pending];
    };
    const plain = await run(false);
    close(await run(true), plain, 'the weights');
    assert.deepEqual(plain.slice(-2), [20, 0]);
  });
});

describe('an optimizer', () => {
  const fitted = async (optimizer: Optimizer) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 2 })] });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await model.fit(values([16, 4]), values([16, 2], 3), { epochs: 2, batchSize: 4, verbose: 0 });
    return model;
  };

  it('that wraps another trains a model, counts the steps of the inner one and holds its rate', async () => {
    const inner = tf.train.adam(0.01);
    const optimizer = accumulate(clip(inner, { globalClipNorm: 1 }), 2);
    await fitted(optimizer);
    assert.equal(optimizer.iterations, 4);
    assert.equal(optimizer.learningRate, 0.01);
    optimizer.learningRate = 0.5;
    assert.equal((inner as unknown as { learningRate: number }).learningRate, 0.5);
  });

  it('leaves no tensors behind', async () => {
    const optimizer = accumulate(clip(new AdamW({ exclude: ['bias'] }), { clipNorm: 1 }), 2);
    const variable = tf.variable(values([3]));
    const step = () => optimizer.minimize(() => tf.sum(tf.square(variable)));
    step();
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 6; i++) step();
    assert.equal(tf.memory().numTensors, before);
  });

  it('is saved with its configuration and state, and loaded again', async () => {
    const optimizer = clip(new AdamW({ learningRate: 0.02, weightDecay: 0.1, exclude: ['bias'] }), {
      globalClipNorm: 2,
    });
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    await fitted(optimizer);
    const [cls, fromConfig] = classNameMap[optimizer.getClassName()]!;
    const config = JSON.parse(JSON.stringify(optimizer.getConfig()));
    const again = fromConfig(cls as never, config) as typeof optimizer;
    await again.setWeights(await optimizer.getWeights());
    assert.deepEqual(again.getConfig(), optimizer.getConfig());
    assert.equal(again.inner.constructor, AdamW);
    assert.equal(again.iterations, 8);
    assert.deepEqual((again.inner as AdamW).exclude, ['bias']);
  });

  it('says what its options must be', () => {
    assert.throws(() => new AdamW({ beta1: 1 }), /AdamW: beta1 must be in \[0, 1\), got 1/);
    assert.throws(() => new AdamW({ weightDecay: -1 }), /AdamW: weightDecay must be a finite number from 0 on, got -1/);
    assert.throws(() => clip(tf.train.sgd(1), {}), /clip: takes one of clipValue, clipNorm, globalClipNorm, got none/);
    assert.throws(
      () => clip(tf.train.sgd(1), { clipNorm: 1, clipValue: 1 }),
      /clip: takes one of .*, got clipValue and clipNorm/,
    );
    assert.throws(() => accumulate(tf.train.sgd(1), 0), /accumulate: steps must be a whole number above 0, got 0/);
  });
});
