// Facts of models and layers for whoever draws them: read off tfjs-layers' objects, never by running anything of a user's.

import { dataProperty } from '../display/peek.ts';
import type { LayerRow, ModelFacts } from '../display/tensor-types.ts';

type Shape = readonly (number | null)[];

/** A weight of a layer. */
interface Weight {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: string;
}

/** A layer of tfjs-layers as far as we read it; getters may throw before the layer is built. */
interface Layer {
  readonly name: string;
  readonly built: boolean;
  readonly outputShape: Shape | readonly Shape[];
  readonly trainableWeights: readonly Weight[];
  readonly weights: readonly Weight[];
  readonly inboundNodes: readonly { readonly inboundLayers: readonly { readonly name: string }[] }[];
  getClassName(): string;
}

interface Model extends Layer {
  readonly layers: readonly Layer[];
  readonly optimizer?: { getClassName(): string };
  readonly loss?: unknown;
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
  return {
    name: model.name,
    type: model.getClassName(),
    layers: layerRows(model.layers),
    parameters: sizeOf(all),
    trainableParameters: sizeOf(distinct(quietly(() => model.trainableWeights, []))),
    bytes: all.reduce((sum, weight) => sum + sizeOf([weight]) * (weight.dtype === 'bool' ? 1 : 4), 0),
    ...(model.optimizer && { optimizer: model.optimizer.getClassName() }),
    ...(loss && { loss }),
  };
}

function layerRows(layers: readonly Layer[]): LayerRow[] {
  const inputs = layers.map((layer) => layer.inboundNodes[0]?.inboundLayers.map(({ name }) => name) ?? []);
  const isChain = inputs.every(
    (names, i) => names.length <= 1 && (i === 0 || names.length === 0 || names[0] === layers[i - 1]!.name),
  );
  return layers.map((layer, i) => ({ ...layerRow(layer), ...(!isChain && { inputs: inputs[i]! }) }));
}

/** One layer, as a row of a model's table or by itself. */
export function layerRow(layer: Layer): LayerRow {
  return {
    name: layer.name,
    type: layer.getClassName(),
    outputShape: quietly<Shape | readonly Shape[]>(() => layer.outputShape, []),
    parameters: sizeOf(quietly(() => layer.weights, [])),
    trainableParameters: sizeOf(quietly(() => layer.trainableWeights, [])),
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
