// Products of matrices: plain, batched, fused with bias and activation, and by Einstein's notation.
import type { _FusedMatMulAttrs, BatchMatMulAttrs, EinsumAttrs } from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { finished } from './activation.ts';
import { cast, reshaped } from './arrange.ts';

export const matmulKernels: Record<string, Kernel> = {
  BatchMatMul: (ops, { a, b }, attrs: BatchMatMulAttrs) => product(ops, a, b, attrs),
  _FusedMatMul: (ops, { a, b, bias, preluActivationWeights: prelu }, attrs: _FusedMatMulAttrs) =>
    finished(ops, product(ops, a, b, attrs), { ...attrs, bias, prelu }),
  Einsum: (ops, { list }, { equation }: EinsumAttrs) => einsum(ops, list, equation),
};

type Turns = Pick<BatchMatMulAttrs, 'transposeA' | 'transposeB'>;

/** [… m, k] times [… k, n], either turned first. */
function product(ops: Ops, a: Value, b: Value, turns: Turns): Value {
  checkProduct(a, b, turns);
  if (a.dtype === 'bool') return cast(ops, product(ops, cast(ops, a, 'int32'), cast(ops, b, 'int32'), turns), 'bool');
  const { transposeA, transposeB } = turns;
  // MatMul of two matrices is a few microseconds less than a batch of one; many rows against one matrix are one large product.
  if (a.shape.length === 2 && b.shape.length === 2) return matmul(ops, a, b, turns);
  const one = b.shape.slice(0, -2).every((length) => length === 1);
  const lasting = [...a.shape.slice(0, -1), b.shape.at(transposeB ? -2 : -1)!];
  if (!one || transposeA || b.shape.length > a.shape.length || unknowns(lasting) > 1)
    return ops.one('BatchMatMulV2', [a, b], { adj_x: transposeA, adj_y: transposeB });
  const rows = reshaped(ops, a, [rowsOf(a), a.shape.at(-1)!]);
  const matrix = b.shape.length === 2 ? b : reshaped(ops, b, b.shape.slice(-2));
  return reshaped(ops, matmul(ops, rows, matrix, turns), lasting);
}

const matmul = (ops: Ops, a: Value, b: Value, { transposeA, transposeB }: Turns): Value =>
  ops.one('MatMul', [a, b], { transpose_a: transposeA, transpose_b: transposeB });

const unknowns = (shape: readonly number[]): number => shape.filter((length) => length < 0).length;

/** All leading lengths together; −1 when one of them is unknown. */
function rowsOf({ shape }: Value): number {
  const leading = shape.slice(0, -1);
  return unknowns(leading) > 0 ? -1 : leading.reduce((a, b) => a * b, 1);
}

function checkProduct(a: Value, b: Value, { transposeA, transposeB }: Turns): void {
  if (a.shape.length < 2 || b.shape.length < 2)
    throw new RangeError(`matMul: both must have rank 2 or more, got shapes [${a.shape}] and [${b.shape}]`);
  const [left, right] = [a.shape.at(transposeA ? -2 : -1)!, b.shape.at(transposeB ? -1 : -2)!];
  if (left !== right && left >= 0 && right >= 0) {
    const how = `[${a.shape}]${transposeA ? ' transposed' : ''} and [${b.shape}]${transposeB ? ' transposed' : ''}`;
    throw new RangeError(`matMul: inner lengths must be equal, got ${left} and ${right} (${how})`);
  }
}

/** tfjs's einsum: one or two terms, distinct letters, an arrow; it says itself what it refuses. */
function einsum(ops: Ops, list: readonly Value[], given: string): Value {
  const { allDims, idDims } = core.backend_util.decodeEinsumEquation(given, list.length);
  core.backend_util.checkEinsumDimSizes(allDims.length, idDims, list as never);
  return ops.one('Einsum', [list], { equation: given.replace(/\s/g, '') });
}
