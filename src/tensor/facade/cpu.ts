// Answers `import … from '@tensorflow/tfjs-backend-cpu'`.
import { answers } from '../load.ts';

const exports = answers.cpu();
export default exports;
export const { MathBackendCPU, shared, version_cpu } = exports;
