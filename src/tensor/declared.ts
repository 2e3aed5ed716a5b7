// What TypeScript knows of `tf` and of imports from '@tensorflow/tfjs': the types that its packages publish, in one place. Never run.
// The operations as methods of tensors are declared by a module of their own.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import './shown.ts';
import './training/options.ts';
import type { TensorFlow } from './api.ts';

export * from '@tensorflow/tfjs-converter';
export * from '@tensorflow/tfjs-core';
export * as data from '@tensorflow/tfjs-data';
export * from '@tensorflow/tfjs-layers';
export { enableDeterminism } from './determinism.ts';
export { nodeExports as node } from './node/exports.ts';
export { setSeed } from './random/seeds.ts';
export declare const version: TensorFlow['version'];
declare const tf: TensorFlow;
export default tf;
