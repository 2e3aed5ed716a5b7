// Randomness of the session: one seed for all of it, the same numbers on every backend, masks that don't repeat.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { draw, sequence } from '../../src/tensor/random/philox.ts';
import { agrees, found, tf } from './backends.ts';

const everywhere = [...found, 'cpu'];

const list = (x: Tensor): number[] => tf.tidy(() => Array.from(x.dataSync()));
const near = (a: ArrayLike<number>, b: readonly number[]) =>
  b.every((value, i) => Math.abs(a[i]! - value) < 2e-6) && a.length === b.length;

describe('the generator in JavaScript', () => {
  // What StatelessRandomUniformV2, StatelessRandomNormalV2 and StatelessTruncatedNormalV2 of TensorFlow 2.21 give for these seeds.
  const known = [
    ['uniform', [1, 2], [0.8440604209899902, 0.19204533100128174, 0.9962232112884521]],
    ['uniform', [2147483647, 1073741829], [0.06457400321960449, 0.9084893465042114, 0.18603336811065674]],
    ['normal', [5, 77], [-0.7330322861671448, 0.006362441461533308, 1.244249939918518]],
    ['truncatedNormal', [0, 0], [-1.6970340013504028, -0.4813767075538635, -0.6622369289398193]],
  ] as const;
  for (const [distribution, seed, wanted] of known)
    it(`draws TensorFlow’s ${distribution} numbers of the seed ${seed}`, () => {
      const got = draw(distribution, seed, 3);
      assert.ok(near(got, wanted), `got ${got}`);
    });

  it('leaves out what lies beyond two deviations, and nothing else', () => {
    const values = draw('truncatedNormal', [3, 4], 4001);
    assert.equal(values.length, 4001);
    assert.ok(values.every((value) => Math.abs(value) < 2 && value !== 0));
  });

  it('gives an endless sequence of fractions', () => {
    const next = sequence([9, 9]);
    const values = Array.from({ length: 1000 }, next);
    assert.ok(values.every((value) => value >= 0 && value < 1));
    assert.equal(new Set(values).size, 1000);
  });
});

for (const backend of found)
  describe(`random numbers on ${backend}`, () => {
    const operations: Record<string, () => Tensor> = {
      randomUniform: () => tf.randomUniform([3, 5], -2, 3),
      'randomUniform of whole numbers': () => tf.randomUniformInt([50], -3, 4),
      randomNormal: () => tf.randomNormal([3, 5], 1, 2),
      randomStandardNormal: () => tf.randomStandardNormal([7]),
      truncatedNormal: () => tf.truncatedNormal([30], 1, 0.5),
      randomGamma: () => tf.randomGamma([5], 2, 3),
      dropout: () => tf.dropout(tf.ones([40]), 0.4),
    };
    for (const [name, operation] of Object.entries(operations))
      it(`${name} gives for one seed what the plain backend gives`, () =>
        agrees(backend, () => {
          tf.setSeed(11);
          return operation();
        }));
  });

for (const backend of everywhere)
  describe(`tf.setSeed on ${backend}`, () => {
    const repeats = (operation: () => Tensor, seed = 5): [number[], number[], number[]] => {
      tf.setSeed(seed);
      const first = list(operation());
      const next = list(operation());
      tf.setSeed(seed);
      return [first, next, list(operation())];
    };

    for (const [name, operation] of Object.entries({
      randomUniform: () => tf.randomUniform([20]),
      randomNormal: () => tf.randomNormal([20]),
      truncatedNormal: () => tf.truncatedNormal([20]),
      randomGamma: () => tf.randomGamma([20], 2),
      multinomial: () => tf.multinomial([0.3, 0.2, 0.25, 0.25], 60, undefined, true),
      dropout: () => tf.dropout(tf.ones([60]), 0.5),
    }))
      it(`repeats ${name}, which otherwise goes on`, async () => {
        await tf.setBackend(backend);
        const [first, next, again] = repeats(operation);
        assert.deepEqual(again, first);
        assert.notDeepEqual(next, first);
      });

    it('repeats initial weights and a whole training, its shuffles included', async () => {
      await tf.setBackend(backend);
      const train = async () => {
        tf.setSeed(21);
        const model = tf.sequential();
        model.add(tf.layers.dense({ units: 6, inputShape: [3], activation: 'tanh' }));
        model.add(tf.layers.dropout({ rate: 0.3 }));
        model.add(tf.layers.dense({ units: 1, kernelInitializer: 'heNormal' }));
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
        const [x, y] = [tf.randomNormal([20, 3]), tf.randomUniform([20, 1])];
        const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4, verbose: 0 });
        for (const each of [x, y, model]) each.dispose();
        return history.loss;
      };
      assert.deepEqual(await train(), await train());
    });
  });

describe('random operations', () => {
  afterEach(async () => {
    await tf.setBackend('cpu');
  });

  it('keep tfjs’s numbers where they are given a seed of their own', async () => {
    await tf.setBackend('cpu');
    const uniform = list(tf.randomUniform([3], 0, 1, 'float32', 42));
    const normal = list(tf.randomNormal([3], 0, 1, 'float32', 42));
    // Of @tensorflow/tfjs-core 4.22.0.
    assert.ok(near(uniform, [0.6848635077476501, 0.5463244915008545, 0.8455933332443237]), `got ${uniform}`);
    assert.ok(near(normal, [1.9053093194961548, 0.4774465560913086, 0.4454464018344879]), `got ${normal}`);
    tf.setSeed(1);
    const [first, second] = [1, 2].map(() => list(tf.dropout(tf.ones([30]), 0.5, undefined, 3)));
    assert.deepEqual(first, second, 'a call of dropout with a seed repeats its mask');
  });

  it('have the mean and the deviation that are asked for', () => {
    tf.setSeed(2);
    const of = (x: Tensor) => {
      const { mean, variance } = tf.moments(x);
      return [list(mean)[0]!, Math.sqrt(list(variance)[0]!)];
    };
    const close = (got: number[], wanted: number[]) =>
      assert.ok(
        got.every((value, i) => Math.abs(value - wanted[i]!) < 0.05),
        `${got} for ${wanted}`,
      );
    close(of(tf.randomUniform([20_000], -1, 3)), [1, 4 / Math.sqrt(12)]);
    close(of(tf.randomNormal([20_000], 2, 0.5)), [2, 0.5]);
    close(of(tf.truncatedNormal([20_000])), [0, 0.8796]);
    // tfjs’s beta is a scale, whatever its documentation says.
    close(of(tf.randomGamma([20_000], 4, 0.5)), [2, 1]);
  });

  it('give whole numbers from the lowest up to but not the highest', () => {
    tf.setSeed(4);
    const x = tf.randomUniformInt([2000], 0, 5);
    assert.equal(x.dtype, 'int32');
    assert.deepEqual([...new Set(list(x))].sort(), [0, 1, 2, 3, 4]);
  });

  it('refuse a seed that is no number, and lengths that are none', () => {
    assert.throws(() => tf.setSeed('1' as never), /tf\.setSeed: must be a finite number, got 1/);
    assert.throws(() => tf.setSeed(Number.NaN), /must be a finite number, got NaN/);
    assert.throws(() => tf.randomUniform([-1]), /\[-1\]/);
    assert.throws(() => tf.dropout(tf.ones([2]), 1), /rate must be in \[0, 1\), got 1/);
  });

  it('take fractions and large numbers as seeds, each its own', () => {
    const of = (seed: number) => {
      tf.setSeed(seed);
      return list(tf.randomUniform([4])).join();
    };
    assert.equal(new Set([0, 1, -1, 0.5, 0.25, 2 ** 40, 2 ** 40 + 1].map(of)).size, 7);
  });
});

describe('dropout', () => {
  it('passes the gradient of what it keeps, and leaves no tensor behind', () => {
    tf.setSeed(1);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const x = tf.ones([50]);
      tf.setSeed(12);
      const kept = list(tf.dropout(x, 0.2));
      tf.setSeed(12);
      assert.deepEqual(list(tf.grad((x) => tf.dropout(x, 0.2))(x)), kept);
    });
    const x = tf.tensor1d([1, 2]);
    tf.dispose([
      x,
      tf.dropout(x, 0.5),
      tf.dropout(x, 0),
      tf.randomNormal([3], 1, 2),
      tf.randomUniform([2], 1, 4, 'int32'),
    ]);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('dropout of a layer with a seed', () => {
  const masks = (count: number) => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 7 });
    const x = tf.ones([1, 64]);
    return Array.from({ length: count }, () => list(layer.apply(x, { training: true }) as Tensor).join());
  };

  it('differs at every call, and repeats in a new layer', () => {
    tf.setSeed(1);
    const first = masks(3);
    assert.equal(new Set(first).size, 3);
    tf.setSeed(2);
    assert.deepEqual(masks(3), first);
  });

  it('scales what it keeps, leaves what it does not train, and shares a mask along a noise shape’s axes', () => {
    const layer = tf.layers.dropout({ rate: 0.75, seed: 1, noiseShape: [3, 1] });
    const x = tf.ones([3, 5]);
    const rows = tf.tidy(() => (layer.apply(x, { training: true }) as Tensor).arraySync() as number[][]);
    for (const row of rows)
      assert.ok(
        row.every((value) => value === row[0] && (value === 0 || value === 4)),
        String(row),
      );
    assert.deepEqual(list(layer.apply(x) as Tensor), list(x));
  });
});

describe('shuffles', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

  it('follow tf.setSeed and keep every element', () => {
    const shuffled = () => {
      const array = numbers(50);
      tf.util.shuffle(array);
      return array;
    };
    tf.setSeed(6);
    const [first, second] = [shuffled(), shuffled()];
    tf.setSeed(6);
    assert.deepEqual(shuffled(), first);
    assert.notDeepEqual(second, first);
    assert.deepEqual(
      [...first].sort((a, b) => a - b),
      numbers(50),
    );
  });

  it('take typed arrays, and two lists alike', () => {
    const [a, b] = [new Uint32Array(numbers(20)), numbers(20).map(String)];
    tf.util.shuffleCombo(a as never, b);
    assert.deepEqual([...a].map(String), b);
    assert.throws(() => tf.util.shuffleCombo([1], [1, 2]), /same length, got 1 and 2/);
  });

  it('of tf.data follow it too', async () => {
    const order = () => tf.data.array(numbers(40)).shuffle(40).toArray();
    tf.setSeed(8);
    const [first, second] = [await order(), await order()];
    tf.setSeed(8);
    assert.deepEqual(await order(), first);
    assert.notDeepEqual(second, first);
  });
});
