// Every kernel of TensorFlow.js in terms of TensorFlow ops: the families of this folder, joined. The same entry runs now or is recorded.
import type { Kernel } from '../ops.ts';
import { adamKernels } from './adam.ts';
import { binaryKernels } from './binary.ts';
import { blockKernels } from './blocks.ts';
import { convKernels } from './conv.ts';
import { createKernels } from './create.ts';
import { depthwiseKernels } from './depthwise.ts';
import { gatherKernels } from './gather.ts';
import { imageKernels } from './image.ts';
import { matmulKernels } from './matmul.ts';
import { morphologyKernels } from './morphology.ts';
import { normalizeKernels } from './normalize.ts';
import { poolKernels } from './pool.ts';
import { ownKernels } from './random.ts';
import { reduceKernels } from './reduce.ts';
import { shapeKernels } from './shape.ts';
import { sparseKernels } from './sparse.ts';
import { spectralKernels } from './spectral.ts';
import { stringKernels } from './strings.ts';
import { unaryKernels } from './unary.ts';
import { volumeKernels } from './volume.ts';

/** tfjs's name of a kernel → what computes it. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...adamKernels,
  ...blockKernels,
  ...convKernels,
  ...depthwiseKernels,
  ...imageKernels,
  ...matmulKernels,
  ...morphologyKernels,
  ...normalizeKernels,
  ...poolKernels,
  ...spectralKernels,
  ...volumeKernels,
  ...binaryKernels,
  ...createKernels,
  ...gatherKernels,
  ...ownKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...sparseKernels,
  ...stringKernels,
  ...unaryKernels,
};

/** Kernels of tfjs that the table lacks, each with its reason. */
export const absent: Readonly<Record<string, string>> = {
  Draw: 'draws on a canvas, which Node has not',
  FromPixels: 'reads a canvas or an image element, which Node has not; pixels as data are made a tensor by tfjs itself',
  Pool: 'a name that no operation of tfjs uses',
};
