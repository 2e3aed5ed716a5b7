// `tf.node`, as @tensorflow/tfjs-node has it. Each function opens TensorFlow's library when it needs it and says how to get one.
import { namespaceOf } from '../absent.ts';
import { decodeBmp, decodeGif, decodeImage, decodeJpeg, decodePng, encodeJpeg, encodePng } from './images.ts';
import { summaryFileWriter } from './summaries.ts';
import { tensorBoard } from './tensorboard.ts';

const present = {
  decodeImage,
  decodeBmp,
  decodeGif,
  decodePng,
  decodeJpeg,
  encodeJpeg,
  encodePng,
  summaryFileWriter,
  tensorBoard,
};

/** The members that are there; the names of the others say so when they are read. */
export const nodeExports = namespaceOf(
  'node',
  ['getMetaGraphsFromSavedModel', 'getNumOfSavedModels', 'loadSavedModel'],
  'this session loads models by tf.loadLayersModel and tf.loadGraphModel',
  present,
);
