// Puts compiled loops in the place of tfjs-layers' own. The methods that are replaced are private: test/tensor/training/wrapped.test.ts
// lists them with their parameters and fails when one changes.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core, layers } from '../packages.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import type { Step } from '../trace/loop.ts';
import { type AnyCallback, noteRegistered } from './callbacks.ts';
import { fitCompiled, type TrainedModel } from './loop.ts';
import { foreign, noteOwn } from './own.ts';

/** Members of tfjs's model that are called or replaced. */
interface Prototype {
  fit(x: unknown, y: unknown, args?: { compile?: unknown }): Promise<unknown>;
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
}

/** What `fit`'s option `compile` says: by default, models of tfjs's own parts are compiled. */
const choices = new WeakMap<object, boolean>();
const told = new WeakSet<object>();

/** Called once, when TensorFlow.js is loaded. */
export function compileTraining(): void {
  noteOwn();
  noteRegistered();
  const model = layers.LayersModel.prototype as unknown as Prototype;
  const { fit, fitLoop } = model;
  model.fit = function (x, y, args) {
    const compile = args?.compile;
    if (compile !== undefined && typeof compile !== 'boolean')
      throw new TypeError(`fit: compile must be true or false, got ${compile}`);
    if (compile === undefined) choices.delete(this);
    else choices.set(this, compile);
    return fit.call(this, x, y, args);
  };
  model.fitLoop = function (...given) {
    const [step, data, labels, batchSize, epochs, verbose, callbacks, valStep, valData, shuffle, metrics] = given;
    const [initialEpoch, stepsPerEpoch, validationSteps] = given.slice(11) as (number | null)[];
    const plain = stepsPerEpoch != null || validationSteps != null || typeof shuffle === 'string';
    if (plain || !compiles(this, 'fit')) return fitLoop.apply(this, given);
    return fitCompiled(this, {
      step,
      data,
      labels,
      batchSize: batchSize ?? 32,
      epochs: epochs ?? 1,
      verbose: verbose ?? 1,
      callbacks,
      shuffle: shuffle ?? true,
      metrics,
      initialEpoch: initialEpoch ?? 0,
      validation: valStep && valData ? { step: valStep, data: valData } : undefined,
    });
  };
}

/** Whether a model is compiled; one that might be but is not says why, once. */
function compiles(model: TrainedModel, purpose: string): boolean {
  if (!(core.backend() as Partial<HandleBackend>).handleOf) return false;
  const choice = choices.get(model);
  if (choice !== undefined) return choice;
  const why = foreign(model);
  if (!why) return true;
  if (!told.has(model))
    console.warn(`${purpose}: ${model.name} trains uncompiled: ${why}; { compile: true } compiles it`);
  told.add(model);
  return false;
}
