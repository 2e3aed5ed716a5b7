// Matrix products. The binary multiplies fast (XNNPACK, 30 GFLOP/s) only two plain matrices: transposed ones and batches take a path
// of 2 GFLOP/s there, so here a transposed operand is transposed first and a batch is multiplied matrix by matrix.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { WasmBackend } from '../wasm.ts';
import { borrow } from './borrowed.ts';
import { idOf, type Kernel, type KernelCall, native, offsetOf, run, shapeBytes, share, zeros } from './call.ts';

export const matmulKernels: Record<string, Kernel> = { BatchMatMul: batchMatMul };

/** [..., m, k] · [..., k, n] → [..., m, n] float32; leading axes broadcast. */
function batchMatMul(call: KernelCall): TensorInfo {
  const { inputs, attrs, backend } = call;
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return borrow('BatchMatMul', call) as TensorInfo;
  core.util.assert(
    Math.min(a.shape.length, b.shape.length) >= 2,
    () => `matMul: both must be rank 2 or more, got ${a.shape.length} and ${b.shape.length}`,
  );
  const [m, innerA] = matrixOf(a.shape, attrs.transposeA);
  const [innerB, n] = matrixOf(b.shape, attrs.transposeB);
  core.util.assert(
    innerA === innerB,
    () => `matMul: inner sizes must be equal, got ${innerA} of [${a.shape}] and ${innerB} of [${b.shape}]`,
  );
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const outer = core.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const shape = [...outer, m, n];
  if (core.util.sizeFromShape(shape) === 0 || innerA === 0) return zeros(backend, shape, 'float32');
  const plainA = attrs.transposeA ? transposeLast(backend, a) : share(backend, a);
  const plainB = attrs.transposeB ? transposeLast(backend, b) : share(backend, b);
  const out = backend.makeOutput(shape, 'float32');
  if (core.util.sizeFromShape(outerB) === 1) {
    // One right matrix: the rows of all left ones are rows of one product.
    multiply(
      backend,
      idOf(backend, plainA),
      idOf(backend, plainB),
      idOf(backend, out),
      core.util.sizeFromShape(outer) * m,
      innerA,
      n,
    );
  } else {
    multiplyEach(backend, { a: plainA, b: plainB, out, outer, outerA, outerB, m, k: innerA, n });
  }
  backend.disposeData(plainA.dataId);
  backend.disposeData(plainB.dataId);
  return out;
}

interface Batch {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly out: TensorInfo;
  readonly outer: readonly number[];
  readonly outerA: readonly number[];
  readonly outerB: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** One product for each index of the leading axes. */
function multiplyEach(backend: WasmBackend, { a, b, out, outer, outerA, outerB, m, k, n }: Batch): void {
  const firsts = [a, b, out].map((info) => offsetOf(backend, info));
  const sizes = [m * k, k * n, m * n];
  const whichA = broadcastIndices(outer, outerA);
  const whichB = broadcastIndices(outer, outerB);
  for (let i = 0; i < whichA.length; i++) {
    const part = [whichA[i]!, whichB[i]!, i];
    const ids = firsts.map((first, operand) =>
      backend.alias(first + part[operand]! * sizes[operand]! * 4, sizes[operand]!),
    );
    multiply(backend, ids[0]!, ids[1]!, ids[2]!, m, k, n);
    for (const id of ids) backend.wasm.tfjs.disposeData(id);
  }
}

/**
 * out[m, n] = a[m, k] · b[k, n] of float32 by their numbers in the binary. The binary keeps b packed under its number for as long
 * as that lives, so memory that changes needs a new number (`alias`).
 */
export function multiply(
  backend: WasmBackend,
  a: number,
  b: number,
  out: number,
  m: number,
  k: number,
  n: number,
): void {
  const product = native(backend, 'BatchMatMul', 'nannannnn');
  product(a, shapeBytes([1, m, k]), 3, b, shapeBytes([1, k, n]), 3, 0, 0, out);
}

/** A matrix, or each of a batch, with its last two axes exchanged. */
export function transposeLast(backend: WasmBackend, info: TensorInfo): TensorInfo {
  const [rows, columns] = info.shape.slice(-2) as [number, number];
  const batch = core.util.sizeFromShape(info.shape.slice(0, -2));
  const out = run(backend, 'Transpose', { x: { ...info, shape: [batch, rows, columns] } }, { perm: [0, 2, 1] });
  return { ...out, shape: [...info.shape.slice(0, -2), columns, rows] };
}

function matrixOf(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

/** For each index of `outer` in order, the index in an operand whose leading axes are `own` and broadcast to it. */
function broadcastIndices(outer: readonly number[], own: readonly number[]): number[] {
  const padded = [...new Array<number>(outer.length - own.length).fill(1), ...own];
  let indices = [0];
  outer.forEach((size, axis) => {
    indices = indices.flatMap((index) =>
      Array.from({ length: size }, (_, i) => index * padded[axis]! + (padded[axis] === 1 ? 0 : i)),
    );
  });
  return indices;
}
