// Kernels that are ours, and those that wasm borrows, against the plain JavaScript backend: values and gradients, odd sizes, strides,
// paddings, formats and dtypes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { agrees, found, tf, values, withGradients } from './backends.ts';

type Pad = 'same' | 'valid' | number;

/** Methods that tfjs declares in a package of its own. */
type Resizable = Tensor &
  Record<'resizeBilinear' | 'resizeNearestNeighbor', (size: [number, number], corners?: boolean) => Tensor>;

const ints = (...list: number[]) => tf.tensor1d(list, 'int32');
const bools = (...list: number[]) => tf.tensor1d(list, 'bool');

/** Name → operation. Each is run on both backends within a tidy. */
const operations: Record<string, () => Tensor | Tensor[]> = {};

for (const [transposeA, transposeB] of [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const) {
  const name = `matMul${transposeA ? ' aᵀ' : ''}${transposeB ? ' bᵀ' : ''}`;
  const shape = (batch: number[], rows: number, columns: number, transposed: boolean) =>
    transposed ? [...batch, columns, rows] : [...batch, rows, columns];
  for (const [a, b] of [
    [[], []],
    [[3], [3]],
    [[3], [1]],
    [
      [2, 2],
      [2, 2],
    ],
  ] as const) {
    const left = () => values(shape([...a], 5, 7, transposeA));
    const right = () => values(shape([...b], 7, 4, transposeB), 2);
    const product = (x: Tensor, y: Tensor) => tf.matMul(x, y, transposeA, transposeB);
    // tfjs has no gradient of a product whose batches broadcast.
    operations[`${name} of batches [${a}] and [${b}]`] =
      String(a) === String(b) ? withGradients(product, left, right) : () => product(left(), right());
  }
}
operations['matMul with nothing to sum'] = () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]));
operations['matMul of int32'] = () =>
  tf.matMul(
    tf.tensor2d(
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      'int32',
    ),
    tf.tensor2d([[5], [6]], [2, 1], 'int32'),
  );
for (const activation of ['relu', 'relu6', 'sigmoid', 'elu', 'linear'] as const) {
  operations[`fused matMul with bias and ${activation}`] = withGradients(
    (a, b, bias) => tf.fused.matMul({ a, b, bias, activation }),
    () => values([5, 7]),
    () => values([7, 4], 2),
    () => values([4], 3),
  );
}

for (const [stride, pad, size] of [
  [1, 'valid', 3],
  [2, 'valid', 3],
  [1, 'same', 3],
  [2, 'same', 2],
  [[2, 1], 'same', 5],
  [1, 1, 2],
  [3, 2, 4],
  [1, 'valid', 1],
] as const) {
  const text = `stride ${stride}, padding ${pad}, filter ${size}`;
  operations[`conv2d, ${text}`] = withGradients(
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride as number, pad as Pad),
    () => values([3, 9, 7, 2]),
    () => values([size, size, 2, 5], 2),
  );
  if (typeof stride !== 'number') continue;
  operations[`depthwiseConv2d, ${text}`] = withGradients(
    (x, filter) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, pad as Pad),
    () => values([2, 9, 7, 3]),
    () => values([size, size, 3, 2], 2),
  );
  if (size > 1) {
    operations[`maxPool, ${text}`] = withGradients(
      (x) => tf.maxPool(x as Tensor4D, size, stride, pad as Pad),
      () => values([2, 9, 7, 3]),
    );
    operations[`avgPool, ${text}`] = withGradients(
      (x) => tf.avgPool(x as Tensor4D, size, stride, pad as Pad),
      () => values([2, 9, 7, 3]),
    );
  }
}
Object.assign(operations, {
  'conv2d, dilated': () =>
    tf.conv2d(values([1, 9, 9, 2]) as Tensor4D, values([3, 3, 2, 3]) as Tensor4D, 1, 'same', 'NHWC', 2),
  'conv2d, channels first': () =>
    tf.conv2d(values([2, 3, 6, 5]) as Tensor4D, values([3, 2, 3, 4], 2) as Tensor4D, [2, 1], 'same', 'NCHW'),
  'conv2d in more than one chunk': withGradients(
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'),
    () => values([2, 100, 100, 16]),
    () => values([3, 3, 16, 2], 2),
  ),
  conv2dTranspose: withGradients(
    (x, filter) => tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [2, 7, 9, 3], [2, 2], 'valid'),
    () => values([2, 3, 4, 2]),
    () => values([3, 3, 3, 2], 2),
  ),
  'depthwiseConv2d, dilated': () =>
    tf.depthwiseConv2d(
      values([1, 9, 8, 2]) as Tensor4D,
      values([3, 2, 2, 1], 2) as Tensor4D,
      1,
      'same',
      'NHWC',
      [2, 3],
    ),
  separableConv2d: () =>
    tf.separableConv2d(
      values([1, 6, 6, 3]) as Tensor4D,
      values([3, 3, 3, 2]) as Tensor4D,
      values([1, 1, 6, 4]) as Tensor4D,
      2,
      'same',
    ),
  'fused conv2d with a scalar bias': () =>
    tf.fused.conv2d({
      x: values([1, 5, 5, 2]) as Tensor4D,
      filter: values([3, 3, 2, 3]) as Tensor4D,
      strides: 1,
      pad: 'same',
      bias: tf.scalar(0.5),
      activation: 'relu',
    }),
  'fused conv2d, channels first, with bias': () =>
    tf.fused.conv2d({
      x: values([2, 2, 5, 5]) as Tensor4D,
      filter: values([3, 3, 2, 3]) as Tensor4D,
      strides: 1,
      pad: 'same',
      dataFormat: 'NCHW',
      bias: values([3], 4),
      activation: 'relu',
    }),
  'maxPool of equal values': withGradients(
    (x) => tf.maxPool(x as Tensor4D, 2, 2, 'valid'),
    () => tf.ones([1, 4, 4, 2]),
  ),
  'maxPool of windows of one': () => tf.maxPool(values([1, 4, 4, 2]) as Tensor4D, 1, 2, 'valid'),
  'maxPool of int32': () => tf.maxPool(tf.cast(tf.mul(values([1, 4, 4, 2]), 9), 'int32') as Tensor4D, 2, 2, 'valid'),
  'maxPool3d of negative values': () => tf.maxPool3d(tf.sub(values([1, 4, 4, 4, 2]), 5) as never, 2, 2, 'valid'),

  'gather along the first axis': withGradients(
    (x) => tf.gather(x, ints(3, 0, 0, 2)),
    () => values([4, 3, 2]),
  ),
  'gather along the last axis': withGradients(
    (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [1, 0],
            [2, 2],
          ],
          [2, 2],
          'int32',
        ),
        2,
      ),
    () => values([2, 3, 3]),
  ),
  'gather in batches': () =>
    tf.gather(
      values([2, 3, 4]),
      tf.tensor2d(
        [
          [1, 0],
          [2, 2],
        ],
        [2, 2],
        'int32',
      ),
      1,
      1,
    ),
  'gather of bool': () => tf.gather(bools(1, 0, 1), ints(2, 1)),
  'sums by segment': withGradients(
    (x) => tf.unsortedSegmentSum(x, ints(2, 0, 1, 2, 0) as Tensor1D, 4),
    () => values([5, 3]),
  ),
  'sums by segment, ids out of range left out': () =>
    tf.unsortedSegmentSum(values([4, 3]), ints(2, -1, 7, 2) as Tensor1D, 3),
  slices: () => [
    tf.slice(values([7]), 2, 3),
    tf.slice(values([4, 5]), [1, 0], [2, 5]),
    tf.slice(values([4, 5]), [1, 3], [3, 1]),
    tf.slice(values([3, 4, 2, 5]), [0, 1, 1, 2], [3, 2, 1, 3]),
    tf.slice(values([2, 3, 2, 2, 3, 20]), [0, 1, 0, 1, 0, 1], [2, 2, 2, 1, 3, 17]),
    tf.slice(bools(1, 0, 0, 1, 1), 1, 3),
    tf.slice(tf.tensor(['a', 'b', 'c']), 1, 2),
  ],
  'the gradient of a slice': withGradients(
    (x) => tf.slice(x, [1, 2], [2, 2]),
    () => values([4, 5]),
  ),
  'strided slices': () => [
    tf.stridedSlice(values([9]), [1], [8], [3]),
    tf.stridedSlice(values([5, 6]), [4, 5], [0, -7], [-2, -1]),
    tf.stridedSlice(tf.reshape(tf.range(0, 24, 1, 'int32'), [2, 3, 4]), [1, 0, 0], [2, 3, 4], [1, 2, 2]),
    tf.stridedSlice(bools(1, 0, 1, 1), [0], [4], [2]),
  ],
  'split and unstack': () => [...tf.split(values([4, 6]), [1, 2, 3], 1), ...tf.unstack(values([2, 3, 2]), 1)],
  concat: () => [
    tf.concat([values([2, 3]), values([2, 1], 2)], 1),
    tf.concat([bools(1, 0), bools(1)]),
    tf.concat([tf.complex([1], [2]), tf.complex([3], [4])]),
  ],

  'sums over every set of axes': () =>
    [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].flatMap((axes) => [
      tf.sum(values([3, 4, 5]), axes),
      tf.sum(values([3, 4, 5]), axes, true),
    ]),
  'sums and means of int32 and bool': () => [
    tf.sum(ints(1, 2, 3)),
    tf.mean(ints(1, 2, 4)),
    tf.sum(bools(1, 0, 1)),
    tf.mean(bools(1, 0, 1)),
    tf.sum(tf.reshape(bools(1, 0, 1, 1), [2, 2]), 0),
  ],
  'reductions of nothing': () => [tf.sum(tf.zeros([0])), tf.prod(tf.zeros([0])), tf.sum(tf.zeros([2, 0]), 1)],
  'the gradient of what is chosen by comparisons': withGradients(
    (x) => tf.where(tf.logicalNot(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 0.5))), tf.square(x), tf.neg(x)),
    () => values([3, 4]),
  ),
  'the gradient of a sum over the first axis': withGradients(
    (x) => tf.sum(x, 0),
    () => values([4, 5]),
  ),

  'convolutions and pools without a window': () => [
    tf.conv2d(tf.ones([1, 2, 2, 1]) as Tensor4D, tf.ones([3, 3, 1, 2]) as Tensor4D, 1, 'valid'),
    tf.depthwiseConv2d(tf.ones([1, 2, 2, 1]) as Tensor4D, tf.ones([3, 3, 1, 2]) as Tensor4D, 1, 'valid'),
    tf.maxPool(tf.ones([1, 2, 2, 1]) as Tensor4D, 3, 1, 'valid'),
  ],
  'casts between all dtypes': () => {
    const sources = [tf.tensor1d([-1.7, 0, 0.3, 2.9]), ints(-2, 0, 1, 300), bools(0, 1, 1, 0)];
    return sources.flatMap((x) =>
      (['float32', 'int32', 'bool', 'complex64'] as const).map((dtype) => tf.cast(x, dtype)),
    );
  },
  'clipByValue with NaN and int32': () => [
    tf.clipByValue(tf.tensor1d([Number.NaN, -5, 0.5, 9, Number.NaN]), -1, 2),
    tf.clipByValue(ints(-5, 1, 9), -1, 2),
  ],
  'prelu with slopes that broadcast': withGradients(
    (x, alpha) => tf.prelu(x, alpha),
    () => values([2, 3, 4]),
    () => values([3, 1], 2),
  ),
  'where, of every dtype': () => [
    tf.where(bools(1, 0, 1), values([3]), values([3], 2)),
    tf.where(bools(1, 0, 1), bools(0, 0, 1), bools(1, 1, 1)),
    tf.where(bools(1, 0), ints(1, 2), ints(3, 4)),
  ],
  bincount: () => tf.bincount(ints(1, 1, 3) as Tensor1D, tf.tensor1d([]), 5),
  'filling with strings': () => tf.fill([2], 'x'),

  'int32 where wasm has only float32': () => [
    tf.reciprocal(ints(1, 2, 4)),
    tf.asinh(ints(0, 1)),
    tf.isNaN(ints(1, 2)),
    tf.mod(ints(7, -7, 5), ints(3, 3, 0)),
    tf.selu(ints(1, 2)),
  ],
  'bool where wasm has only numbers': () => [
    tf.abs(bools(1, 0)),
    tf.neg(bools(1, 0)),
    tf.reverse(bools(1, 0, 0)),
    tf.relu(bools(0, 1)),
    tf.topk(tf.reshape(bools(0, 1, 0), [1, 3]), 1).indices,
  ],
  'logic of bool': () => [
    tf.logicalAnd(bools(1, 0), bools(1, 1)),
    tf.logicalOr(bools(1, 0), bools(0, 0)),
    tf.logicalNot(bools(1, 0)),
    tf.equal(bools(1, 0), bools(1, 1)),
    tf.all(bools(1, 1)),
    tf.any(bools(0, 0)),
  ],

  'complex numbers': () => {
    const [a, b] = [tf.complex([1, 2], [3, -4]), tf.complex([0.5, 1], [2, 2])];
    return [
      tf.real(a),
      tf.imag(a),
      tf.abs(a),
      tf.add(a, b),
      tf.sub(a, b),
      tf.mul(a, b),

      tf.zerosLike(a),
      tf.add(a, tf.tensor1d([1, 1])),
    ];
  },
  'Fourier transforms': () => [
    tf.fft(tf.complex([1, 2, 3, 4], [0, 1, 0, 1])),
    tf.ifft(tf.complex([1, 2, 3, 4], [0, 1, 0, 1])),
    tf.irfft(tf.rfft(tf.tensor1d([1, 2, 3, 4]))) as Tensor,
  ],
  'comparisons of strings': () => [
    tf.equal(tf.tensor(['a', 'b']), tf.tensor(['a', 'c'])),
    tf.tile(tf.tensor(['a']), [2]),
  ],
  'images turned and resized': () => [
    tf.image.rotateWithOffset(values([1, 5, 5, 2]) as Tensor4D, 0.3),
    tf.image.resizeBilinear(values([4, 4, 1]) as Tensor3D, [7, 3]),
    (values([4, 4, 1]) as Resizable).resizeBilinear([7, 3]),
    (values([2, 4, 4, 1]) as Resizable).resizeNearestNeighbor([3, 5], true),
    tf.image.resizeNearestNeighbor(values([4, 4, 1]) as Tensor3D, [7, 3]),
  ],
});
for (const equation of [
  'ij,jk->ki',
  'bij,bjk->bik',
  'ij->j',
  'ij->ji',
  'i,i->',
  'i,j->ij',
  'bhqd,bhkd->bhqk',
  'abc,cd->abd',
  'ij,ij->',
  'ab,cb->a',
]) {
  const sizes: Record<string, number> = { a: 2, b: 3, c: 4, d: 5, h: 2, i: 3, j: 4, k: 2, l: 3, q: 3 };
  const terms = equation
    .split('->')[0]!
    .split(',')
    .map((term) => [...term].map((label) => sizes[label]!));
  operations[`einsum ${equation}`] = () => tf.einsum(equation, ...terms.map((shape, i) => values(shape, i + 1)));
}

/** Where webgpu is not held against plain JavaScript, with the reason. */
const apart: Record<string, string> = {
  'maxPool of equal values': 'the gradient goes to the last of equal values, not to the first',
  'int32 where wasm has only float32': 'what a division by zero leaves is the driver’s',
};

for (const backend of found) {
  describe(`kernels on ${backend}`, () => {
    for (const [name, operation] of Object.entries(operations))
      if (backend !== 'webgpu' || !(name in apart)) it(name, () => agrees(backend, operation));

    it('leave no memory behind', async () => {
      await tf.setBackend(backend);
      const before = tf.engine().backend.numDataIds();
      for (const operation of Object.values(operations)) tf.tidy(() => void operation());
      assert.equal(tf.engine().backend.numDataIds(), before);
    });

    it('multiply batches that broadcast both ways, which cpu mixes up', async () => {
      await tf.setBackend(backend);
      const [a, b] = [values([2, 1, 5, 7]), values([1, 3, 7, 4], 2)];
      const whole = tf.matMul(tf.tile(a, [1, 3, 1, 1]), tf.tile(b, [2, 1, 1, 1]));
      assert.deepEqual(tf.matMul(a, b).shape, [2, 3, 5, 4]);
      assert.deepEqual(tf.matMul(a, b).dataSync(), whole.dataSync());
    });

    it('slice complex tensors and drop axes of strided slices, which cpu can not', async () => {
      await tf.setBackend(backend);
      assert.deepEqual([...tf.slice(tf.complex([1, 2, 3], [4, 5, 6]), 1, 2).dataSync()], [2, 5, 3, 6]);
      const x = tf.reshape(tf.range(0, 24, 1, 'int32'), [2, 3, 4]);
      const row = tf.stridedSlice(x, [1, 0, 0], [2, 3, 4], [1, 2, 2], 0, 0, 0, 0, 1);
      assert.deepEqual([row.shape, row.dtype, [...row.dataSync()]], [[2, 2], 'int32', [12, 14, 20, 22]]);
    });

    it('say which index is out of range', async () => {
      // The indices stay on the GPU.
      if (backend === 'webgpu') return;
      await tf.setBackend(backend);
      assert.throws(() => tf.gather(values([3]), ints(0, 3)), /3 is not in \[0, [23][\])]/);
    });
  });
}
