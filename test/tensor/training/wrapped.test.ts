// What of tfjs's private parts is replaced or read: a new release that changes one must fail here, not in a training.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { packageFile } from '../../../src/tensor/packages.ts';
import { tf } from '../backends.ts';

const layers = readFileSync(packageFile('layers/dist/tf-layers.node.js'), 'utf8');
const core = readFileSync(packageFile('core/dist/tf-core.node.js'), 'utf8');

/** Method → its parameters, in tfjs-layers. */
const methods = {
  'LayersModel.fit': 'x, y, args',
  'LayersModel.fitDataset': 'dataset, args',
  'LayersModel.fitLoop':
    'f, ins, outLabels, batchSize, epochs, verbose, callbacks, valF, valIns, shuffle, callbackMetrics, initialEpoch, stepsPerEpoch, validationSteps',
  'LayersModel.makeTrainFunction': '',
  'LayersModel.makeTestFunction': '',
  'Layer.apply': 'inputs, kwargs',
  'RNN.call': 'inputs, kwargs',
  'RNN.resetStates': 'states, training',
  'RNN.getInitialState': 'inputs',
};

/** The same in tfjs-core. */
const coreMethods = {
  'Engine.trackTensor': 'a, backend',
  'Engine.disposeTensor': 'a',
  'Engine.disposeVariable': 'v',
  'Engine.makeVariable': 'initialValue, trainable, name, dtype',
  'Engine.readSync': 'dataId',
  'Engine.read': 'dataId',
  'Engine.runKernelFunc': 'kernelParams',
  'Engine.gradients': 'f, xs, dy, allowNoGradients',
  'Engine.makeTensorFromDataId': 'dataId, shape, dtype, backend',
  'Optimizer.incrementIterations': '',
  ...Object.fromEntries(
    ['SGD', 'Momentum', 'Adagrad', 'Adadelta', 'RMSProp', 'Adam', 'Adamax'].map((name) => [
      `${name}Optimizer.applyGradients`,
      'variableGradients',
    ]),
  ),
};

/** Private members that are read, by what has them. */
const members: [what: string, make: () => object, names: string][] = [
  ['the engine', () => tf.engine(), 'backendInstance state registeredVariables'],
  ['its state', () => (tf.engine() as unknown as { state: object }).state, 'tensorInfo gradientDepth kernelDepth'],
  ['a tensor', () => tf.scalar(1), 'isDisposedInternal dataId'],
  ['a variable', () => tf.variable(tf.scalar(1)), 'trainable dataId'],
  [
    'a recurrent layer',
    () => tf.layers.lstm({ units: 1 }),
    'cell states_ stateful goBackwards returnSequences returnState',
  ],
  ['its cell', () => tf.layers.lstmCell({ units: 1 }), 'stateSize dropoutMask recurrentDropoutMask'],
  ['a compiled model', compiledModel, 'optimizer_ lossFunctions metricsTensors collectedTrainableWeights'],
  [
    'custom callbacks',
    () => new tf.CustomCallback({ onBatchEnd: () => {}, onBatchBegin: () => {} }, 'batch'),
    'batchBegin batchEnd yieldEvery',
  ],
  ['sgd', () => tf.train.sgd(1), 'c learningRate'],
  ['momentum', () => tf.train.momentum(1, 1), 'c m useNesterov accumulations'],
  ['adagrad', () => tf.train.adagrad(1), 'learningRate accumulatedGrads'],
  ['adadelta', () => tf.train.adadelta(1), 'learningRate rho epsilon accumulatedGrads accumulatedUpdates'],
  [
    'rmsprop',
    () => tf.train.rmsprop(1),
    'learningRate decay momentum epsilon centered accumulatedMeanSquares accumulatedMoments accumulatedMeanGrads',
  ],
  [
    'adam',
    () => tf.train.adam(1),
    'learningRate beta1 beta2 epsilon accBeta1 accBeta2 accumulatedFirstMoment accumulatedSecondMoment',
  ],
  [
    'adamax',
    () => tf.train.adamax(1),
    'learningRate beta1 beta2 epsilon decay iteration accBeta1 accumulatedFirstMoment accumulatedWeightedInfNorm',
  ],
];

function compiledModel(): object {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return (model as unknown as { model: object }).model;
}

describe('tfjs’s private parts that compiled training relies on', () => {
  for (const [name, parameters] of Object.entries(methods))
    it(`${name}(${parameters})`, () => assertMethod(layers, name, parameters));
  for (const [name, parameters] of Object.entries(coreMethods))
    it(`${name}(${parameters})`, () => assertMethod(core, name, parameters));
  for (const [what, make, names] of members)
    it(`${what}: ${names}`, () => {
      const object = make();
      for (const name of names.split(' ')) assert.ok(name in object, name);
    });
});

function assertMethod(source: string, name: string, parameters: string): void {
  const found = new RegExp(`\\b${name.replace('.', '\\.prototype\\.')} = function \\(([^)]*)\\)`).exec(source);
  assert.equal(found?.[1], parameters);
}
