// `tf.node`, as @tensorflow/tfjs-node has it. Each function opens TensorFlow's library when it needs it and says how to get one.
import { namespaceOf } from '../absent.ts';
import { decodeBmp, decodeGif, decodeImage, decodeJpeg, decodePng, encodeJpeg, encodePng } from './images.ts';

const present = { decodeImage, decodeBmp, decodeGif, decodePng, decodeJpeg, encodeJpeg, encodePng };

/** The members that are there; the names of the others say so when they are read. */
export const nodeExports = namespaceOf(
  'node',
  ['summaryFileWriter', 'tensorBoard', 'getMetaGraphsFromSavedModel', 'getNumOfSavedModels', 'loadSavedModel'],
  'this session reads and writes images, and models by tf.loadLayersModel and tf.loadGraphModel',
  present,
);
