// Answers `import … from '@tensorflow/tfjs-layers'`. By name: `export *` of a CommonJS file makes Node read through it for names.
import { answers } from '../load.ts';

const exports: Record<keyof ReturnType<typeof answers.layers>, unknown> = answers.layers();
export default exports;
// biome-ignore format: a list of names
export const {
  Callback, CallbackList, CustomCallback, EarlyStopping, History, InputSpec, LayerVariable, LayersModel, RNN,
  Sequential, SymbolicTensor, callbacks, constraints, initializers, input, layers, loadLayersModel, metrics, model,
  models, registerCallbackConstructor, regularizers, sequential, version_layers,
} = exports;
