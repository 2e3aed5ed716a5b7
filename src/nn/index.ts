// What a cell imports as 'tensorcell/nn': layers, optimizers, schedules and callbacks that current models need and tfjs lacks.

import './trusted.ts';

export { AccumulatingOptimizer, accumulate } from './accumulate.ts';
export { AdamW, type AdamWOptions } from './adamw.ts';
export { type AttentionCall, MultiHeadAttention, type MultiHeadAttentionArgs } from './attention.ts';
export type { MaskCall } from './attention-mask.ts';
export { type BestWeights, type BestWeightsOptions, bestWeights } from './best.ts';
export { type Checkpoint, type CheckpointOptions, checkpoint, loadCheckpoint } from './checkpoint.ts';
export { type ClipOptions, ClippedOptimizer, clip } from './clip.ts';
export { type FindNaN, findNaN } from './find-nan.ts';
export type { MonitorOptions } from './improvement.ts';
export {
  GroupNormalization,
  type GroupNormalizationArgs,
  RMSNormalization,
  type RMSNormalizationArgs,
} from './normalization.ts';
export {
  learningRate,
  type PlateauCallback,
  type PlateauOptions,
  type RateCallback,
  type RateOptions,
  reduceOnPlateau,
} from './rate-callback.ts';
export {
  type CosineOptions,
  cosine,
  cosineRestarts,
  type ExponentialOptions,
  exponential,
  type OneCycleOptions,
  oneCycle,
  type PiecewiseOptions,
  piecewise,
  type RestartOptions,
  type Schedule,
  type StepOptions,
  step,
} from './rates.ts';
