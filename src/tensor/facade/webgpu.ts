// Answers `import … from '@tensorflow/tfjs-backend-webgpu'`.
import { answers } from '../load.ts';

const exports = answers.webgpu();
export default exports;
export const { WebGPUBackend, webgpu_util } = exports;
