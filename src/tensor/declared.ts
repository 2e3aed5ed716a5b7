// What TypeScript knows of `tf` and of imports from '@tensorflow/tfjs': the types that its packages publish, in one place. Never run.
// The operations as methods of tensors are declared by a module of their own.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import './shown.ts';
import './training/options.ts';
import './ranks.ts';
import type { DataType } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './api.ts';
import type { ArgReduction, Elementwise, ExpandDims, MatMul, Reduction, Reshape, Stack, Unary } from './ranks.ts';

export * from '@tensorflow/tfjs-converter';
export * from '@tensorflow/tfjs-core';
export * as data from '@tensorflow/tfjs-data';
export * from '@tensorflow/tfjs-layers';
// In the place of tfjs's: see ranks.ts.
/** Adds two tensors element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#add) */
export declare const add: Elementwise;
/** Subtracts the second tensor from the first, element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#sub) */
export declare const sub: Elementwise;
/** Multiplies two tensors element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#mul) */
export declare const mul: Elementwise;
/** Divides the first tensor by the second, element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#div) */
export declare const div: Elementwise;
/** The larger of each two elements. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#maximum) */
export declare const maximum: Elementwise;
/** The smaller of each two elements. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#minimum) */
export declare const minimum: Elementwise;
/** The first tensor to the power of the second, element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#pow) */
export declare const pow: Elementwise;
/** `(a - b) * (a - b)`, element by element. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#squaredDifference) */
export declare const squaredDifference: Elementwise;
/** Where the elements are equal. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#equal) */
export declare const equal: Elementwise;
/** Where the first is greater. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#greater) */
export declare const greater: Elementwise;
/** Where the first is greater or equal. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#greaterEqual) */
export declare const greaterEqual: Elementwise;
/** Where the first is less. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#less) */
export declare const less: Elementwise;
/** Where the first is less or equal. Shapes are stretched to one another; a number stands for itself. [API](https://js.tensorflow.org/api/4.22.0/#lessEqual) */
export declare const lessEqual: Elementwise;
/** The sum of the elements: of all, or along `axis`, which goes unless `keepDims`. [API](https://js.tensorflow.org/api/4.22.0/#sum) */
export declare const sum: Reduction;
/** The mean of the elements: of all, or along `axis`, which goes unless `keepDims`. [API](https://js.tensorflow.org/api/4.22.0/#mean) */
export declare const mean: Reduction;
/** The largest element: of all, or along `axis`, which goes unless `keepDims`. [API](https://js.tensorflow.org/api/4.22.0/#max) */
export declare const max: Reduction;
/** The smallest element: of all, or along `axis`, which goes unless `keepDims`. [API](https://js.tensorflow.org/api/4.22.0/#min) */
export declare const min: Reduction;
/** The product of the elements: of all, or along `axis`, which goes unless `keepDims`. [API](https://js.tensorflow.org/api/4.22.0/#prod) */
export declare const prod: Reduction;
/** The index of the largest element along `axis` (default 0). [API](https://js.tensorflow.org/api/4.22.0/#argMax) */
export declare const argMax: ArgReduction;
/** The index of the smallest element along `axis` (default 0). [API](https://js.tensorflow.org/api/4.22.0/#argMin) */
export declare const argMin: ArgReduction;
/** The product of two matrices, [m, k] and [k, n], or of batches of them; either may be transposed first. [API](https://js.tensorflow.org/api/4.22.0/#matMul) */
export declare const matMul: MatMul;
/** The same values in another shape; one length may be -1. [API](https://js.tensorflow.org/api/4.22.0/#reshape) */
export declare const reshape: Reshape;
/** A new axis of length 1 at `axis` (default 0). [API](https://js.tensorflow.org/api/4.22.0/#expandDims) */
export declare const expandDims: ExpandDims;
/** Tensors of one shape along a new axis (default 0). [API](https://js.tensorflow.org/api/4.22.0/#stack) */
export declare const stack: Stack;

/** The absolute value, of each element. [API](https://js.tensorflow.org/api/4.22.0/#abs) */
export declare const abs: Unary;
/** The next integer above, of each element. [API](https://js.tensorflow.org/api/4.22.0/#ceil) */
export declare const ceil: Unary;
/** The cosine, of each element. [API](https://js.tensorflow.org/api/4.22.0/#cos) */
export declare const cos: Unary;
/** `x` where it is positive, else `exp(x) - 1`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#elu) */
export declare const elu: Unary;
/** The error function, of each element. [API](https://js.tensorflow.org/api/4.22.0/#erf) */
export declare const erf: Unary;
/** e to the power of the element, of each element. [API](https://js.tensorflow.org/api/4.22.0/#exp) */
export declare const exp: Unary;
/** The next integer below, of each element. [API](https://js.tensorflow.org/api/4.22.0/#floor) */
export declare const floor: Unary;
/** The natural logarithm, of each element. [API](https://js.tensorflow.org/api/4.22.0/#log) */
export declare const log: Unary;
/** `log(1 + x)`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#log1p) */
export declare const log1p: Unary;
/** `-x`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#neg) */
export declare const neg: Unary;
/** `1 / x`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#reciprocal) */
export declare const reciprocal: Unary;
/** `max(x, 0)`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#relu) */
export declare const relu: Unary;
/** `min(max(x, 0), 6)`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#relu6) */
export declare const relu6: Unary;
/** The nearest integer, of each element. [API](https://js.tensorflow.org/api/4.22.0/#round) */
export declare const round: Unary;
/** `1 / sqrt(x)`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#rsqrt) */
export declare const rsqrt: Unary;
/** The scaled exponential linear unit, of each element. [API](https://js.tensorflow.org/api/4.22.0/#selu) */
export declare const selu: Unary;
/** `1 / (1 + exp(-x))`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#sigmoid) */
export declare const sigmoid: Unary;
/** -1, 0 or 1, of each element. [API](https://js.tensorflow.org/api/4.22.0/#sign) */
export declare const sign: Unary;
/** The sine, of each element. [API](https://js.tensorflow.org/api/4.22.0/#sin) */
export declare const sin: Unary;
/** `log(exp(x) + 1)`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#softplus) */
export declare const softplus: Unary;
/** The square root, of each element. [API](https://js.tensorflow.org/api/4.22.0/#sqrt) */
export declare const sqrt: Unary;
/** `x * x`, of each element. [API](https://js.tensorflow.org/api/4.22.0/#square) */
export declare const square: Unary;
/** The hyperbolic tangent, of each element. [API](https://js.tensorflow.org/api/4.22.0/#tanh) */
export declare const tanh: Unary;
/** Probabilities of logits along an axis, by default the last. [API](https://js.tensorflow.org/api/4.22.0/#softmax) */
export declare const softmax: Unary<[dim?: number]>;
/** Logarithms of the probabilities of logits along an axis, by default the last. [API](https://js.tensorflow.org/api/4.22.0/#logSoftmax) */
export declare const logSoftmax: Unary<[axis?: number]>;
/** The axes in another order, by default reversed. [API](https://js.tensorflow.org/api/4.22.0/#transpose) */
export declare const transpose: Unary<[perm?: number[]]>;
/** The same values of another type. [API](https://js.tensorflow.org/api/4.22.0/#cast) */
export declare const cast: Unary<[dtype: DataType]>;
/** Each element held between two bounds. [API](https://js.tensorflow.org/api/4.22.0/#clipByValue) */
export declare const clipByValue: Unary<[min: number, max: number]>;
export { enableDeterminism } from './determinism.ts';
export { nodeExports as node } from './node/exports.ts';
export { setSeed } from './random/seeds.ts';
export declare const version: TensorFlow['version'];
declare const tf: TensorFlow;
export default tf;
