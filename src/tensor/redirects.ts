// Which imports mean the session's own TensorFlow.js: every package of it, by its name or any path below it. Two copies would have
// two `Tensor` classes and two engines.
import { fileURLToPath } from 'node:url';
import type { PackageRedirect } from '../session/parts.ts';

/** Package (without `@tensorflow/`) → the module of facade/ that answers for it. */
const packages = {
  tfjs: 'tfjs',
  'tfjs-node': 'tfjs',
  'tfjs-node-gpu': 'tfjs',
  'tfjs-core': 'core',
  'tfjs-layers': 'layers',
  'tfjs-data': 'data',
  'tfjs-converter': 'converter',
  'tfjs-backend-cpu': 'cpu',
  'tfjs-backend-wasm': 'wasm',
  'tfjs-backend-webgl': 'webgl',
};

/** One redirect a package. Its package.json is left alone: who asks for that wants a version or a path. */
export const tensorRedirects: readonly PackageRedirect[] = Object.entries(packages).map(([name, facade]) => ({
  pattern: `^@tensorflow/${name}(/(?!package\\.json$).*)?$`,
  url: new URL(`./facade/${facade}.js`, import.meta.url).href,
  require: fileURLToPath(new URL(`./facade/${facade}.cjs`, import.meta.url)),
}));
