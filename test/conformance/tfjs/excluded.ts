// The specs of tfjs-core that fail here, each with its reason. A listed spec that passes fails the test: take it off the list.

export interface Excluded {
  /** The spec's full name, as the test prints it. */
  readonly name: string;
  /** Where it fails; without: on every backend. */
  readonly backend?: string;
  readonly reason: string;
}

/** Specs that want an error's very words; ours name the operation before them, and what came behind. */
const wordings = [
  'einsum nonexistent dimension throws error',
  'raggedGather  OutOfBounds',
  'raggedGather  InvalidSplitsNotSorted',
  'raggedGather  InvalidSplitsNegative',
  'raggedGather  InvalidSplitsEmpty',
  'raggedGather  InvalidSplitsTooBig',
  'raggedGather  BadValuesShape',
  'raggedRange  RangeSizeOverflow',
  'raggedRange  InvalidArgsStarts',
  'raggedRange  InvalidArgsLimits',
  'raggedRange  InvalidArgsDeltas',
  'raggedRange  InvalidArgsShapeMismatch',
  'raggedRange  InvalidArgsZeroDelta',
  'sparseFillEmptyRows throw error if negative row',
  'sparseFillEmptyRows throw error if row exceeds number of dense rows',
  'sparseReshape throw error if negative output dim',
  'sparseSegmentMean throw error if segment ids are not increasing',
  'sparseSegmentMean throw error if segment id is out of range',
  'sparseSegmentMean throw error if segment id is out of range and negative',
  'sparseSegmentMean throw error if segment id is negative',
  'sparseSegmentMean throw error if segment id is negative and there is a hole',
  'sparseSegmentSum segments invalid 2',
  'sparseSegmentSum segments invalid 3',
  'sparseSegmentSum segments invalid 4',
  'sparseSegmentSum segments invalid 6',
  'sparseSegmentSum segments invalid 7',
  'batchToSpaceND throws when blockShape equal to input rank',
  'batchToSpaceND throws when crops row dimension not equal to blockshape',
  'batchToSpaceND throws when input tensor batch not divisible by prod(blockShape)',
  'booleanMaskAsync should throw if mask is scalar',
  'booleanMaskAsync should throw if array and mask shape miss match',
  'inTopKAsync throws when predictions_rank <2',
  'inTopKAsync throws when prediction.rank != targets.rank + 1',
  'inTopKAsync throws when k > size of last dimension of predictions',
  'setdiff1dAsync should throw if x is not 1d',
  'setdiff1dAsync should throw if y is not 1d',
  'setdiff1dAsync should throw if x and y dtype mismatch',
  'spaceToBatchND throws when blockShape equal to input rank',
  'spaceToBatchND throws when paddings row dimension not equal to blockshape',
  'spaceToBatchND throws when input tensor spatial dimension not divisible by blockshapes',
  'unstack throws when passed an invalid axis',
];

/** Of webgpu: kernels leave these to the driver, and SwiftShader's, which the tests compute on, has few digits or drops NaN. */
const swiftShader = [
  'acosh propagates NaNs',
  'asinh propagates NaNs',
  'atanh propagates NaNs',
  'cos gradients: Scalar',
  'cos gradient with clones',
  'exp int32',
  'log log propagates NaNs',
  'sigmoid propagates NaNs',
  'softmax Propagates NaNs',
  'tan numbers exceed float32 precision',
  'tan gradients: Tensor2D',
];

export const excluded: readonly Excluded[] = [
  {
    name: 'gradients errors if relevant ops are missing grads',
    reason:
      'takes logicalAnd for one; comparisons and logic are flat here, so that what `where` chooses by them trains (src/tensor/gradients.ts)',
  },
  {
    name: 'floor throws for int32 tensor',
    reason:
      'the session’s floor takes whole numbers, as labels of sparseCategoricalCrossentropy are (src/tensor/mended.ts)',
  },
  {
    name: 'gather throws when index is out of bound',
    backend: 'tensorflow',
    reason: 'wants the words of tfjs’s own kernel; TensorFlow’s error also says which index it is',
  },
  {
    name: 'tf.buffer string',
    backend: 'tensorflow',
    reason: 'a place of a string buffer that was never set comes back as an empty string, not as undefined',
  },
  {
    name: 'tan numbers exceed float32 precision',
    backend: 'tensorflow',
    reason: 'the tangent of 1.5707… in float32 is 30144.178, in JavaScript’s float64 30144.176',
  },
  {
    name: 'gather throws when index is out of bound',
    backend: 'webgpu',
    reason:
      'the indices stay on the GPU, where one out of bounds gives zeros; reading them would make each gather wait',
  },
  {
    name: 'broadcastArgs ([1,2], [1,3]) -> error',
    backend: 'webgpu',
    reason: 'the shapes to join stay on the GPU',
  },
  ...swiftShader.map((name) => ({ name, backend: 'webgpu', reason: 'SwiftShader’s digits and NaN' })),
  ...wordings.map((name) => ({ name, reason: 'wants an error’s very words; ours name the operation and what came' })),
];
