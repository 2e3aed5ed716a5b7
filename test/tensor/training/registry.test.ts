// Everything that tfjs-layers registers trains compiled as it does uncompiled: its layers, initializers, regularizers, constraints, losses,
// metrics and optimizers, read off its own registry, so that none is left out. What is not compiled is listed, with its reason.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it, mock } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { jit } from '../../../src/tensor/jit/jit.ts';
import { packageFile } from '../../../src/tensor/packages.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

let warned: string[] = [];

before(async () => {
  if (!skip) await tf.setBackend('tensorflow');
  mock.method(console, 'warn', (text: string) => void warned.push(text));
});

after(() => mock.restoreAll());

type Layer = InstanceType<typeof tf.layers.Layer>;
type Shape = number[];

/** Layers as a model has them: shapes of the inputs without the batch, and what to make of them. */
interface Case {
  readonly inputs: readonly Shape[];
  readonly make: () => Layer;
  /** Whole numbers from 0 to 4 as inputs. */
  readonly indices?: true;
  /** tfjs has no gradient by the layer's input. */
  readonly first?: true;
}

const one = (input: Shape, make: () => Layer): Case => ({ inputs: [input], make });
/** A layer that can only come first. */
const first = (input: Shape, make: () => Layer): Case => ({ ...one(input, make), first: true });
const two = (make: () => Layer): Case => ({ inputs: [[4], [4]], make });
const { layers } = tf;
const sequence: Shape = [5, 3];
const picture: Shape = [6, 6, 2];
const volume: Shape = [4, 4, 4, 2];

const cases: Readonly<Record<string, Case>> = {
  Activation: one([4], () => layers.activation({ activation: 'tanh' })),
  Add: two(() => layers.add()),
  AlphaDropout: one([4], () => layers.alphaDropout({ rate: 0.3 })),
  Average: two(() => layers.average()),
  AveragePooling1D: one(sequence, () => layers.averagePooling1d({ poolSize: 2 })),
  AveragePooling2D: one(picture, () => layers.averagePooling2d({ poolSize: 2 })),
  AveragePooling3D: one(volume, () => layers.averagePooling3d({ poolSize: 2, strides: 2, padding: 'valid' } as never)),
  BatchNormalization: one(picture, () => layers.batchNormalization()),
  Bidirectional: one(sequence, () =>
    layers.bidirectional({ layer: layers.lstm({ units: 2 }) as never, mergeMode: 'concat' }),
  ),
  Concatenate: two(() => layers.concatenate()),
  Conv1D: one(sequence, () => layers.conv1d({ filters: 2, kernelSize: 2 })),
  Conv2D: one(picture, () => layers.conv2d({ filters: 2, kernelSize: 3 })),
  Conv2DTranspose: one(picture, () => layers.conv2dTranspose({ filters: 2, kernelSize: 3 })),
  Conv3D: one(volume, () => layers.conv3d({ filters: 2, kernelSize: 2 })),
  ConvLSTM2D: one([3, 5, 5, 1], () => layers.convLstm2d({ filters: 2, kernelSize: 2 }) as Layer),
  Cropping2D: one(picture, () =>
    layers.cropping2D({
      cropping: [
        [1, 1],
        [0, 2],
      ],
    }),
  ),
  Dense: one([4], () => layers.dense({ units: 3, activation: 'sigmoid' })),
  DepthwiseConv2D: one(picture, () => layers.depthwiseConv2d({ kernelSize: 2 })),
  Dot: two(() => layers.dot({ axes: 1 })),
  Dropout: one([4], () => layers.dropout({ rate: 0.4 })),
  ELU: one([4], () => layers.elu()),
  Embedding: { ...one([3], () => layers.embedding({ inputDim: 5, outputDim: 2 })), indices: true },
  Flatten: one(picture, () => layers.flatten()),
  GRU: one(sequence, () => layers.gru({ units: 2, recurrentDropout: 0.2, dropout: 0.2 })),
  GaussianDropout: one([4], () => layers.gaussianDropout({ rate: 0.4 })),
  GaussianNoise: one([4], () => layers.gaussianNoise({ stddev: 0.4 })),
  GlobalAveragePooling1D: one(sequence, () => layers.globalAveragePooling1d()),
  GlobalAveragePooling2D: one(picture, () => layers.globalAveragePooling2d({})),
  GlobalMaxPooling1D: one(sequence, () => layers.globalMaxPooling1d()),
  GlobalMaxPooling2D: one(picture, () => layers.globalMaxPooling2d({})),
  LSTM: one(sequence, () => layers.lstm({ units: 2, dropout: 0.2, returnSequences: true })),
  LayerNormalization: one(sequence, () => layers.layerNormalization()),
  LeakyReLU: one([4], () => layers.leakyReLU()),
  Masking: first(sequence, () => layers.masking()),
  MaxPooling1D: one(sequence, () => layers.maxPooling1d({ poolSize: 2 })),
  MaxPooling2D: one(picture, () => layers.maxPooling2d({ poolSize: 2 })),
  MaxPooling3D: one(volume, () => layers.maxPooling3d({ poolSize: 2, strides: 2, padding: 'valid' } as never)),
  Maximum: two(() => layers.maximum()),
  Minimum: two(() => layers.minimum()),
  Model: one([4], () => nested()),
  Multiply: two(() => layers.multiply()),
  PReLU: one([4], () => layers.prelu()),
  Permute: one(sequence, () => layers.permute({ dims: [2, 1] })),
  RNN: one(sequence, () => layers.rnn({ cell: layers.gruCell({ units: 2 }) }) as Layer),
  ReLU: one([4], () => layers.reLU()),
  RepeatVector: one([4], () => layers.repeatVector({ n: 2 })),
  Rescaling: one(picture, () => layers.rescaling({ scale: 0.5, offset: 1 })),
  Reshape: one([4], () => layers.reshape({ targetShape: [2, 2] })),
  SeparableConv2D: one(picture, () => layers.separableConv2d({ filters: 2, kernelSize: 2 })),
  Sequential: one([4], () => tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 3 })] }) as Layer),
  SimpleRNN: one(sequence, () => layers.simpleRNN({ units: 2 })),
  Softmax: one([4], () => layers.softmax()),
  SpatialDropout1D: one(sequence, () => layers.spatialDropout1d({ rate: 0.4 })),
  StackedRNNCells: one(sequence, () => stacked()),
  ThresholdedReLU: first([4], () => layers.thresholdedReLU()),
  TimeDistributed: one(sequence, () => layers.timeDistributed({ layer: layers.dense({ units: 2 }) })),
  UpSampling2D: one(picture, () => layers.upSampling2d({})),
  ZeroPadding2D: one(picture, () => layers.zeroPadding2d()),
};

/** Layers that are parts of others, or another name of one. */
const parts: Readonly<Record<string, string>> = {
  ConvLSTM2DCell: 'ConvLSTM2D',
  Functional: 'Model',
  GRUCell: 'RNN',
  InputLayer: 'Dense',
  LSTMCell: 'LSTM',
  SimpleRNNCell: 'SimpleRNN',
};

/** Layers that train uncompiled, with what the note says. */
const uncompiled: Readonly<Record<string, Case & { readonly reason: RegExp }>> = {
  CategoryEncoding: {
    ...one([5], () => layers.categoryEncoding({ numTokens: 5, outputMode: 'multiHot' })),
    indices: true,
    reason: /it reads a value of a tensor/,
  },
};

/** Layers that tfjs itself can't train in a model, with its error. */
const broken: Readonly<Record<string, Case & { readonly error: RegExp }>> = {
  CenterCrop: { ...first(picture, () => layers.centerCrop({ height: 3, width: 4 })), error: /expected a batch of/ },
  Conv3DTranspose: {
    ...one(volume, () => layers.conv3dTranspose({ filters: 2, kernelSize: 2 })),
    error: /gradient function not found for Conv3DBackpropInputV2/,
  },
  RandomWidth: { ...first(picture, () => layers.randomWidth({ factor: 0.5 }) as Layer), error: /./ },
  Resizing: { ...first(picture, () => layers.resizing({ height: 3, width: 5 })), error: /./ },
};

function nested(): Layer {
  const input = tf.input({ shape: [4] });
  return tf.model({ inputs: input, outputs: layers.dense({ units: 3 }).apply(input) as SymbolicTensor }) as Layer;
}

function stacked(): Layer {
  const cells = [layers.lstmCell({ units: 2 }), layers.simpleRNNCell({ units: 3 })];
  return layers.rnn({ cell: layers.stackedRNNCells({ cells }) as never }) as Layer;
}

const read = (tensor: Tensor) => Array.from(tensor.dataSync());
const samples = 6;

/** Fails unless two models have the same weights, relative to the larger of 1 and the weight. */
function sameWeights(got: LayersModel, wanted: LayersModel, tolerance: number): void {
  const [all, plain] = [got, wanted].map((model) => model.getWeights().flatMap(read));
  plain!.forEach((value, i) => {
    const most = tolerance * Math.max(1, Math.abs(value));
    assert.ok(Math.abs(all![i]! - value) <= most, `weight ${i}: ${value} expected, got ${all![i]}`);
  });
}

interface Trained {
  readonly make: () => LayersModel;
  readonly x: Tensor[];
  readonly y: Tensor;
}

/** One step, which shows the gradients, and 100, compiled and not. */
async function trainsAlike({ make, x, y }: Trained): Promise<void> {
  warned = [];
  const models = [make(), make()] as const;
  // Into both: constraints are applied when weights are set.
  const weights = models[0].getWeights().map((weight) => weight.clone());
  for (const model of models) model.setWeights(weights);
  const fit = async (epochs: number) => {
    for (const [i, model] of models.entries()) {
      tf.setSeed(epochs);
      const options = { epochs, verbose: 0, shuffle: false, batchSize: samples, compile: i === 0 ? undefined : false };
      await model.fit(x, y, options as never);
    }
  };
  await fit(1);
  sameWeights(models[0], models[1], 1e-5);
  await fit(99);
  sameWeights(models[0], models[1], 1e-2);
  const compiled = jit.stats().filter(({ name }) => name.endsWith(` of ${models[0].name}`));
  assert.deepEqual(warned, [], 'it was trained uncompiled');
  assert.ok(compiled.some(({ name, form }) => name.startsWith('fit,') && form !== 'eager'));
}

/** A model that ends in one number, around a layer. */
function around({ inputs, make, indices, first }: Case): Trained {
  const input = (shape: Shape, i: number) => {
    const at = values([samples, ...shape], i + 1);
    return indices ? tf.cast(tf.floor(tf.mul(tf.abs(at), 5)), 'int32') : at;
  };
  return {
    x: inputs.map(input),
    y: values([samples, 1], 9),
    make: () => {
      const symbols = inputs.map((shape) => tf.input({ shape }));
      // Something to learn before the layer, too: its gradient by its input counts.
      const given =
        indices || first
          ? symbols
          : symbols.map((symbol) => layers.dense({ units: symbol.shape.at(-1)! }).apply(symbol));
      const output = make().apply((given.length === 1 ? given[0]! : given) as SymbolicTensor) as SymbolicTensor;
      const flat = output.shape.length > 2 ? (layers.flatten().apply(output) as SymbolicTensor) : output;
      const model = tf.model({ inputs: symbols, outputs: layers.dense({ units: 1 }).apply(flat) as SymbolicTensor });
      model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
      return model;
    },
  };
}

const registry = Object.entries(tf.serialization.SerializationMap.getMap().classNameMap);

/** Names of registered classes that derive from one. */
const derived = (base: abstract new (...values: never[]) => object): string[] =>
  registry
    .filter(([, [owner]]) => (owner as unknown as { prototype: object }).prototype instanceof base)
    .map(([name]) => name);

const layerNames = derived(tf.layers.Layer);
/** Classes that tfjs does not export, by one that derives from each. */
const siblings = (name: string): string[] => {
  const [owner] = tf.serialization.SerializationMap.getMap().classNameMap[name]!;
  return derived(Object.getPrototypeOf(owner) as never);
};

describe('tfjs’s layers, compiled', { skip }, () => {
  it('are all here', () => {
    const known = [cases, parts, uncompiled, broken].flatMap((table) => Object.keys(table));
    assert.deepEqual(
      layerNames.filter((name) => !known.includes(name)),
      [],
    );
  });

  for (const [name, each] of Object.entries(cases)) it(name, () => trainsAlike(around(each)));

  for (const [name, { reason, ...each }] of Object.entries(uncompiled))
    it(`${name}, which is not, says so`, async () => {
      warned = [];
      const { make, x, y } = around(each);
      await make().fit(x, y, { epochs: 3, verbose: 0 });
      assert.match(warned.join(), reason);
    });

  for (const [name, { error, ...each }] of Object.entries(broken))
    it(`${name}, which tfjs can’t train, fails as it does uncompiled`, async () => {
      const { make, x, y } = around(each);
      await assert.rejects(async () => make().fit(x, y, { epochs: 1, verbose: 0 }), error);
    });

  it('with a mask, from an embedding through to a recurrent layer', () =>
    trainsAlike({
      x: [tf.cast(tf.floor(tf.mul(tf.abs(values([samples, 4])), 3)), 'int32')],
      y: values([samples, 1], 9),
      make: () => {
        const model = tf.sequential({
          layers: [
            layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true, inputLength: 4 }),
            layers.lstm({ units: 3 }),
            layers.dense({ units: 1 }),
          ],
        });
        model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
        return inner(model);
      },
    }));

  it('with a state that goes on from batch to batch', () =>
    trainsAlike({
      x: [values([samples, 4, 2])],
      y: values([samples, 1], 9),
      make: () => {
        const model = tf.sequential({
          layers: [
            layers.gru({ units: 3, stateful: true, batchInputShape: [samples, 4, 2] }),
            layers.dense({ units: 1 }),
          ],
        });
        model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
        return inner(model);
      },
    }));
});

/** The model within a sequential one, which is what is compiled. */
const inner = (model: LayersModel): LayersModel => (model as unknown as { model: LayersModel }).model;

/** A dense layer with a configuration. */
const dense = (config: object, compile: object = {}): Trained => ({
  x: [values([samples, 4])],
  y: values([samples, 3], 9),
  make: () => {
    const model = tf.sequential({
      layers: [
        layers.dense({ inputShape: [4], units: 4, ...config }),
        layers.dense({ units: 3, activation: 'sigmoid' }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError', ...compile });
    return inner(model);
  },
});

const camel = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

describe('tfjs’s configurations of layers, compiled', { skip }, () => {
  for (const name of [...new Set([...siblings('Zeros'), ...siblings('GlorotUniform')])])
    it(`initializer ${name}`, () =>
      trainsAlike(
        dense({ kernelInitializer: name === 'Constant' ? tf.initializers.constant({ value: 0.3 }) : camel(name) }),
      ));
  for (const name of siblings('MaxNorm'))
    it(`constraint ${name}`, () => trainsAlike(dense({ kernelConstraint: camel(name), biasConstraint: camel(name) })));
  for (const name of siblings('relu')) it(`activation ${name}`, () => trainsAlike(dense({ activation: name })));
  for (const name of siblings('L1L2'))
    it(`regularizer ${name}`, () =>
      trainsAlike(
        dense({
          kernelRegularizer: name === 'L1L2' ? tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }) : camel(name),
          biasRegularizer: 'l1l2',
        }),
      ));
});

const source = readFileSync(packageFile('layers/dist/tf-layers.node.js'), 'utf8');
/** Names in one of tfjs-layers' maps, which it does not export. */
const namesIn = (map: string): string[] =>
  new RegExp(`var ${map} = \\{([^}]*)\\}`).exec(source)![1]!.match(/\w+(?=:)/g)!;

const sparse = tf.tidy(() => tf.floor(tf.mul(tf.abs(values([samples, 1], 9)), 3)));
const hot = tf.tidy(() => tf.cast(tf.oneHot(tf.cast(tf.reshape(sparse, [samples]), 'int32'), 3), 'float32'));

describe('tfjs’s losses, metrics and optimizers, compiled', { skip }, () => {
  for (const loss of namesIn('lossesMap'))
    it(`loss ${loss}`, () =>
      trainsAlike({ ...dense({}, { loss }), y: loss === 'sparseCategoricalCrossentropy' ? sparse : hot }));

  for (const metric of ['accuracy', 'crossentropy', ...namesIn('metricsMap')])
    it(`metric ${metric}`, async () => {
      const isSparse = metric === 'sparseCategoricalCrossentropy';
      const loss = isSparse ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
      await trainsAlike({ ...dense({}, { loss, metrics: [metric] }), y: isSparse ? sparse : hot });
    });

  for (const name of [...derived(tf.Optimizer)])
    it(`optimizer ${name}`, () => {
      const make: Record<string, () => unknown> = {
        Momentum: () => tf.train.momentum(0.01, 0.9),
        SGD: () => tf.train.sgd(0.01),
      };
      const train = tf.train as unknown as Record<string, (rate: number) => unknown>;
      const optimizer = make[name] ?? (() => train[name.toLowerCase()]!(0.01));
      const { make: model, ...data } = dense({});
      const withIt = () => {
        const made = model();
        made.compile({ optimizer: optimizer() as never, loss: 'meanSquaredError' });
        return made;
      };
      return trainsAlike({ ...data, make: withIt });
    });
});
