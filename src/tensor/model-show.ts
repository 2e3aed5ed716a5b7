// `model.show(…)`: a model's summary, its graph as a picture, its weights or gradients as histograms.
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { type DisplayHandle, display } from '../display/display.ts';
import { drawModel } from '../display/model.ts';
import { drawGraph } from '../plot/model-graph.ts';
import { drawHistograms } from '../plot/weights.ts';
import { exactStatistics } from './look.ts';
import { type Model, modelFacts } from './models.ts';
import { core, layers } from './packages.ts';

/** What is shown of a model. */
export type ModelShowOptions =
  | { readonly as?: 'summary' | 'graph' | 'weights' }
  | {
      /** Of the model's compiled losses at these samples, or those that `tf.variableGrads` gave. */
      readonly as: 'gradients';
      readonly x?: Tensor | Tensor[];
      readonly y?: Tensor | Tensor[];
      readonly grads?: NamedTensorMap;
    };

/** Shows a model now, in the running cell. @throws TypeError for gradients of a model that is not compiled. */
export function showModel(model: Model, options: ModelShowOptions = {}): DisplayHandle {
  const drawn = modelDrawing(model, options);
  return display({ [drawSymbol]: () => drawn } satisfies Drawable);
}

/** Puts `show` on tfjs's models. */
export function addModelMethods(): void {
  Object.assign(layers.LayersModel.prototype, {
    show(this: unknown, options?: ModelShowOptions) {
      return showModel(this as Model, options);
    },
  });
}

/** A model as `show` draws it. */
export function modelDrawing(model: Model, options: ModelShowOptions = {}): Display {
  switch (options.as) {
    case undefined:
    case 'summary':
      return drawModel(modelFacts(model));
    case 'graph':
      return drawGraph(modelFacts(model));
    case 'weights':
      return drawHistograms(
        `Weights of ${model.name}`,
        model.weights.map((weight) => row(weight.name, weight.read!())),
      );
    case 'gradients': {
      const { grads, isOurs } = options.grads
        ? { grads: options.grads, isOurs: false }
        : { grads: gradients(model, options), isOurs: true };
      const rows = Object.entries(grads).map(([name, tensor]) => row(name, tensor));
      if (isOurs) core.dispose(grads);
      return drawHistograms(`Gradients of ${model.name}`, rows);
    }
    default:
      throw new RangeError(
        `show: as must be one of summary, graph, weights, gradients, got ${String((options satisfies never as { as: unknown }).as)}`,
      );
  }
}

const row = (name: string, tensor: Tensor) => ({ name, shape: tensor.shape, statistics: exactStatistics(tensor) });

function gradients(
  model: Model,
  { x, y }: { readonly x?: Tensor | Tensor[]; readonly y?: Tensor | Tensor[] },
): NamedTensorMap {
  const { lossFunctions } = model;
  if (!lossFunctions?.length)
    throw new TypeError(
      `show: gradients need a compiled model, "${model.name}" is not; or give the grads of tf.variableGrads`,
    );
  if (!x || !y) throw new TypeError('show: gradients need samples x and y');
  const variables = model.trainableWeights.map((weight) => weight.read!());
  const loss = () => {
    const outputs = [model.apply!(Array.isArray(x) && x.length === 1 ? x[0]! : x, { training: true })].flat();
    const targets = [y].flat();
    const losses = lossFunctions.map((of, i) => core.mean(of(targets[i]!, outputs[i]!)));
    return losses.reduce((sum, each) => core.add(sum, each)) as ReturnType<typeof core.scalar>;
  };
  const { grads, value } = core.variableGrads(loss, variables as Parameters<typeof core.variableGrads>[1]);
  value.dispose();
  return grads;
}
