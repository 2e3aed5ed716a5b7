// Ranks that outlive an operation, in the types of cells. tfjs gives most results as `T extends Tensor` that nothing tells of, which is
// `Tensor<Rank>`; here what is not told follows from the operands. A type that the person names, or that the result is assigned to, counts
// as ever. Types alone; imported behind tfjs's own methods, so that these are looked at first.
import type { DataType, Rank, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TensorLike } from '@tensorflow/tfjs-core';

interface Below {
  readonly R0: Rank.R0;
  readonly R1: Rank.R0;
  readonly R2: Rank.R1;
  readonly R3: Rank.R2;
  readonly R4: Rank.R3;
  readonly R5: Rank.R4;
  readonly R6: Rank.R5;
}
interface Above {
  readonly R0: Rank.R1;
  readonly R1: Rank.R2;
  readonly R2: Rank.R3;
  readonly R3: Rank.R4;
  readonly R4: Rank.R5;
  readonly R5: Rank.R6;
  readonly R6: Rank.R6;
}
interface UpTo {
  readonly R0: Rank.R0;
  readonly R1: Rank.R0 | Rank.R1;
  readonly R2: Rank.R0 | Rank.R1 | Rank.R2;
  readonly R3: Rank.R0 | Rank.R1 | Rank.R2 | Rank.R3;
  readonly R4: Exclude<Rank, Rank.R5 | Rank.R6>;
  readonly R5: Exclude<Rank, Rank.R6>;
  readonly R6: Rank;
}

/** One axis less; unknown of an unknown one. */
export type Lower<R extends Rank> = Rank extends R ? Rank : Below[R];
/** One axis more. */
export type Higher<R extends Rank> = Rank extends R ? Rank : Above[R];
/** What two operands become that are stretched to one another. */
export type Wider<A extends Rank, B extends Rank> = Rank extends A
  ? Rank
  : Rank extends B
    ? Rank
    : A extends UpTo[B]
      ? B
      : A;

/** An operation on two tensors, element by element. */
export interface Elementwise {
  <A extends Rank = Rank.R0, B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<A, B>>>(
    a: Tensor<A> | number | boolean,
    b: Tensor<B> | number | boolean,
  ): T;
  <T extends Tensor>(a: Tensor | TensorLike, b: Tensor | TensorLike): T;
}

/** An operation on one tensor, element by element. `More`: what else it takes. */
export interface Unary<More extends readonly unknown[] = []> {
  <R extends Rank, T extends Tensor = Tensor<R>>(x: Tensor<R>, ...more: More): T;
  <T extends Tensor>(x: T | TensorLike, ...more: More): T;
}

/** What takes axes together: all of them, one, or those of a list. With `keepDims` the axes stay, of length 1. */
export interface Reduction {
  <T extends Tensor = Tensor<Rank.R0>>(x: Tensor | TensorLike): T;
  <R extends Rank, T extends Tensor = Tensor<Lower<R>>>(x: Tensor<R>, axis: number, keepDims?: false): T;
  <R extends Rank, T extends Tensor = Tensor<R>>(x: Tensor<R>, axis: number | number[], keepDims: true): T;
  <T extends Tensor>(x: Tensor | TensorLike, axis?: number | number[], keepDims?: boolean): T;
}

/** The index of the largest or smallest value along an axis; default the first. */
export interface ArgReduction {
  <R extends Rank, T extends Tensor = Tensor<Lower<R>>>(x: Tensor<R>, axis?: number): T;
  <T extends Tensor>(x: Tensor | TensorLike, axis?: number): T;
}

/** [m, k] times [k, n]; of more axes, those before are a batch. */
export interface MatMul {
  <A extends Rank, B extends Rank, T extends Tensor = Tensor<Wider<A, B>>>(
    a: Tensor<A>,
    b: Tensor<B>,
    transposeA?: boolean,
    transposeB?: boolean,
  ): T;
  <T extends Tensor>(a: Tensor | TensorLike, b: Tensor | TensorLike, transposeA?: boolean, transposeB?: boolean): T;
}

/** The same values in another shape. */
export interface Reshape {
  <T extends Tensor = Tensor1D>(x: Tensor | TensorLike, shape: [number]): T;
  <T extends Tensor = Tensor2D>(x: Tensor | TensorLike, shape: [number, number]): T;
  <T extends Tensor = Tensor3D>(x: Tensor | TensorLike, shape: [number, number, number]): T;
  <T extends Tensor = Tensor4D>(x: Tensor | TensorLike, shape: [number, number, number, number]): T;
  <R extends Rank>(x: Tensor | TensorLike, shape: number[]): Tensor<R>;
}

/** A new axis of length 1; default the first. */
export interface ExpandDims {
  <R extends Rank, T extends Tensor = Tensor<Higher<R>>>(x: Tensor<R>, axis?: number): T;
  <T extends Tensor>(x: Tensor | TensorLike, axis?: number): T;
}

/** Tensors of one shape along a new axis; default the first. */
export interface Stack {
  <R extends Rank, T extends Tensor = Tensor<Higher<R>>>(tensors: readonly Tensor<R>[], axis?: number): T;
  <T extends Tensor>(tensors: readonly (T | TensorLike)[], axis?: number): Tensor;
}

declare module '@tensorflow/tfjs-core/dist/tensor.js' {
  // The defaults of `T` are all that differs from tfjs's own.
  interface Tensor<R extends Rank = Rank> {
    add<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    sub<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    mul<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    div<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    divNoNan<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    floorDiv<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    mod<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    pow<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(exp: Tensor<B> | number | boolean): T;
    atan2<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    maximum<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    minimum<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    squaredDifference<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(
      b: Tensor<B> | number | boolean,
    ): T;
    equal<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    notEqual<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    greater<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    greaterEqual<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    less<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    lessEqual<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    logicalAnd<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    logicalOr<B extends Rank = Rank.R0, T extends Tensor = Tensor<Wider<R, B>>>(b: Tensor<B> | number | boolean): T;
    matMul<B extends Rank, T extends Tensor = Tensor<Wider<R, B>>>(
      b: Tensor<B>,
      transposeA?: boolean,
      transposeB?: boolean,
    ): T;
    sum<T extends Tensor = Tensor<Rank.R0>>(): T;
    sum<T extends Tensor = Tensor<Lower<R>>>(axis: number, keepDims?: false): T;
    sum<T extends Tensor = Tensor<R>>(axis: number | number[], keepDims: true): T;
    mean<T extends Tensor = Tensor<Rank.R0>>(): T;
    mean<T extends Tensor = Tensor<Lower<R>>>(axis: number, keepDims?: false): T;
    mean<T extends Tensor = Tensor<R>>(axis: number | number[], keepDims: true): T;
    max<T extends Tensor = Tensor<Rank.R0>>(): T;
    max<T extends Tensor = Tensor<Lower<R>>>(axis: number, keepDims?: false): T;
    max<T extends Tensor = Tensor<R>>(axis: number | number[], keepDims: true): T;
    min<T extends Tensor = Tensor<Rank.R0>>(): T;
    min<T extends Tensor = Tensor<Lower<R>>>(axis: number, keepDims?: false): T;
    min<T extends Tensor = Tensor<R>>(axis: number | number[], keepDims: true): T;
    prod<T extends Tensor = Tensor<Rank.R0>>(): T;
    prod<T extends Tensor = Tensor<Lower<R>>>(axis: number, keepDims?: false): T;
    prod<T extends Tensor = Tensor<R>>(axis: number | number[], keepDims: true): T;
    argMax<T extends Tensor = Tensor<Lower<R>>>(axis?: number): T;
    argMin<T extends Tensor = Tensor<Lower<R>>>(axis?: number): T;
    norm(): Tensor<Rank.R0>;
    reshape<T extends Tensor = Tensor1D>(shape: [number]): T;
    reshape<T extends Tensor = Tensor2D>(shape: [number, number]): T;
    reshape<T extends Tensor = Tensor3D>(shape: [number, number, number]): T;
    reshape<T extends Tensor = Tensor4D>(shape: [number, number, number, number]): T;
    expandDims<T extends Tensor = Tensor<Higher<R>>>(axis?: number): T;
    stack<T extends Tensor = Tensor<Higher<R>>>(x: Tensor<R> | Tensor<R>[], axis?: number): T;
    unstack<T extends Tensor = Tensor<Lower<R>>>(axis?: number): T[];
    split<T extends Tensor = Tensor<R>>(numOrSizeSplits: number[] | number, axis?: number): T[];
    concat<T extends Tensor = Tensor<R>>(tensors: Tensor<R> | Tensor<R>[], axis?: number): T;
    transpose<T extends Tensor = Tensor<R>>(perm?: number[]): T;
    cast<T extends Tensor = Tensor<R>>(dtype: DataType): T;
    clipByValue<T extends Tensor = Tensor<R>>(min: number, max: number): T;
    cumsum<T extends Tensor = Tensor<R>>(axis?: number, exclusive?: boolean, reverse?: boolean): T;
    elu<T extends Tensor = Tensor<R>>(): T;
    leakyRelu<T extends Tensor = Tensor<R>>(alpha: number): T;
    logicalNot<T extends Tensor = Tensor<R>>(): T;
    mirrorPad<T extends Tensor = Tensor<R>>(paddings: [number, number][], mode: 'reflect' | 'symmetric'): T;
    pad<T extends Tensor = Tensor<R>>(paddings: [number, number][], constantValue?: number): T;
    relu<T extends Tensor = Tensor<R>>(): T;
    relu6<T extends Tensor = Tensor<R>>(): T;
    selu<T extends Tensor = Tensor<R>>(): T;
    tile<T extends Tensor = Tensor<R>>(reps: number[]): T;
  }
}
