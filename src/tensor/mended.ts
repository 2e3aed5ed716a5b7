// Operations that tfjs has wrong or narrower than TensorFlow, on every backend: mended in the session's instance.
import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

type Operation = (...given: unknown[]) => unknown;

/** Puts an operation of ours, which is given tfjs's, in its place under the same name. */
function mend(of: object, name: string, make: (own: Operation) => Operation): void {
  const operations = of as Record<string, Operation>;
  const own = operations[name]!;
  operations[name] = Object.defineProperty(make(own), 'name', { value: own.name });
}

/** Mends them, once. */
export function mendOperations(): void {
  // Whole numbers as they are: tfjs-layers floors the labels of `sparseCategoricalCrossentropy`, so without this that loss refuses labels of
  // the very dtype that labels have.
  mend(core, 'floor', (floor) => (x) => (x instanceof core.Tensor && x.dtype === 'int32' ? x.clone() : floor(x)));
  mend(core.linalg, 'qr', factorize);
  for (const name of ['nonMaxSuppressionWithScore', 'nonMaxSuppressionWithScoreAsync']) mend(core.image, name, softly);
}

/** tfjs gives the triangles of a batch of tall matrices the shape of the matrices. */
const factorize =
  (qr: Operation): Operation =>
  (x, full = false) => {
    const given = x as Tensor | TensorLike;
    if (!(given instanceof core.Tensor) || given.rank < 3) return qr(given, full);
    const { shape } = given;
    return core.tidy(() => {
      const matrices = core.unstack(core.reshape(given, [-1, ...shape.slice(-2)]));
      const pairs = matrices.map((matrix) => qr(matrix, full) as [Tensor, Tensor]);
      return [0, 1].map((side) => {
        const stacked = core.stack(pairs.map((pair) => pair[side]!));
        return core.reshape(stacked, [...shape.slice(0, -2), ...stacked.shape.slice(1)]);
      });
    });
  };

/** Scores that are softened have no bound of overlap beyond which a box is dropped; older kernels, tfjs's among them, still have one. */
const softly =
  (suppress: Operation): Operation =>
  (boxes, scores, most, overlap, least, sigma) =>
    suppress(boxes, scores, most, sigma ? 1 : overlap, least, sigma);
