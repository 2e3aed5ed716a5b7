// TensorFlow's kernels over images and volumes, products, transforms and their gradients against the plain JavaScript backend: paddings,
// roundings, dilations, orders of the channels, empty batches.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { agrees, found, tf, values, withGradients } from '../backends.ts';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
const explicit: Pad = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];
/** The same padding where channels come second. */
const explicitFirst: Pad = [
  [0, 0],
  [0, 0],
  [1, 2],
  [0, 1],
];

const operations: Record<string, () => Tensor | Tensor[]> = {};

const image = (shape: number[], seed?: number) => values(shape, seed) as Tensor4D;

// Convolution: [filter, stride, pad, rounding]
const placings: [[number, number], number | [number, number], Pad, 'floor' | 'round' | 'ceil' | undefined][] = [
  [[3, 3], 1, 'same', undefined],
  [[3, 2], 2, 'same', undefined],
  [[2, 3], [2, 1], 'valid', undefined],
  [[1, 1], 3, 'same', undefined],
  [[3, 1], 1, 1, undefined],
  [[1, 3], 1, 1, undefined],
  [[3, 3], 2, 1, 'ceil'],
  [[3, 3], 2, 1, 'floor'],
  [[2, 2], 3, 0, 'round'],
  [[3, 3], 1, explicit, undefined],
  [[3, 3], 2, explicit, 'floor'],
];
for (const [[h, w], stride, pad, rounding] of placings) {
  const how = `${h}×${w}, stride ${stride}, pad ${pad}${rounding ? `, ${rounding}` : ''}`;
  for (const [n, height, width] of [
    [2, 7, 6],
    [1, 5, 9],
  ] as const) {
    const size = `${how}, of [${n},${height},${width}]`;
    operations[`conv2d ${size}`] = () =>
      tf.conv2d(image([n, height, width, 3]), image([h, w, 3, 4], 2), stride, pad, 'NHWC', 1, rounding);
    operations[`depthwiseConv2d ${size}`] = () =>
      tf.depthwiseConv2d(image([n, height, width, 3]), image([h, w, 3, 2], 2), stride, pad, 'NHWC', 1, rounding);
    operations[`avgPool ${size}`] = () => tf.avgPool(image([n, height, width, 3]), [h, w], stride, pad, rounding);
    operations[`maxPool ${size}`] = () => tf.maxPool(image([n, height, width, 3]), [h, w], stride, pad, rounding);
  }
  if (rounding) continue;
  operations[`gradients of conv2d ${how}`] = withGradients(
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride, pad),
    () => values([2, 7, 6, 3]),
    () => values([h, w, 3, 4], 2),
  );
  operations[`gradients of depthwiseConv2d ${how}`] = withGradients(
    (x, filter) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, pad),
    () => values([2, 7, 6, 3]),
    () => values([h, w, 3, 2], 2),
  );
  operations[`gradient of maxPool ${how}`] = withGradients(
    (x) => tf.maxPool(x as Tensor4D, [h, w], stride, pad),
    () => values([2, 7, 6, 3]),
  );
  operations[`gradient of avgPool ${how}`] = withGradients(
    (x) => tf.avgPool(x as Tensor4D, [h, w], stride, pad),
    () => values([2, 7, 6, 3]),
  );
}

for (const dilation of [2, 3, [1, 2], [2, 1]] as (number | [number, number])[]) {
  for (const pad of ['same', 'valid', 2, explicit] as Pad[]) {
    const how = `dilation ${dilation}, pad ${pad}`;
    operations[`conv2d ${how}`] = () =>
      tf.conv2d(image([2, 9, 8, 3]), image([3, 2, 3, 4], 2), 1, pad, 'NHWC', dilation);
    operations[`depthwiseConv2d ${how}`] = () =>
      tf.depthwiseConv2d(image([2, 9, 8, 3]), image([3, 2, 3, 2], 2), 1, pad, 'NHWC', dilation);
    operations[`fused depthwiseConv2d ${how}`] = () =>
      tf.fused.depthwiseConv2d({
        x: image([2, 9, 8, 3]),
        filter: image([3, 2, 3, 2], 2),
        strides: 1,
        pad: pad as number,
        dilations: dilation,
        bias: values([6]),
        activation: 'relu',
      });
  }
  operations[`dilation2d, dilation ${dilation}`] = () =>
    tf.dilation2d(image([2, 9, 8, 3]), values([2, 3, 3], 2) as Tensor3D, 1, 'same', dilation);
}

for (const pad of ['same', 'valid', 1, explicitFirst] as Pad[])
  operations[`conv2d and its gradients with channels first, pad ${pad}`] = withGradients(
    (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 2, pad, 'NCHW'),
    () => values([2, 3, 7, 6]),
    () => values([3, 3, 3, 4], 2),
  );
operations.conv1d = () => tf.conv1d(values([2, 9, 3]) as Tensor3D, values([3, 3, 5], 2) as Tensor3D, 2, 'same');
for (const pad of ['same', 'valid', 1] as const)
  operations[`conv2dTranspose, pad ${pad}`] = () => {
    const [h, w] = pad === 'valid' ? [9, 7] : pad === 1 ? [7, 5] : [8, 6];
    return tf.conv2dTranspose(image([2, 4, 3, 4]), image([3, 3, 2, 4], 2), [2, h, w, 2], 2, pad);
  };

for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const) {
  const prelu = (shape: number[]) =>
    activation === 'prelu' ? { preluActivationWeights: values(shape, 5) } : { leakyreluAlpha: 0.3 };
  operations[`fused conv2d with ${activation}`] = () =>
    tf.fused.conv2d({
      x: image([2, 6, 5, 3]),
      filter: image([3, 3, 3, 4], 2),
      strides: 1,
      pad: 'same',
      bias: values([4], 3),
      activation,
      ...prelu([4]),
    });
  operations[`fused conv2d with ${activation}, channels first`] = () =>
    tf.fused.conv2d({
      x: image([2, 3, 6, 5]),
      filter: image([3, 3, 3, 4], 2),
      strides: 1,
      pad: 'same',
      dataFormat: 'NCHW',
      bias: values([4], 3),
      activation,
      ...prelu([4]),
    });
  operations[`fused matMul with ${activation}`] = () =>
    tf.fused.matMul({ a: values([5, 3]), b: values([3, 4], 2), bias: values([4], 3), activation, ...prelu([4]) });
}

for (const stride of [1, 2, [1, 2, 1]] as (number | [number, number, number])[])
  for (const pad of ['same', 'valid'] as const) {
    const volume = () => values([2, 5, 6, 4, 3]);
    operations[`conv3d and its gradients, stride ${stride}, pad ${pad}`] = withGradients(
      (x, filter) => tf.conv3d(x as Tensor5D, filter as Tensor5D, stride, pad),
      volume,
      () => values([2, 3, 2, 3, 4], 2),
    );
    operations[`maxPool3d, stride ${stride}, pad ${pad}`] = withGradients(
      (x) => tf.maxPool3d(x as Tensor5D, 2, stride, pad),
      volume,
    );
    operations[`avgPool3d, stride ${stride}, pad ${pad}`] = withGradients(
      (x) => tf.avgPool3d(x as Tensor5D, 2, stride, pad),
      volume,
    );
  }
operations['avgPool3d, pad 1'] = withGradients(
  (x) => tf.avgPool3d(x as Tensor5D, 3, 2, 1),
  () => values([1, 5, 5, 5, 2]),
);
operations['conv3d, dilated'] = () =>
  tf.conv3d(values([2, 5, 6, 7, 3]) as Tensor5D, values([2, 3, 2, 3, 4], 2) as Tensor5D, 1, 'same', 'NDHWC', [2, 1, 3]);
operations.conv3dTranspose = () =>
  tf.conv3dTranspose(
    values([1, 2, 3, 2, 4]) as Tensor5D,
    values([2, 2, 2, 3, 4], 2) as Tensor5D,
    [1, 4, 6, 4, 3],
    2,
    'same',
  );
for (const pad of ['same', 'valid', 1] as const)
  for (const batch of [true, false])
    operations[`maxPoolWithArgmax, pad ${pad}${batch ? ', with the batch' : ''}`] = () => {
      const { result, indexes } = tf.maxPoolWithArgmax(image([2, 6, 5, 3]), 2, 2, pad, batch);
      return [result, indexes] as Tensor[];
    };
operations['maxPool of int32'] = () => tf.maxPool(tf.cast(tf.mul(image([2, 6, 5, 3]), 100), 'int32'), 2, 2, 'same');
operations['pool, dilated'] = () => [
  tf.pool(image([2, 9, 8, 3]), [2, 2], 'max', 'same', 2, 1),
  tf.pool(image([2, 9, 8, 3]), [3, 2], 'avg', 'valid', [2, 3], 1),
];
for (const pad of ['same', 'valid'] as const)
  operations[`gradients of dilation2d, pad ${pad}`] = withGradients(
    (x, filter) => tf.dilation2d(x as Tensor4D, filter as Tensor3D, [2, 1], pad),
    () => values([2, 6, 5, 3]),
    () => values([2, 3, 3], 2),
  );

// Normalizing.
for (const [name, scale, offset] of [
  ['scale and offset', true, true],
  ['neither', false, false],
  ['offset alone', false, true],
] as const)
  operations[`batchNorm with ${name}`] = () =>
    tf.batchNorm(
      image([2, 3, 4, 5]),
      values([5], 2) as Tensor1D,
      tf.abs(values([5], 3)) as Tensor1D,
      offset ? (values([5], 4) as Tensor1D) : undefined,
      scale ? (values([5], 5) as Tensor1D) : undefined,
    );
operations['gradients of batchNorm'] = withGradients(
  (x, mean, variance, offset, scale) =>
    tf.batchNorm(x!, mean as Tensor1D, tf.abs(variance!) as Tensor1D, offset as Tensor1D, scale as Tensor1D),
  () => values([2, 3, 4, 5]),
  () => values([5], 2),
  () => tf.abs(values([5], 3)),
  () => values([5], 4),
  () => values([5], 5),
);
operations['batchNorm value by value'] = () =>
  tf.batchNorm(values([2, 5]) as Tensor2D, values([2, 5], 2) as Tensor2D, tf.abs(values([2, 5], 3)) as Tensor2D);
operations.localResponseNormalization = withGradients(
  (x) => tf.localResponseNormalization(x as Tensor4D, 2, 1.5, 0.7, 0.6),
  () => values([2, 3, 2, 7]),
);
for (const shape of [[4], [2, 5], [2, 3, 4], [0, 3]]) {
  operations[`softmax of [${shape}]`] = withGradients(
    (x) => tf.softmax(x),
    () => values(shape),
  );
  operations[`logSoftmax of [${shape}]`] = withGradients(
    (x) => tf.logSoftmax(x),
    () => values(shape),
  );
}

// Images.
for (const [corners, half] of [
  [false, false],
  [true, false],
  [false, true],
] as const)
  for (const size of [
    [7, 9],
    [3, 2],
    [1, 1],
    [5, 4],
  ] as [number, number][]) {
    const how = `to ${size}${corners ? ', corners aligned' : ''}${half ? ', half pixels' : ''}`;
    operations[`resizeBilinear ${how}`] = () => tf.image.resizeBilinear(image([2, 5, 4, 3]), size, corners, half);
    operations[`resizeNearestNeighbor ${how}`] = () =>
      tf.image.resizeNearestNeighbor(image([2, 5, 4, 3]), size, corners, half);
    // tfjs's gradients forget the half pixels, more images than one, and that height and width differ.
    if (half) continue;
    operations[`gradient of resizeBilinear ${how}`] = withGradients(
      (x) => tf.image.resizeBilinear(x as Tensor4D, size, corners),
      () => values([1, 5, 5, 3]),
    );
    operations[`gradient of resizeNearestNeighbor ${how}`] = withGradients(
      (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, size, corners),
      () => values([1, 5, 5, 3]),
    );
  }
for (const method of ['bilinear', 'nearest'] as const)
  operations[`cropAndResize, ${method}`] = () =>
    tf.image.cropAndResize(
      image([2, 6, 5, 3]),
      tf.tensor2d([0, 0, 1, 1, 0.2, 0.1, 0.73, 0.92, -0.31, 0.22, 1.17, 0.83], [3, 4]),
      tf.tensor1d([0, 1, 1], 'int32'),
      [4, 3],
      method,
      0.5,
    );
const boxes = () =>
  tf.tensor2d([0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101], [6, 4]);
const scores = () => tf.tensor1d([0.9, 0.75, 0.6, 0.95, 0.5, 0.3]);
operations.nonMaxSuppression = () => [
  tf.image.nonMaxSuppression(boxes(), scores(), 3, 0.5, 0),
  tf.image.nonMaxSuppression(boxes(), scores(), 30, 0.5, 0.4),
];
operations['nonMaxSuppression with scores'] = () =>
  Object.values(tf.image.nonMaxSuppressionWithScore(boxes(), scores(), 6, 1, 0, 0.5)) as Tensor[];
operations['nonMaxSuppression padded'] = () =>
  Object.values(tf.image.nonMaxSuppressionPadded(boxes(), scores(), 5, 0.5, 0, true)) as Tensor[];
for (const fill of [0, 7, [1, 2, 3]] as (number | [number, number, number])[])
  operations[`rotateWithOffset, fill ${fill}`] = () => [
    tf.image.rotateWithOffset(image([2, 6, 5, 3]), 0.4, fill, 0.5),
    tf.image.rotateWithOffset(image([1, 5, 6, 3]), Math.PI / 2, fill, [0.25, 0.75]),
  ];
for (const mode of ['constant', 'reflect', 'wrap', 'nearest'] as const)
  for (const interpolation of ['nearest', 'bilinear'] as const)
    operations[`transform, ${mode}, ${interpolation}`] = () =>
      tf.image.transform(
        // tfjs transforms the first image only.
        image([1, 6, 5, 3]),
        tf.tensor2d([1.13, 0.21, -0.72, 0.12, 0.93, 0.41, 0, 0], [1, 8]),
        interpolation,
        mode,
        0.25,
        [5, 7],
      );
operations.flipLeftRight = () => tf.image.flipLeftRight(image([2, 3, 4, 3]));

// Transforms and moves.
for (const n of [1, 3, 8, 12]) {
  const complex = () => tf.complex(values([3, n]), values([3, n], 2));
  operations[`fft of ${n}`] = () => tf.spectral.fft(complex());
  operations[`ifft of ${n}`] = () => tf.spectral.ifft(complex());
  operations[`rfft of ${n}`] = () => tf.spectral.rfft(values([2, 3, n]));
}
operations.batchToSpaceND = () =>
  tf.batchToSpaceND(
    image([8, 2, 3, 1]),
    [2, 2],
    [
      [0, 1],
      [1, 0],
    ],
  );
operations.spaceToBatchND = () =>
  tf.spaceToBatchND(
    image([2, 3, 5, 2]),
    [2, 3],
    [
      [1, 0],
      [0, 1],
    ],
  );
operations.depthToSpace = () => tf.depthToSpace(image([2, 3, 4, 8]), 2);

// Products.
for (const equation of ['ij,jk->ik', 'bij,bjk->bik', 'ij->ji', 'ij->', 'i,j->ij', 'abc,cd->abd', 'ij,ij->i'])
  operations[`einsum ${equation}`] = () => {
    const lengths: Record<string, number> = { a: 2, b: 2, c: 3, d: 4, i: 3, j: 4, k: 2 };
    const terms = equation.split('->')[0]!.split(',');
    return tf.einsum(
      equation,
      ...terms.map((term, i) =>
        values(
          [...term].map((letter) => lengths[letter]!),
          i + 1,
        ),
      ),
    );
  };
operations['products of rows against one matrix'] = () => [
  tf.matMul(values([2, 3, 4]), values([4, 5], 2)),
  tf.matMul(values([2, 3, 4]), values([5, 4], 2), false, true),
  tf.matMul(values([2, 4, 3]), values([4, 5], 2), true, false),
  tf.matMul(values([4, 5]), values([3, 5, 2], 2)),
];
operations['gradients of products'] = withGradients(
  (a, b) => tf.matMul(a!, b!, false, true),
  () => values([2, 3, 4]),
  () => values([2, 5, 4], 2),
);
operations['products of nothing'] = () => [
  tf.matMul(tf.zeros([0, 3]), tf.ones([3, 2])),
  tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
  tf.matMul(tf.zeros([0, 2, 3]), tf.ones([0, 3, 2])),
];
operations['matMul of int32'] = () =>
  tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), tf.tensor2d([5, 6, 7, 8], [2, 2], 'int32'));
operations['empty batches'] = () => [
  tf.conv2d(tf.zeros([0, 5, 5, 3]) as Tensor4D, image([3, 3, 3, 2]), 1, 'same'),
  tf.depthwiseConv2d(tf.zeros([0, 5, 5, 3]) as Tensor4D, image([3, 3, 3, 2]), 1, 'same'),
  tf.maxPool(tf.zeros([0, 4, 4, 2]) as Tensor4D, 2, 2, 'valid'),
  tf.avgPool(tf.zeros([0, 4, 4, 2]) as Tensor4D, 2, 2, 'valid'),
];

const backend = 'tensorflow';

describe('windows on tensorflow', { skip: found.includes(backend) ? false : 'no library of TensorFlow' }, () => {
  for (const [name, operation] of Object.entries(operations)) it(name, () => agrees(backend, operation));

  it('names the shapes of matrices that do not fit', async () => {
    await tf.setBackend(backend);
    assert.throws(
      () => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5])),
      /matMul: inner lengths must be equal, got 3 and 4 \(\[2,3\] and \[4,5\]\)/,
    );
  });
});
