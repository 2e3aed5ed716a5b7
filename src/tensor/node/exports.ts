// `tf.node`, as @tensorflow/tfjs-node has it. Each function opens TensorFlow's library when it needs it and says how to get one.
import { decodeBmp, decodeGif, decodeImage, decodeJpeg, decodePng, encodeJpeg, encodePng } from './images.ts';
import { getMetaGraphsFromSavedModel } from './meta-graphs.ts';
import { getNumOfSavedModels, loadSavedModel } from './saved-model.ts';
import { summaryFileWriter } from './summaries.ts';
import { tensorBoard } from './tensorboard.ts';

export const nodeExports = {
  decodeImage,
  decodeBmp,
  decodeGif,
  decodePng,
  decodeJpeg,
  encodeJpeg,
  encodePng,
  summaryFileWriter,
  tensorBoard,
  getMetaGraphsFromSavedModel,
  getNumOfSavedModels,
  loadSavedModel,
};
