// Puts compiled loops and steps in the place of tfjs-layers' own. The methods that are replaced are private:
// test/tensor/training/wrapped.test.ts lists them with their parameters and fails when one changes.
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from '../packages.ts';
import type { Step } from '../trace/loop.ts';
import { type AnyCallback, noteRegistered } from './callbacks.ts';
import { choose, compiles, sayOnce } from './choice.ts';
import { evaluateCompiled, type Predict, pays, predictCompiled } from './evaluate.ts';
import { fitCompiled, type TrainedModel } from './loop.ts';
import { choosePrecision, loweredFor, precisionOf } from './lowered.ts';
import { noteOwn } from './own.ts';
import { readAhead } from './prefetch.ts';
import { type BatchStep, runStep } from './step.ts';

/** Members of tfjs's model that are replaced. */
interface Prototype {
  fit(this: TrainedModel, x: unknown, y: unknown, args?: { compile?: unknown; precision?: unknown }): Promise<unknown>;
  fitDataset(this: TrainedModel, dataset: unknown, args?: { compile?: unknown; precision?: unknown }): Promise<unknown>;
  fitLoop(
    this: TrainedModel,
    step: Step,
    data: (Tensor | null)[],
    labels: string[],
    batchSize: number | null,
    epochs: number | null,
    verbose: number | null,
    callbacks: AnyCallback[],
    validationStep: Step | null,
    validationData: Tensor[] | null,
    shuffle: boolean | string | null,
    metrics: string[],
    initialEpoch: number | null,
    stepsPerEpoch: number | null,
    validationSteps: number | null,
  ): Promise<unknown>;
  makeTrainFunction(this: TrainedModel): BatchStep<Tensor[]>;
  makeTestFunction(this: TrainedModel): void;
  testLoop(
    this: TrainedModel,
    step: Step,
    data: Tensor[],
    batchSize: number,
    verbose?: number,
    steps?: number,
  ): Tensor[];
  predictLoop(this: TrainedModel, inputs: Tensor | Tensor[], batchSize?: number, verbose?: boolean): Tensor | Tensor[];
}

/** tfjs's own steps behind those that are compiled for each batch: a loop compiles the step within it. */
const originals = new WeakMap<object, BatchStep<Tensor[]>>();
const original = (step: Step): Step => (originals.get(step) as Step | undefined) ?? step;

/** Called once, when TensorFlow.js is loaded. */
export function compileTraining(): void {
  noteOwn();
  noteRegistered();
  const model = layers.LayersModel.prototype as unknown as Prototype;
  const { fit, fitDataset, fitLoop, makeTrainFunction, makeTestFunction, testLoop, predictLoop } = model;

  /** The model whose `fitDataset` makes its step just now: `trainOnBatch`, which makes the same step, has no precision. */
  let ofDataset: TrainedModel | undefined;

  /** A step that is compiled when it is called for a batch. */
  const batchwise = (of: TrainedModel, purpose: string, step: BatchStep<Tensor[]>): BatchStep<Tensor[]> => {
    const lowered = ofDataset === of ? precisionOf(of) : 'float32';
    const name = lowered === 'float32' ? purpose : `fitDataset in ${lowered}`;
    const compiled: BatchStep<Tensor[]> = (batch) => runStep(of, name, step, batch, undefined, loweredFor(of, lowered));
    originals.set(compiled, step);
    return compiled;
  };

  model.fit = function (x, y, args) {
    choose(this, args?.compile);
    choosePrecision(this, args?.precision);
    return fit.call(this, x, y, args);
  };

  model.fitDataset = function (dataset, args) {
    choose(this, args?.compile, 'fitDataset');
    choosePrecision(this, args?.precision, 'fitDataset');
    if (precisionOf(this) !== 'float32' && !compiles(this, 'fitDataset')) sayFloat32(this, 'fitDataset');
    ofDataset = this;
    try {
      return fitDataset.call(this, readAhead(dataset), args);
    } finally {
      ofDataset = undefined;
    }
  };

  model.fitLoop = function (...given) {
    const [step, data, labels, batchSize, epochs, verbose, callbacks, valStep, valData, shuffle, metrics] = given;
    const [initialEpoch, stepsPerEpoch, validationSteps] = given.slice(11) as (number | null)[];
    const plain = stepsPerEpoch != null || validationSteps != null || typeof shuffle === 'string';
    const precision = precisionOf(this);
    if (plain || !compiles(this, 'fit')) {
      if (precision !== 'float32') sayFloat32(this, 'fit');
      return fitLoop.apply(this, given);
    }
    return fitCompiled(this, {
      step: original(step),
      data,
      labels,
      batchSize: batchSize ?? 32,
      epochs: epochs ?? 1,
      verbose: verbose ?? 1,
      callbacks,
      shuffle: shuffle ?? true,
      metrics,
      precision,
      initialEpoch: initialEpoch ?? 0,
      validation: valStep && valData ? { step: original(valStep), data: valData } : undefined,
    });
  };

  model.makeTrainFunction = function () {
    return batchwise(this, 'trainOnBatch', makeTrainFunction.call(this));
  };

  model.makeTestFunction = function () {
    makeTestFunction.call(this);
    this.testFunction = batchwise(this, 'evaluateDataset', this.testFunction);
  };

  model.testLoop = function (step, data, batchSize, verbose, steps) {
    const plain = steps != null || Boolean(verbose);
    if (plain || !compiles(this, 'evaluate') || !pays(this, 'evaluate', data, batchSize))
      return testLoop.call(this, original(step), data, batchSize, verbose, steps);
    return evaluateCompiled(this, original(step), data, batchSize);
  };

  model.predictLoop = function (inputs, batchSize = 32, verbose = false) {
    const list = [inputs].flat();
    const predict: Predict = (given, size) => predictLoop.call(this, given, size);
    if (verbose || !compiles(this, 'predict') || !pays(this, 'predict', list, batchSize))
      return predictLoop.call(this, inputs, batchSize, verbose);
    return predictCompiled(this, predict, list, batchSize);
  };
}

const sayFloat32 = (model: TrainedModel, purpose: string): void =>
  sayOnce(model, `${purpose}: ${model.name} trains in float32: only what is compiled has a precision`);
