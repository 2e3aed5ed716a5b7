// Answers `import … from '@tensorflow/tfjs-data'`. By name: `export *` of a CommonJS file makes Node read through it for names.
import { answers } from '../load.ts';

const exports: Record<keyof ReturnType<typeof answers.data>, unknown> = answers.data();
export default exports;
// biome-ignore format: a list of names
export const {
  CSVDataset, Dataset, FileDataSource, TextLineDataset, URLDataSource, array, csv, func, generator, microphone,
  version_data, webcam, zip,
} = exports;
