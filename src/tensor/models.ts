// Facts of models and layers for whoever draws them: read off tfjs-layers' objects, never by running anything of a user's.

import type { Tensor } from '@tensorflow/tfjs-core';
import { dataProperty } from '../display/peek.ts';
import type { LayerRow, ModelFacts } from '../display/tensor-types.ts';
import { multiplyAdds } from './multiply-adds.ts';

type Shape = readonly (number | null)[];

/** A weight of a layer. */
export interface Weight {
  readonly id: number;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: string;
  read?(): Tensor;
}

/** A layer of tfjs-layers as far as we read it; getters may throw before the layer is built. */
export interface Layer {
  readonly name: string;
  readonly built: boolean;
  readonly outputShape: Shape | readonly Shape[];
  readonly trainableWeights: readonly Weight[];
  readonly weights: readonly Weight[];
  readonly inboundNodes: readonly {
    readonly inboundLayers: readonly { readonly name: string }[];
    readonly inputShapes?: readonly Shape[];
    readonly outputShapes?: Shape | readonly Shape[];
  }[];
  getClassName(): string;
}

export interface Model extends Layer {
  readonly layers: readonly Layer[];
  readonly optimizer?: { getClassName(): string };
  readonly loss?: unknown;
  /** Of a compiled model, one for each output. */
  readonly lossFunctions?: readonly ((target: Tensor, output: Tensor) => Tensor)[];
  apply?(inputs: Tensor | Tensor[], how: { readonly training: boolean }): Tensor | Tensor[];
}

/** Whether a value is a layer of tfjs-layers, models included. */
export function isLayer(value: unknown): value is Layer {
  return ['call', 'countParams', 'getClassName', 'getWeights'].every(
    (name) => typeof dataProperty(value, name) === 'function',
  );
}

/** Whether a value is a `tf.LayersModel` or `tf.Sequential`. */
export function isModel(value: unknown): value is Model {
  return (
    Array.isArray(dataProperty(value, 'layers')) &&
    typeof dataProperty(value, 'summary') === 'function' &&
    isLayer(value)
  );
}

/** A model as a table of layers. A model that has no input shape yet has shapes `[]` and no parameters. */
export function modelFacts(model: Model): ModelFacts {
  const all = distinct(quietly(() => model.weights, []));
  const loss = lossText(model.loss);
  const layers = layerRows(model.layers);
  return {
    name: model.name,
    type: model.getClassName(),
    layers,
    parameters: sizeOf(all),
    trainableParameters: sizeOf(distinct(quietly(() => model.trainableWeights, []))),
    bytes: bytesOf(all),
    multiplyAdds: layers.reduce((sum, layer) => sum + (layer.multiplyAdds ?? 0), 0),
    edges: edgesOf(model.layers),
    ...(model.optimizer && { optimizer: model.optimizer.getClassName() }),
    ...(loss && { loss }),
  };
}

const bytesOf = (weights: readonly Weight[]): number =>
  weights.reduce((sum, weight) => sum + sizeOf([weight]) * (weight.dtype === 'bool' ? 1 : 4), 0);

/** Each pair once, of the model's own layers: a layer may belong to other models too. */
function edgesOf(layers: readonly Layer[]): [string, string][] {
  const own = new Set(layers.map(({ name }) => name));
  return layers.flatMap((layer) => {
    const from = new Set(layer.inboundNodes.flatMap((node) => node.inboundLayers.map(({ name }) => name)));
    return [...from].filter((name) => own.has(name)).map((name) => [name, layer.name] as [string, string]);
  });
}

function layerRows(layers: readonly Layer[]): LayerRow[] {
  const own = new Set(layers.map(({ name }) => name));
  const inputs = layers.map(({ inboundNodes }) =>
    inboundNodes.flatMap(({ inboundLayers }) => inboundLayers.map(({ name }) => name).filter((name) => own.has(name))),
  );
  const isChain = inputs.every(
    (names, i) => names.length <= 1 && (i === 0 || names.length === 0 || names[0] === layers[i - 1]!.name),
  );
  return layers.map((layer, i) => ({ ...layerRow(layer), ...(!isChain && { inputs: inputs[i]! }) }));
}

/** One layer, as a row of a model's table or by itself. */
export function layerRow(layer: Layer): LayerRow {
  const weights = quietly(() => layer.weights, []);
  const inputShapes = layer.inboundNodes[0]?.inputShapes ?? [];
  const inputShape = inputShapes.length === 1 ? inputShapes[0] : inputShapes.length > 1 ? inputShapes : undefined;
  // A layer within several models has several: the last is that of the outermost.
  const last = layer.inboundNodes.at(-1)?.outputShapes ?? [];
  const outputShape = quietly<Shape | readonly Shape[]>(
    () => layer.outputShape,
    last.length === 1 && Array.isArray(last[0]) ? last[0] : last,
  );
  const type = layer.getClassName();
  const layers = isModel(layer) ? layerRows(layer.layers) : undefined;
  const products = layers
    ? layers.reduce((sum, each) => sum + (each.multiplyAdds ?? 0), 0)
    : multiplyAdds({ type, weights, inputShape, outputShape, layer });
  return {
    name: layer.name,
    type,
    ...(inputShape && { inputShape }),
    outputShape,
    parameters: sizeOf(weights),
    trainableParameters: sizeOf(quietly(() => layer.trainableWeights, [])),
    bytes: bytesOf(weights),
    ...(products !== undefined && { multiplyAdds: products }),
    ...(layers && { layers }),
  };
}

/** What a getter gives, or `instead` while the layer is not built, when it throws. */
function quietly<T>(get: () => T, instead: T): T {
  try {
    return get();
  } catch {
    return instead;
  }
}

function distinct(weights: readonly Weight[]): Weight[] {
  return [...new Map(weights.map((weight) => [weight.id, weight])).values()];
}

const sizeOf = (weights: readonly Weight[]): number =>
  weights.reduce((sum, { shape }) => sum + shape.reduce<number>((size, length) => size * (length ?? 1), 1), 0);

/** A loss is a name, a function, or a list or record of them. */
function lossText(loss: unknown): string | undefined {
  if (typeof loss === 'string') return loss;
  if (typeof loss === 'function') return loss.name || 'a function';
  if (typeof loss !== 'object' || loss === null) return undefined;
  return Object.values(loss).map(lossText).filter(Boolean).join(', ');
}
