// Images: resizing and its gradients, crops, choosing boxes, rotating, transforming, flipping.
import type {
  CropAndResizeAttrs,
  NonMaxSuppressionV3Attrs,
  NonMaxSuppressionV4Attrs,
  NonMaxSuppressionV5Attrs,
  ResizeBilinearAttrs,
  RotateWithOffsetAttrs,
  TransformAttrs,
} from '@tensorflow/tfjs-core';
import { core } from '../../packages.ts';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, type Image, reshaped } from './arrange.ts';

export const imageKernels: Record<string, Kernel> = {
  ResizeBilinear: (ops, { images }, attrs: ResizeBilinearAttrs) =>
    ops.one('ResizeBilinear', [images, ops.constant(attrs.size, 'int32')], corners(attrs)),
  ResizeNearestNeighbor: (ops, { images }, attrs: ResizeBilinearAttrs) =>
    ops.one('ResizeNearestNeighbor', [images, ops.constant(attrs.size, 'int32')], corners(attrs)),
  ResizeBilinearGrad: (ops, { images, dy }, attrs: ResizeBilinearAttrs) =>
    ops.one('ResizeBilinearGrad', [dy, cast(ops, images, 'float32')], corners(attrs)),
  ResizeNearestNeighborGrad: (ops, { images, dy }, attrs: ResizeBilinearAttrs) =>
    ops.one('ResizeNearestNeighborGrad', [dy, ops.constant(images.shape.slice(1, 3), 'int32')], corners(attrs)),
  CropAndResize: (ops, { image, boxes, boxInd }, attrs: CropAndResizeAttrs) =>
    ops.one('CropAndResize', [image, boxes, boxInd, ops.constant(attrs.cropSize, 'int32')], {
      method: attrs.method,
      extrapolation_value: attrs.extrapolationValue,
    }),
  NonMaxSuppressionV3: (ops, { boxes, scores }, attrs: NonMaxSuppressionV3Attrs) =>
    ops.one('NonMaxSuppressionV3', [boxes, scores, ...limits(ops, attrs)]),
  NonMaxSuppressionV4: (ops, { boxes, scores }, attrs: NonMaxSuppressionV4Attrs) =>
    ops.run('NonMaxSuppressionV4', [boxes, scores, ...limits(ops, attrs)], {
      pad_to_max_output_size: attrs.padToMaxOutputSize,
    }),
  NonMaxSuppressionV5: (ops, { boxes, scores }, attrs: NonMaxSuppressionV5Attrs) =>
    ops
      .run('NonMaxSuppressionV5', [boxes, scores, ...limits(ops, attrs), ops.constant(attrs.softNmsSigma, 'float32')])
      .slice(0, 2),
  RotateWithOffset: rotated,
  Transform: (ops, { image, transforms }, attrs: TransformAttrs) => {
    const size = attrs.outputShape ?? image.shape.slice(1, 3);
    return ops.one(
      'ImageProjectiveTransformV3',
      [image, transforms, ops.constant(size, 'int32'), ops.constant(attrs.fillValue, 'float32')],
      { interpolation: attrs.interpolation.toUpperCase(), fill_mode: attrs.fillMode.toUpperCase() },
    );
  },
  FlipLeftRight: (ops, { image }) => ops.one('ReverseV2', [image, ops.constant([2], 'int32')]),
};

const corners = ({ alignCorners, halfPixelCenters }: ResizeBilinearAttrs) => ({
  align_corners: alignCorners,
  half_pixel_centers: halfPixelCenters ?? false,
});

/** How many boxes, how much they may overlap, and the least score. */
const limits = (ops: Ops, attrs: NonMaxSuppressionV3Attrs): Value[] => [
  ops.constant(attrs.maxOutputSize, 'int32'),
  ops.constant(attrs.iouThreshold, 'float32'),
  ops.constant(attrs.scoreThreshold, 'float32'),
];

/**
 * An image [n, h, w, c] turned about a centre, nearest places. Where each place comes from is reckoned here: the attributes say it all,
 * and in 64 bits it falls on the same side of a half as in tfjs.
 */
function rotated(...[ops, { image }, attrs]: Parameters<Kernel>): Value {
  const { radians, fillValue, center } = attrs as RotateWithOffsetAttrs;
  const [, height, width, channels] = image.shape as Image;
  const [centerX, centerY] = core.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const from = new Int32Array(height * width);
  const inside = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.round((x - centerX) * cos - (y - centerY) * sin + centerX);
      const row = Math.round((x - centerX) * sin + (y - centerY) * cos + centerY);
      if (column < 0 || column >= width || row < 0 || row >= height) continue;
      from[y * width + x] = row * width + column;
      inside[y * width + x] = 1;
    }
  }
  const places = reshaped(ops, image, [image.shape[0]!, height * width, channels]);
  const moved = ops.one('GatherV2', [places, ops.constant(from, 'int32'), ops.constant(1, 'int32')]);
  const mask = ops.constant(inside, 'bool', [1, height * width, 1]);
  const outside = Array.from({ length: channels }, (_, c) =>
    typeof fillValue === 'number' ? fillValue : c === 3 ? 255 : fillValue[c]!,
  );
  const fill = ops.constant(outside, image.dtype, [1, 1, channels]);
  return reshaped(ops, ops.one('SelectV2', [mask, moved, fill]), image.shape);
}
