// What tensors and models can do beside tfjs's own methods, for TypeScript.
import type { Rank } from '@tensorflow/tfjs-core';
import type { DisplayHandle } from '../display/display.ts';
import type { ModelShowOptions } from './model-show.ts';
import type { ShowOptions, TensorStatistics } from './show.ts';

declare module '@tensorflow/tfjs-core/dist/tensor.js' {
  interface Tensor<R extends Rank = Rank> {
    /** Shows the tensor now, drawn as what it means: `x.show({ as: 'image' })`. Default: as a cell's value is shown. */
    show(options?: ShowOptions): DisplayHandle;
    /** Least, greatest, mean, deviation, NaN and infinities of all values, exact at any size. */
    stats(): TensorStatistics;
  }
}

declare module '@tensorflow/tfjs-layers/dist/engine/training.js' {
  interface LayersModel {
    /** Shows the model now: its summary, its graph, or its weights or gradients as histograms. Default: the summary. */
    show(options?: ModelShowOptions): DisplayHandle;
  }
}
