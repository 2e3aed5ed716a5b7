// Answers `import … from '@tensorflow/tfjs'`, and `-node`, `-node-gpu`, which add `node` and `io.fileSystem` to it.
import { answers } from '../load.ts';

export * from './converter.ts';
export * from './core.ts';
export * from './cpu.ts';
export * from './layers.ts';
export * from './webgl.ts';

const exports = answers.tfjs();
export default exports;
export const { data, enableDeterminism, node, setSeed, version } = exports;
