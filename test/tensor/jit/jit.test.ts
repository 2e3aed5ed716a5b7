// A compiled function does what the function does: its results, its variables, its optimizer, its random numbers; and it says when it can't.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { jit } from '../../../src/tensor/jit/jit.ts';
import { record } from '../../../src/tensor/trace/record.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

let warned: string[] = [];

beforeEach(async () => {
  await tf.setBackend(skip ? 'wasm' : 'tensorflow');
  warned = [];
  mock.method(console, 'warn', (text: string) => void warned.push(text));
});

afterEach(() => mock.restoreAll());

/** The row of a function for its last shape. */
const statsOf = (name: string) => jit.stats().findLast((row) => row.name === name)!;

/** A network of two layers with a step; every call makes the same. */
function network(optimizer = tf.train.adam(0.01)) {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 5 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [6], units: 8, activation: 'relu', kernelInitializer }),
      tf.layers.dense({ units: 1, kernelInitializer }),
    ],
  });
  const loss = (x: Tensor, y: Tensor) => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as Tensor);
  const step = (x: Tensor, y: Tensor) => optimizer.minimize(() => loss(x, y) as Scalar, true)!;
  return { model, optimizer, step };
}

const read = (tensor: Tensor) => Array.from(tensor.dataSync());

function near(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  assert.equal(got.length, wanted.length);
  wanted.forEach((value, i) => {
    assert.ok(
      Math.abs(got[i]! - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${i}: ${value} expected, got ${got[i]}`,
    );
  });
}

describe('jit', { skip }, () => {
  it('gives a function’s results, in the form that it returns them', () => {
    const pair = jit((x: Tensor, y: Tensor) => ({ sum: tf.add(x, y), all: [tf.mul(x, 2), null] as const }), {
      name: 'pair',
    });
    for (let i = 0; i < 3; i++) {
      const [x, y] = [values([2, 3], i + 1), values([2, 3], i + 2)];
      const { sum, all } = pair(x, y);
      near(read(sum), read(tf.add(x, y)), 0);
      near(read(all[0]), read(tf.mul(x, 2)), 0);
      assert.equal(all[1], null);
    }
    const { form, calls, recordings } = statsOf('pair');
    assert.deepEqual({ form, calls, recordings }, { form: 'graph', calls: 3, recordings: 1 });
  });

  it('trains as the function does: losses, weights and the optimizer’s counter', () => {
    const [x, y] = [values([16, 6]), values([16, 1], 2)];
    const [plain, compiled] = [network(), network()];
    const step = jit(compiled.step, { name: 'training' });
    for (let i = 0; i < 100; i++) near(read(step(x, y)), read(plain.step(x, y)), 1e-4);
    assert.equal(compiled.optimizer.iterations, 100);
    compiled.model.getWeights().forEach((weight, i) => {
      near(read(weight), read(plain.model.getWeights()[i]!), 1e-3);
    });
    assert.notEqual(statsOf('training').form, 'eager');
  });

  it('gives the gradient of pooling to the first of the largest, at edges too', () => {
    for (const [shape, size, strides] of [
      [[2, 6, 6, 3], 2, 2],
      [[2, 7, 9, 1], 2, 2],
      [[1, 9, 8, 2], 3, 3],
      [
        [2, 6, 6, 2],
        [1, 2],
        [1, 2],
      ],
      [[2, 7, 7, 2], 3, 2],
    ] as const) {
      // Many are equal: 0 after the relu.
      const slope = tf.grad((x: Tensor) => {
        const pooled = tf.maxPool(tf.relu(x) as Tensor4D, size as number, strides as number, 'valid');
        return tf.sum(tf.mul(pooled, values(pooled.shape, 4)));
      });
      const x = tf.sub(values([...shape], 3), 0.5);
      near(read(jit(slope, { name: 'pooling' })(x)), read(slope(x)), 1e-6);
      assert.equal(statsOf('pooling').form, 'graph');
      near(read(jit(slope, { xla: false })(x)), read(slope(x)), 1e-6);
      const { recorder } = record(() => slope(x), { xla: false });
      assert.deepEqual(recorder.functions, [], 'a part is XLA’s');
      recorder.dispose();
    }
  });

  it('leaves no tensor behind', () => {
    const { step } = network();
    const compiled = jit(step);
    const [x, y] = [values([4, 6]), values([4, 1], 2)];
    for (let i = 0; i < 3; i++) compiled(x, y).dispose();
    const before = tf.memory();
    for (let i = 0; i < 20; i++) compiled(x, y).dispose();
    assert.deepEqual(tf.memory(), before);
  });

  it('goes on from what is assigned to variables outside, and shows outside what it assigns', () => {
    const total = tf.variable(tf.zeros([2]));
    const add = jit((x: Tensor) => void total.assign(tf.add(total, x)), { name: 'adding' });
    add(tf.tensor1d([1, 2]));
    add(tf.tensor1d([1, 2]));
    assert.deepEqual(read(total), [2, 4]);
    total.assign(tf.tensor1d([10, 10]));
    const shared = total.clone();
    add(tf.tensor1d([1, 2]));
    assert.deepEqual(read(total), [11, 12]);
    assert.deepEqual(read(shared), [10, 10], 'a clone keeps its value');
    assert.equal(statsOf('adding').recordings, 1);
  });

  it('draws random numbers anew at each call, the same for the same seed, compiled or not', () => {
    const noise = () => tf.randomNormal([5]);
    const compiled = jit(noise, { name: 'noise' });
    tf.setSeed(3);
    const wanted = [read(noise()), read(noise())];
    tf.setSeed(3);
    near(read(compiled()), wanted[0]!, 1e-5);
    near(read(compiled()), wanted[1]!, 1e-5);
    assert.notDeepEqual(wanted[0], wanted[1]);
  });

  it('takes numbers and texts among the arguments as they are, and a new value as another function', () => {
    const scaled = jit((x: Tensor, by: number, { negative }: { negative: boolean }) => tf.mul(x, negative ? -by : by));
    assert.deepEqual(read(scaled(tf.tensor1d([1, 2]), 3, { negative: false })), [3, 6]);
    assert.deepEqual(read(scaled(tf.tensor1d([1, 2]), 4, { negative: true })), [-4, -8]);
    assert.deepEqual(read(scaled(tf.tensor1d([1, 2]), 3, { negative: false })), [3, 6]);
  });

  it('is recorded anew when a layer’s setting changes', () => {
    // tfjs's other optimizers keep their state by place among the trainable variables.
    const { model, step } = network(tf.train.sgd(0.1) as never);
    const compiled = jit(step, { name: 'frozen' });
    const [x, y] = [values([4, 6]), values([4, 1], 2)];
    compiled(x, y);
    compiled(x, y);
    const weights = () => model.layers[0]!.getWeights().flatMap(read);
    model.layers[0]!.trainable = false;
    const before = weights();
    compiled(x, y);
    assert.deepEqual(weights(), before, 'a layer that is not trainable stays');
    model.layers[0]!.trainable = true;
    compiled(x, y);
    assert.notDeepEqual(weights(), before);
    assert.equal(statsOf('frozen').recordings, 3);
  });

  it('runs a function that reads a value as it is, and says why and where', () => {
    const reading = jit(function halved(x: Tensor) {
      return tf.sum(x).dataSync()[0]! > 0 ? tf.mul(x, 0.5) : x;
    });
    assert.deepEqual(read(reading(tf.tensor1d([1, 3]))), [0.5, 1.5]);
    assert.deepEqual(read(reading(tf.tensor1d([-1, -3]))), [-1, -3]);
    assert.equal(warned.length, 1);
    assert.match(warned[0]!, /^jit: halved runs uncompiled: it reads a value of a tensor, at .*jit\.test\.js:\d+:\d+$/);
    assert.match(statsOf('halved').reason!, /reads a value/);
  });

  it('sees a reading that the function catches', () => {
    const caught = jit(function catching(x: Tensor) {
      try {
        return tf.scalar(x.dataSync()[0]!);
      } catch {
        return tf.scalar(-1);
      }
    });
    assert.deepEqual(read(caught(tf.tensor1d([7]))), [7]);
  });

  it('leaves everything as it was when a function can’t be recorded', () => {
    const weight = tf.variable(tf.ones([2]));
    const failing = jit(function failing(x: Tensor) {
      weight.assign(tf.add(weight, x));
      return tf.scalar(weight.dataSync()[0]!);
    });
    const before = tf.memory().numTensors;
    const x = tf.ones([2]);
    assert.deepEqual(read(failing(x)), [2]);
    assert.deepEqual(read(failing(x)), [3]);
    assert.deepEqual(read(weight), [3, 3]);
    assert.equal(tf.memory().numTensors, before + 3, 'x and two results');
  });

  it('has shapes that depend on values run as they are', () => {
    const unique = jit(function distinct(x: Tensor) {
      return tf.unique(x).values;
    });
    assert.deepEqual(read(unique(tf.tensor1d([1, 2, 1]))), [1, 2]);
    assert.match(warned[0]!, /shape depends on values/);
  });

  it('refuses results that are no tensors, compiled or not', () => {
    const five = jit(() => 5);
    for (let i = 0; i < 2; i++)
      assert.throws(() => five(), { name: 'TypeError', message: /must return a tensor.*got a number \(5\)/ });
    assert.throws(() => jit(async () => tf.scalar(1))(), { name: 'TypeError', message: /got a promise/ });
    assert.throws(() => jit(7 as never), { name: 'TypeError', message: /must be given a function, got number/ });
  });

  it('gives an error of the function as it is', () => {
    const wrong = jit((x: Tensor2D) => tf.matMul(x, x));
    assert.throws(() => wrong(tf.ones([2, 3])), /inner lengths/);
    assert.throws(() => jit(() => assert.fail('of the user'))(), /of the user/);
  });

  it('says so when a tensor that it uses has been disposed', () => {
    const table = tf.ones([3]);
    const using = jit((x: Tensor) => tf.mul(x, table), { name: 'using' });
    using(tf.ones([3]));
    table.dispose();
    assert.throws(() => using(tf.ones([3])), /using: a tensor that it uses from outside has been disposed/);
    const given = tf.ones([3]);
    given.dispose();
    assert.throws(() => using(given), /an argument has been disposed, float32 \[3\]/);
  });

  it('bounds the shapes that it compiles, with a hint', () => {
    const sum = jit((x: Tensor) => tf.sum(x), { name: 'ever another shape' });
    for (let length = 1; length <= 40; length++) assert.deepEqual(read(sum(tf.ones([length]))), [length]);
    assert.equal(jit.stats().filter(({ name }) => name === 'ever another shape').length, 16);
    assert.match(warned[0]!, /compiled for each of 8 shapes.*float32\[8\].*give batches of one shape/);
  });

  it('has the function’s gradient, within one', () => {
    const square = jit((x: Tensor) => tf.square(x));
    assert.deepEqual(read(tf.grad((x) => square(x))(tf.tensor1d([1, 2, 3]))), [2, 4, 6]);
    const inside = jit((x: Tensor) => tf.grad((x) => square(x))(x));
    assert.deepEqual(read(inside(tf.tensor1d([1, 2, 3]))), [2, 4, 6]);
  });

  it('is told apart by the variables that it is given', () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(10))];
    const grow = jit((v: Variable) => void v.assign(tf.mul(v, 2) as Scalar));
    for (let i = 0; i < 3; i++) for (const v of [a, b]) grow(v);
    assert.deepEqual([read(a), read(b)], [[8], [80]]);
  });

  it('takes XLA where it measures faster, and never changes a result by it', async () => {
    const { step } = network(tf.train.adam(0));
    const compiled = jit(step, { name: 'by both forms' });
    const [x, y] = [values([4, 6]), values([4, 1], 2)];
    const wanted = read(compiled(x, y));
    while (statsOf('by both forms').stepMs?.xla === undefined) {
      near(read(compiled(x, y)), wanted, 1e-5);
      await tf.nextFrame();
    }
    for (let i = 0; i < 5; i++) near(read(compiled(x, y)), wanted, 1e-5);
    assert.ok(statsOf('by both forms').compileMs! > 0);
  });

  it('does not give XLA what ends the process there', () => {
    const larger = jit((x: Tensor) => tf.image.resizeBilinear(x as Tensor3D, [4, 4]), { name: 'larger' });
    assert.deepEqual(larger(tf.ones([2, 2, 1])).shape, [4, 4, 1]);
    assert.equal(statsOf('larger').reason, 'XLA is not safe with ResizeBilinear');
  });

  it('stays in the graph form where XLA can’t compile, and tells why', async () => {
    const texts = jit((x: Tensor) => tf.equal(x, tf.tensor1d(['a', 'b'])), { name: 'texts' });
    const x = tf.tensor1d(['a', 'c']);
    while (!statsOf('texts')?.reason) {
      assert.deepEqual(read(texts(x)), [1, 0]);
      await tf.nextFrame();
    }
    const { form, reason } = statsOf('texts');
    assert.equal(form, 'graph');
    assert.match(reason!, /XLA can’t compile it|XLA can't compile it/);
  });
});

const optimizersOfTfjs = (): string[] =>
  Object.getOwnPropertyNames(tf.train)
    .filter((name) => !['length', 'name', 'prototype'].includes(name))
    .sort();

/** The optimizers of tfjs, each with a high learning rate. */
const optimizers = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.5, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1, 0.9, 0.999, 1e-7, 0.1),
  rmsprop: () => tf.train.rmsprop(0.1, 0.8, 0, 1e-7, true),
};

describe('optimizers in a compiled step', { skip }, () => {
  it('are all that tfjs has', () => {
    assert.deepEqual(Object.keys(optimizers).sort(), optimizersOfTfjs());
  });

  for (const [name, make] of Object.entries(optimizers)) {
    it(`${name} does what it does uncompiled, and stops at a learning rate of 0`, () => {
      const [x, y] = [values([8, 6]), values([8, 1], 2)];
      const [plain, compiled] = [network(make() as never), network(make() as never)];
      const step = jit(compiled.step, { name: `step of ${name}` });
      const weights = ({ model }: typeof plain) => model.getWeights().flatMap(read);
      for (let i = 0; i < 20; i++) {
        step(x, y);
        plain.step(x, y);
        near(weights(compiled), weights(plain), 1e-4);
      }
      const optimizer = compiled.optimizer as unknown as { learningRate: number; setLearningRate?(rate: number): void };
      if (optimizer.setLearningRate) optimizer.setLearningRate(0);
      else optimizer.learningRate = 0;
      // What momentum has gathered before is spent first.
      const before = weights(compiled);
      step(x, y);
      assert.deepEqual(weights(compiled), before);
      const { form, recordings } = statsOf(`step of ${name}`);
      assert.notEqual(form, 'eager');
      assert.equal(recordings, 1);
    });
  }
});
