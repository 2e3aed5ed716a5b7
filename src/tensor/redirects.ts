// Which imports mean the session's own TensorFlow.js: every package of it, by its name or any path below it. Two copies would have
// two `Tensor` classes and two engines.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptWebgpu } from '../home.ts';
import type { DeepRedirect, PackageRedirect } from '../session/parts.ts';
import { packageFile } from './packages.ts';

/** Package (without `@tensorflow/`) → the module of facade/ that answers for it, and whether the session has a copy of its modules. */
const packages = {
  tfjs: ['tfjs', false],
  'tfjs-node': ['tfjs', false],
  'tfjs-node-gpu': ['tfjs', false],
  'tfjs-core': ['core', true],
  'tfjs-layers': ['layers', true],
  'tfjs-data': ['data', true],
  'tfjs-converter': ['converter', true],
  'tfjs-backend-cpu': ['cpu', true],
  'tfjs-backend-wasm': ['wasm', true],
  'tfjs-backend-webgl': ['webgl', false],
  'tfjs-backend-webgpu': ['webgpu', keptWebgpu() !== undefined],
} as const;

/** One redirect a package. Its package.json is left alone: who asks for that wants a version or a path. */
export const tensorRedirects: readonly PackageRedirect[] = Object.entries(packages).map(
  ([name, [facade, hasCopy]]) => ({
    pattern: `^@tensorflow/${name}(/(?!package\\.json$).*)?$`,
    url: new URL(`./facade/${facade}.js`, import.meta.url).href,
    require: fileURLToPath(new URL(`./facade/${facade}.cjs`, import.meta.url)),
    ...(hasCopy && { deep: deepRedirect(name) }),
  }),
);

/** Looks for the copy when it is asked for: 2 ms of a start for all. */
function deepRedirect(name: string): DeepRedirect {
  let folder: string | undefined;
  return {
    get folder() {
      folder ??= distFolder(name);
      return folder;
    },
    answers: 'tensorcell.tensor',
  };
}

function distFolder(name: string): string {
  if (name === 'tfjs-backend-webgpu') return join(keptWebgpu()!.kernels, 'dist');
  return join(dirname(packageFile(`${name.replace('tfjs-', '')}/package.json`)), 'dist');
}
