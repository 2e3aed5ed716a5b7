// Answers `import … from '@tensorflow/tfjs-backend-wasm'`. By name: `export *` of a CommonJS file makes Node read through it for names.
import { answers } from '../load.ts';

const exports: Record<keyof ReturnType<typeof answers.wasm>, unknown> = answers.wasm();
export default exports;
// biome-ignore format: a list of names
export const {
  BackendWasm, getThreadsCount, setThreadsCount, setWasmPath, setWasmPaths, version_wasm,
} = exports;
