// Answers `import … from '@tensorflow/tfjs-converter'`. By name: `export *` of a CommonJS file makes Node read through it for names.
import { answers } from '../load.ts';

const exports: Record<keyof ReturnType<typeof answers.converter>, unknown> = answers.converter();
export default exports;
// biome-ignore format: a list of names
export const {
  GraphModel, deregisterOp, loadGraphModel, loadGraphModelSync, registerOp, version_converter,
} = exports;
