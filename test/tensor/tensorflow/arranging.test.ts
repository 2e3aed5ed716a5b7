// TensorFlow's kernels that reduce, move, index and count, and those of strings, against the plain JavaScript backend: dtypes, axes,
// tensors of no length.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { agrees, found, tf } from '../backends.ts';

type Numbers = 'float32' | 'int32' | 'bool';

const dtypes = ['float32', 'int32', 'bool'] as const;

/** Small values with repeats and both signs; of bool, 0 and 1. */
function make(dtype: Numbers, shape: number[], from = 0): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const value = (i: number) =>
    dtype === 'bool' ? Number(i % 3 === 0) : ((i * 7) % 11) - 5 + (dtype === 'int32' ? 0 : 0.5);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => value(i + from)),
    shape,
    dtype,
  );
}

const ints = (...list: number[]) => tf.tensor1d(list, 'int32');
const strings = (...list: string[]) => tf.tensor1d(list, 'string');

/** Shape and axes. */
const reductions: [number[], number | number[] | undefined][] = [
  [[], undefined],
  [[5], 0],
  [[5], -1],
  [[2, 3], undefined],
  [[2, 3], 0],
  [
    [2, 3],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [[2, 3, 4], -2],
  [
    [2, 1, 3, 2],
    [1, 3],
  ],
  [
    [2, 1, 2, 3, 1, 2],
    [0, 4, 3],
  ],
  [[3, 0], 0],
];

type Reduce = (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor;
const reduce: Record<string, readonly [Reduce, readonly Numbers[]]> = {
  sum: [tf.sum, dtypes],
  mean: [tf.mean, dtypes],
  prod: [tf.prod, dtypes],
  max: [tf.max, ['float32', 'int32']],
  min: [tf.min, ['float32', 'int32']],
  all: [tf.all, ['bool']],
  any: [tf.any, ['bool']],
};

/** Name → operation on values of a dtype. */
const moves: Record<string, (dtype: Numbers) => Tensor | Tensor[]> = {
  'sum and mean of nothing': (dtype) => [
    tf.sum(make(dtype, [0, 2])),
    tf.sum(make(dtype, [0, 2]), 0),
    tf.mean(make(dtype, [0, 2]), 0),
  ],
  'argMax and argMin': (dtype) =>
    [0, 1, 2].flatMap((axis) => [tf.argMax(make(dtype, [3, 4, 2]), axis), tf.argMin(make(dtype, [3, 4, 2]), axis)]),
  cumsum: (dtype) => [
    tf.cumsum(make(dtype, [2, 3, 2]), 1),
    tf.cumsum(make(dtype, [4]), 0, true, true),
    tf.cumsum(make(dtype, [0])),
  ],
  cumprod: (dtype) => [tf.cumprod(make(dtype, [2, 3, 2]), 1), tf.cumprod(make(dtype, [4]), 0, true, true)],
  'reshape, expandDims, squeeze': (dtype) => [
    tf.reshape(make(dtype, [2, 3]), [3, -1]),
    tf.expandDims(make(dtype, [2, 3]), -1),
    tf.squeeze(make(dtype, [2, 1, 3])),
    tf.reshape(make(dtype, [0, 4]), [2, 0]),
  ],
  transpose: (dtype) => [
    tf.transpose(make(dtype, [2, 3, 4]), [2, 0, 1]),
    tf.transpose(make(dtype, [2, 1, 2, 3, 1, 2])),
    tf.transpose(make(dtype, [0, 2])),
  ],
  concat: (dtype) => [
    tf.concat([make(dtype, [2, 3]), make(dtype, [2, 1], 4)], 1),
    tf.concat([make(dtype, [0, 3]), make(dtype, [2, 3])], 0),
    tf.concat([make(dtype, [2, 2, 1]), make(dtype, [2, 2, 3])], -1),
  ],
  'stack and unstack': (dtype) => [
    tf.stack([make(dtype, [2, 3]), make(dtype, [2, 3], 2)], 1),
    ...tf.unstack(make(dtype, [2, 3, 2]), 1),
    tf.stack([make(dtype, [])]),
  ],
  split: (dtype) => [...tf.split(make(dtype, [4, 3]), 2), ...tf.split(make(dtype, [2, 5]), [1, -1, 2], 1)],
  slice: (dtype) => [
    tf.slice(make(dtype, [4, 3]), [1, 1]),
    tf.slice(make(dtype, [4, 3]), 1, 2),
    tf.slice(make(dtype, [4, 3]), [0, 2], [-1, 1]),
    tf.slice(make(dtype, [2, 1, 3, 2, 2, 2]), [1, 0, 1], [1, 1, 2, 1, 2, 1]),
    tf.slice(make(dtype, [4]), [4], [0]),
  ],
  stridedSlice: (dtype) => [
    tf.stridedSlice(make(dtype, [5, 4]), [4, 0], [0, 4], [-2, 3]),
    tf.stridedSlice(make(dtype, [5, 4]), [1, 0], [3, 2], [1, 1], 1, 2),
    tf.stridedSlice(make(dtype, [5, 4]), [1, 1], [2, 3], [1, 1], 0, 0, 0, 0, 1),
    tf.stridedSlice(make(dtype, [2, 3, 4]), [0, 1], [0, 3], [1, 1], 0, 0, 1),
    tf.stridedSlice(make(dtype, [2, 3]), [0, 1], [0, 3], [1, 1], 0, 0, 0, 1),
  ],
  reverse: (dtype) => [
    tf.reverse(make(dtype, [2, 3, 2])),
    tf.reverse(make(dtype, [2, 3, 2]), [-1, 0]),
    tf.reverse(make(dtype, [3]), 0),
  ],
  tile: (dtype) => [
    tf.tile(make(dtype, [2, 3]), [2, 1]),
    tf.tile(make(dtype, [2]), [0]),
    tf.tile(make(dtype, [1, 2, 1]), [2, 2, 3]),
  ],
  broadcastTo: (dtype) => [tf.broadcastTo(make(dtype, [3, 1]), [2, 3, 4]), tf.broadcastTo(make(dtype, []), [2, 2])],
  pad: (dtype) => [
    tf.pad(make(dtype, [2, 3]), [
      [1, 2],
      [0, 1],
    ]),
    tf.pad(make(dtype, [2]), [[1, 1]], 1),
    tf.pad(make(dtype, [0, 2]), [
      [1, 0],
      [0, 0],
    ]),
  ],
  mirrorPad: (dtype) => [
    tf.mirrorPad(
      make(dtype, [3, 4]),
      [
        [2, 1],
        [0, 3],
      ],
      'reflect',
    ),
    tf.mirrorPad(
      make(dtype, [3, 4]),
      [
        [3, 1],
        [2, 4],
      ],
      'symmetric',
    ),
    tf.mirrorPad(
      make(dtype, [2, 1, 3, 1, 1, 3]),
      [
        [1, 0],
        [0, 0],
        [2, 2],
        [0, 0],
        [0, 0],
        [1, 2],
      ],
      'reflect',
    ),
    tf.mirrorPad(
      make(dtype, [2, 1, 3, 1, 1, 3]),
      [
        [2, 1],
        [0, 1],
        [0, 3],
        [0, 0],
        [1, 0],
        [0, 0],
      ],
      'symmetric',
    ),
  ],
  gather: (dtype) => [
    tf.gather(make(dtype, [4, 3]), ints(3, 0, 3)),
    tf.gather(
      make(dtype, [4, 3]),
      tf.tensor2d(
        [
          [2, 0],
          [1, 1],
        ],
        [2, 2],
        'int32',
      ),
      1,
    ),
    tf.gather(
      make(dtype, [2, 3, 2]),
      tf.tensor2d(
        [
          [2, 0],
          [1, 1],
        ],
        [2, 2],
        'int32',
      ),
      1,
      1,
    ),
    tf.gather(make(dtype, [4]), ints()),
  ],
  gatherND: (dtype) => [
    tf.gatherND(
      make(dtype, [3, 4, 2]),
      tf.tensor2d(
        [
          [2, 1],
          [0, 3],
        ],
        [2, 2],
        'int32',
      ),
    ),
    tf.gatherND(make(dtype, [3, 2]), tf.tensor2d([], [0, 2], 'int32')),
  ],
  'diag and oneHot': (dtype) => [
    tf.diag(make(dtype, [3])),
    tf.diag(make(dtype, [2, 2])),
    tf.oneHot(ints(2, 0, 5, -1), 3, 1, 0, dtype),
  ],
  'fill, ones, zeros': (dtype) => [
    tf.fill([2, 3], 1, dtype),
    tf.ones([0, 2], dtype),
    tf.zeros([3], dtype),
    tf.fill([], 1, dtype),
  ],
};

const whole: Record<string, (dtype: 'float32' | 'int32') => Tensor | Tensor[]> = {
  scatterND: (dtype) => [
    tf.scatterND(tf.tensor2d([[2], [0], [2]], [3, 1], 'int32'), make(dtype, [3, 2]), [4, 2]),
    tf.scatterND(ints(1, 3), make(dtype, [2]), [5]),
  ],
  tensorScatterUpdate: (dtype) =>
    tf.tensorScatterUpdate(make(dtype, [4, 2]), tf.tensor2d([[2], [0]], [2, 1], 'int32'), make(dtype, [2, 2], 5)),
  sparseToDense: (dtype) => [
    tf.sparseToDense(ints(3, 1), make(dtype, [2]), [5], tf.scalar(9, dtype)),
    tf.sparseToDense(
      tf.tensor2d(
        [
          [1, 1],
          [0, 0],
        ],
        [2, 2],
        'int32',
      ),
      make(dtype, []),
      [2, 2],
      tf.scalar(0, dtype),
    ),
  ],
  topk: (dtype) => {
    const { values, indices } = tf.topk(make(dtype, [3, 6]), 4);
    return [values, indices];
  },
  unique: (dtype) =>
    [
      tf.unique(make(dtype, [14])),
      tf.unique(tf.tensor2d([1, 2, 1, 3, 4, 3], [2, 3], dtype), 1),
      tf.unique(tf.tensor2d([1, 2, 1, 2, 4, 3], [3, 2], dtype), 0),
    ].flatMap(({ values, indices }) => [values, indices]),
  searchSorted: (dtype) => {
    const rows = tf.tensor2d([-3, 0, 0, 4, 1, 2, 2, 9], [2, 4], dtype);
    const wanted = tf.tensor2d([0, 5, -9, 2, 1, 9], [2, 3], dtype);
    return [tf.lowerBound(rows, wanted), tf.upperBound(rows, wanted)];
  },
  unsortedSegmentSum: () => tf.unsortedSegmentSum(make('float32', [4, 2]), ints(2, 0, 2, 1), 4),
  bincount: (dtype) => [
    tf.bincount(ints(1, 3, 1, 7), make(dtype, [4]) as Tensor1D, 5),
    tf.denseBincount(tf.tensor2d([1, 0, 1, 2, 5, 2], [2, 3], 'int32'), tf.tensor2d([], [0, 0], dtype), 4),
    tf.denseBincount(tf.tensor2d([1, 1, 3, 0], [2, 2], 'int32'), tf.tensor2d([], [0, 0], dtype), 4, true),
  ],
  range: (dtype) => [
    tf.range(0, 7, 2, dtype),
    tf.range(5, 1, -2, dtype),
    tf.range(4, 0, 1, dtype),
    tf.range(3, 3, 1, dtype),
    tf.range(0, 5, -1, dtype),
  ],
};

const others: Record<string, () => Tensor | Tensor[]> = {
  'range by fractions': () => [tf.range(0, 0.3, 0.1), tf.range(-1, 1, 0.3)],
  linspace: () => [tf.linspace(0, 9, 10), tf.linspace(2, 2, 1), tf.linspace(1, -1, 5)],
  'argMax and argMin of NaN': () => [
    tf.argMax(tf.tensor1d([1, Number.NaN, 3, 2])),
    tf.argMin(tf.tensor1d([1, Number.NaN, 3, -2])),
  ],
  'NaN among the distinct values, and both zeros': () => {
    const { values, indices } = tf.unique(tf.tensor1d([Number.NaN, 0, 1, Number.NaN, -0]));
    return [tf.isNaN(values), indices];
  },
  'complex numbers': () => {
    const x = tf.complex(tf.tensor2d([1, -2, 3, 4], [2, 2]), tf.tensor2d([0, 1, -1, 2], [2, 2]));
    const y = tf.complex(tf.tensor2d([2, 1, 0, 4], [2, 2]), tf.tensor2d([1, -3, 2, 0], [2, 2]));
    return [
      tf.add(x, y),
      tf.sub(x, y),
      tf.mul(x, y),
      tf.abs(x),
      tf.real(x),
      tf.imag(x),
      tf.concat([x, x], 1),
      tf.onesLike(x),
      tf.zerosLike(x),
      tf.cast(y, 'float32'),
      // Last: the plain backend's reshape changes the shape of what came.
      tf.reshape(x, [4]),
    ];
  },
  'strings moved': () => {
    const words = strings('a', 'ż', '', 'dd', 'e', 'f');
    return [
      tf.reshape(words, [2, 3]),
      tf.concat([words, strings('z')]),
      tf.tile(words, [2]),
      tf.slice(words, 1, 2),
      tf.fill([2], 'x', 'string'),
      ...tf.unstack(tf.reshape(words, [2, 3])),
      tf.stack([words, words]),
    ];
  },
  'strings compared': () => {
    const [a, b] = [strings('a', 'b', '', 'abc', 'zz', 'ż', 'ab'), strings('a', 'c', 'x', 'ab', 'z', 'é', 'abc')];
    const one = tf.scalar('b', 'string');
    const none = tf.tensor1d([], 'string');
    return [tf.equal, tf.notEqual, tf.less, tf.lessEqual, tf.greater, tf.greaterEqual].flatMap((compare) => [
      compare(a, b),
      compare(a, one),
      compare(tf.tensor2d(['a', 'c'], [2, 1], 'string'), b),
      compare(strings(''), strings('')),
      compare(none, none),
    ]);
  },
  'distinct strings': () => {
    const { values, indices } = tf.unique(strings('b', 'a', 'b'));
    return [values, indices];
  },
  'strings split': () => Object.values(tf.string.stringSplit(strings('hello there', 'a,b c', ''), ' ')),
  'n-grams': () =>
    Object.values(
      tf.string.stringNGrams(strings('a', 'b', 'c', 'd'), ints(0, 3, 4), '|', [2, 1], 'LP', 'RP', -1, false),
    ),
  'hash buckets': () => tf.string.stringToHashBucketFast(strings('Hello', 'TensorFlow', 'ż', ''), 10),
  'replacement by a pattern': () => [
    tf.string.staticRegexReplace(strings('bar foo', 'foofoo'), 'fo(o)', '<$1$&$$>'),
    tf.string.staticRegexReplace(strings('bar foo', 'foofoo'), 'foo', '', false),
  ],
  'sparse rows filled': () =>
    Object.values(
      tf.sparse.sparseFillEmptyRows(
        tf.tensor2d(
          [
            [0, 0],
            [1, 0],
            [1, 3],
            [3, 1],
          ],
          [4, 2],
          'int32',
        ),
        tf.tensor1d([0, 10, 13, 14]),
        ints(5, 6),
        tf.scalar(-1),
      ),
    ),
  'sparse reshape': () =>
    Object.values(
      tf.sparse.sparseReshape(
        tf.tensor2d(
          [
            [0, 0, 0],
            [1, 2, 3],
          ],
          [2, 3],
          'int32',
        ),
        ints(2, 3, 6),
        ints(9, -1),
      ),
    ),
  'sparse segments': () => {
    const rows = tf.tensor2d([1, 2, 3, 4, -1, -2, -3, -4, 5, 6, 7, 8], [3, 4]);
    return [
      tf.sparse.sparseSegmentSum(rows, ints(0, 1, 2), ints(0, 0, 2)),
      tf.sparse.sparseSegmentMean(rows, ints(0, 2, 1), ints(0, 0, 1)),
      tf.sparse.sparseSegmentMean(tf.cast(rows, 'int32') as Tensor2D, ints(0, 1), ints(0, 0)),
    ];
  },
  'ragged gather': () => {
    const { outputNestedSplits, outputDenseValues } = tf.raggedGather(
      [ints(0, 3, 3, 7)],
      tf.tensor1d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
      ints(2, 0, 1),
      1,
    );
    return [...outputNestedSplits, outputDenseValues];
  },
  'ragged range': () => Object.values(tf.raggedRange(ints(0, 5, 8), ints(8, 7, 8), ints(2, 1, 1))),
  'ragged to dense': () =>
    tf.raggedTensorToTensor(
      ints(4, 4),
      tf.tensor1d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
      tf.scalar(1.5),
      [tf.scalar(4, 'int32'), ints(0, 0, 0, 2, 2, 3)],
      ['FIRST_DIM_SIZE', 'VALUE_ROWIDS'],
    ),
};

const backend = 'tensorflow';

describe('reductions, moves and indices on tensorflow', {
  skip: found.includes(backend) ? false : 'no library of TensorFlow',
}, () => {
  for (const [name, [operation, takes]] of Object.entries(reduce))
    for (const dtype of takes)
      it(`${name} of ${dtype} is tfjs’s along all axes`, async () => {
        for (const [shape, axis] of reductions)
          for (const keep of [false, true]) await agrees(backend, () => operation(make(dtype, shape), axis, keep));
      });
  for (const [name, operation] of Object.entries(moves))
    for (const dtype of dtypes) it(`${name} of ${dtype} is tfjs’s`, () => agrees(backend, () => operation(dtype)));
  for (const [name, operation] of Object.entries(whole))
    for (const dtype of ['float32', 'int32'] as const)
      it(`${name} of ${dtype} is tfjs’s`, () => agrees(backend, () => operation(dtype)));
  for (const [name, operation] of Object.entries(others))
    it(`${name}: tfjs’s values`, () => agrees(backend, operation));

  it('says what must hold when a string is cast or made a number', async () => {
    await tf.setBackend(backend);
    assert.throws(() => tf.cast(strings('a'), 'float32'), /strings can't be cast|Only strings|cast/);
    assert.throws(() => tf.onesLike(strings('a')), /must be given numbers|string/);
  });
});
