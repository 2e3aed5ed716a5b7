// Tells the layer in which NaN first appears, by looking at every layer's output in every step.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { FitArgs, Preparing } from '../tensor/fit.ts';
import { NaNLossError, placeText } from '../tensor/loss-watch.ts';
import { tf } from './tensorflow.ts';

type Layer = layers.Layer;

/** One look: whether there is NaN, and where. */
interface Look {
  readonly where: string;
  readonly layer: string;
  readonly flag: Tensor;
}

/**
 * A callback that stops a training at the step in which NaN first appears, and names the layer: whether in its input, its output or the
 * update of its weights. It reads a value at each step, which costs about as much again as the step of a small model.
 * @example await model.fit(x, y, { callbacks: findNaN() });
 */
export function findNaN(): FindNaN {
  return new FindNaN();
}

export class FindNaN extends tf.Callback implements Preparing {
  #epoch = 0;
  #step = 0;
  #looks: Look[] = [];

  /** Puts looks around the calls of the model's layers until the training ends. */
  async prepare(model: LayersModel, atEnd: (undo: () => void) => void): Promise<Partial<FitArgs>> {
    this.#step = 0;
    for (const layer of layersOf(model)) this.#watch(layer);
    atEnd(() => {
      for (const layer of layersOf(model)) delete (layer as Partial<Layer>).call;
      this.#clear();
    });
    // What is compiled calls no layer.
    return { compile: false };
  }

  #watch(layer: Layer): void {
    const { call } = layer;
    layer.call = (inputs, kwargs) => {
      const isTraining = Boolean(kwargs?.training);
      if (isTraining && isFed(layer)) this.#look(`in the data, as layer ${title(layer)} gets it`, layer, inputs);
      const output = call.call(layer, inputs, kwargs);
      if (isTraining) this.#look(`in the output of layer ${title(layer)}`, layer, output);
      return output;
    };
  }

  #look(where: string, layer: Layer, given: Tensor | Tensor[]): void {
    for (const tensor of [given].flat()) {
      if (tensor.dtype !== 'float32') continue;
      const flag = tf.keep(tf.tidy(() => tf.any(tf.isNaN(tensor))));
      this.#looks.push({ where, layer: layer.name, flag });
    }
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
  }

  override async onBatchEnd(batch: number, logs: { loss?: Tensor | number } = {}): Promise<void> {
    this.#step++;
    const { loss } = logs;
    if (loss instanceof tf.Tensor)
      this.#looks.push({
        where: 'in the loss: in the targets, or in what the loss makes of them',
        layer: '',
        flag: tf.isNaN(loss),
      });
    // Gradients come from the end of a model to its beginning: the last layer is the first to get one that is NaN.
    for (const layer of layersOf(this.model).reverse()) {
      const where = `in the update of layer ${title(layer)}: the gradient of its weights is NaN`;
      this.#look(
        where,
        layer,
        layer.trainableWeights.map((weight) => weight.read()),
      );
    }
    const looks = this.#looks;
    const flags = tf.stack(looks.map(({ flag }) => flag));
    const found = await flags.data();
    flags.dispose();
    const first = looks[found.findIndex((value) => value !== 0)];
    this.#clear();
    if (!first) return;
    const { samples, batchSize, steps } = this.params as unknown as Record<string, number | null>;
    const batches = steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : undefined);
    const at = { epoch: this.#epoch + 1, batch: batch + 1, step: this.#step };
    const message = `fit: NaN first appears at ${placeText(at, batches)} ${first.where}`;
    throw new NaNLossError(message, at, first.layer || undefined);
  }

  #clear(): void {
    tf.dispose(this.#looks.map(({ flag }) => flag));
    this.#looks = [];
  }
}

const title = (layer: Layer): string => `${layer.name} (${layer.getClassName()})`;

/** The layers that compute, those of models within the model included, in their order. */
function layersOf(model: { readonly layers: Layer[] }): Layer[] {
  return model.layers.flatMap((layer) => {
    if ('layers' in layer) return layersOf(layer as unknown as LayersModel);
    return layer.getClassName() === 'InputLayer' ? [] : [layer];
  });
}

/** Whether the data come to it first. */
function isFed(layer: Layer): boolean {
  const [node] = layer.inboundNodes;
  return node?.inboundLayers.every((each) => each.getClassName() === 'InputLayer') ?? false;
}
