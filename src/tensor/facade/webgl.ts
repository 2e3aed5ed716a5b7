// Answers `import … from '@tensorflow/tfjs-backend-webgl'`.
import { answers } from '../load.ts';

const exports = answers.webgl();
export default exports;
export const {
  GPGPUContext,
  MathBackendWebGL,
  forceHalfFloat,
  gpgpu_util,
  setWebGLContext,
  version_webgl,
  webgl,
  webgl_util,
} = exports;
