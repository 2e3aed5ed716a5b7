// What is told of tensors and models, and which values are taken for them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { isTensor, tensorFacts } from '../../src/tensor/describe.ts';
import { tensorFormatters } from '../../src/tensor/formatters.ts';
import { load } from '../../src/tensor/load.ts';
import { isModel, modelFacts } from '../../src/tensor/models.ts';
import { statistics } from '../../src/tensor/statistics.ts';

const tf = load();

async function draw(value: unknown): Promise<Display | undefined> {
  const row = tensorFormatters.find(({ matches }) => matches(value));
  return await row?.format(value);
}

const textOf = async (value: unknown) => (await draw(value))?.data['text/plain'];

describe('statistics', () => {
  it('are those of the finite values, with NaN and infinities counted', () => {
    const { min, max, mean, std, nan, infinite } = statistics([
      Number.NaN,
      1,
      Number.POSITIVE_INFINITY,
      3,
      Number.NEGATIVE_INFINITY,
    ]);
    assert.deepEqual({ min, max, mean, std, nan, infinite }, { min: 1, max: 3, mean: 2, std: 1, nan: 1, infinite: 2 });
  });

  it('keep small differences of large values', () => {
    const { mean, std } = statistics([1e9, 1e9 + 1, 1e9 + 2]);
    assert.equal(mean, 1e9 + 1);
    assert.ok(Math.abs(std - Math.sqrt(2 / 3)) < 1e-9);
  });

  it('of nothing finite are NaN', () => {
    assert.ok(
      Object.values(statistics([Number.NaN]))
        .slice(0, 4)
        .every(Number.isNaN),
    );
  });
});

describe('facts of a tensor', () => {
  it('are its kind, shape, dtype, bytes, backend and statistics, with the values to draw', async () => {
    const { facts, sample } = await tensorFacts(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    );
    const { statistics: figures, ...own } = facts;
    assert.deepEqual(own, { kind: 'Tensor', shape: [2, 2], dtype: 'float32', bytes: 16, backend: tf.getBackend() });
    assert.equal(figures?.mean, 2.5);
    assert.deepEqual(sample, {
      axes: [
        [0, 1],
        [0, 1],
      ],
      values: [1, 2, 3, 4],
    });
  });

  it('name a variable, and say that a tensor is disposed', async () => {
    const variable = tf.variable(tf.ones([2]), true, 'weights');
    assert.deepEqual(
      [(await tensorFacts(variable)).facts.kind, (await tensorFacts(variable)).facts.name],
      ['Variable', 'weights'],
    );
    variable.dispose();
    assert.deepEqual(
      [(await tensorFacts(variable)).facts.disposed, (await tensorFacts(variable)).sample],
      [true, undefined],
    );
  });

  it('cover every dtype', async () => {
    const facts = async (tensor: ReturnType<typeof tf.tensor>) => (await tensorFacts(tensor)).facts;
    assert.equal((await facts(tf.tensor(['a', 'é']))).bytes, 3);
    assert.equal((await facts(tf.tensor([true, false]))).statistics?.mean, 0.5);
    assert.equal((await facts(tf.complex([3], [4]))).statistics?.max, 5);
    assert.equal((await facts(tf.zeros([0, 2]))).statistics, undefined);
  });

  it('are told of tensors alone', () => {
    for (const value of [
      null,
      undefined,
      3,
      {},
      { dataId: {}, shape: [] },
      tf.Tensor,
      tf,
      new Proxy(tf.ones([1]), {}),
    ]) {
      assert.equal(isTensor(value), false);
    }
    let ran = false;
    assert.equal(isTensor(Object.defineProperty({}, 'dataId', { get: () => (ran = true) })), false);
    assert.equal(ran, false);
  });
});

describe('facts of a model', () => {
  const dense = (units: number, inputShape?: number[]) => tf.layers.dense({ units, ...(inputShape && { inputShape }) });

  it('are its layers, parameters and what it was compiled with', () => {
    const model = tf.sequential({ name: 'net', layers: [dense(4, [3]), dense(2)] });
    model.layers[0]!.trainable = false;
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const { layers, edges, ...rest } = modelFacts(model as never);
    assert.equal(edges?.length, 1);
    assert.deepEqual(rest, {
      name: 'net',
      type: 'Sequential',
      parameters: 26,
      trainableParameters: 10,
      bytes: 104,
      multiplyAdds: 20,
      optimizer: 'Adam',
      loss: 'meanSquaredError',
    });
    assert.deepEqual(
      layers.map(({ type, outputShape, parameters, trainableParameters, inputs }) => [
        type,
        outputShape,
        parameters,
        trainableParameters,
        inputs,
      ]),
      [
        ['Dense', [null, 4], 16, 0, undefined],
        ['Dense', [null, 2], 10, 10, undefined],
      ],
    );
  });

  it('name the inputs of layers that are no chain, and count shared weights once', () => {
    const shared = dense(2);
    const [a, b] = [tf.input({ shape: [3], name: 'a' }), tf.input({ shape: [3], name: 'b' })];
    const outputs = tf.layers.add({ name: 'sum' }).apply([shared.apply(a), shared.apply(b)] as never) as never;
    const facts = modelFacts(tf.model({ inputs: [a, b], outputs }) as never);
    assert.equal(facts.parameters, 8);
    assert.deepEqual(facts.layers.find(({ name }) => name === 'sum')?.inputs?.length, 2);
  });

  it('are told of a model that is not built yet', () => {
    const model = tf.sequential();
    assert.ok(isModel(model));
    assert.deepEqual(modelFacts(model as never).layers, []);
  });
});

describe('the rows of formatters', () => {
  it('draw tensors, symbolic tensors, models, layers, histories and tf, and nothing else', async () => {
    assert.match((await textOf(tf.ones([2])))!, /^Tensor float32 \[2\]/);
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1, name: 'last' })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    assert.match((await textOf(model))!, /^Sequential/);
    assert.match((await textOf(model.outputs[0]))!, /^SymbolicTensor "last.*" float32 \[\?, 1\]/);
    assert.match((await textOf(model.layers[0]))!, /^Dense layer "last" · 4 parameters/);
    const history = await model.fit(tf.zeros([4, 3]), tf.zeros([4, 1]), { epochs: 2, verbose: 0 });
    assert.match((await textOf(history))!, /^History of 2 epochs · loss 0/);
    assert.ok((await textOf(tf))!.startsWith(`TensorFlow.js 4.22.0 · ${tf.getBackend()}`));
    assert.match((await textOf([tf.ones([1])]))!, /^Array\(1\) · 1 tensor, 4 B\n└─ 0: Tensor/);
    for (const value of [3, 'text', null, { shape: [1] }, [1]]) assert.equal(await draw(value), undefined);
  });
});
