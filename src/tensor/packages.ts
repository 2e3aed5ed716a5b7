// The one copy of TensorFlow.js in this process, opened at its first use. `#tfjs/…` (imports in package.json) names the packages
// past the session's own redirects.
import { createRequire } from 'node:module';

export type Core = typeof import('@tensorflow/tfjs-core');
export type Layers = typeof import('@tensorflow/tfjs-layers');
export type Data = typeof import('@tensorflow/tfjs-data');
export type Converter = typeof import('@tensorflow/tfjs-converter');
export type CpuPackage = typeof import('@tensorflow/tfjs-backend-cpu');
export type WasmPackage = typeof import('@tensorflow/tfjs-backend-wasm');
export type Engine = ReturnType<Core['engine']>;

const require = createRequire(import.meta.url);

/** tfjs-core; set by `openPackages`, which everything in this folder runs after. */
export let core: Core;
/** tfjs-layers, which also registers the gradients of all kernels. */
export let layers: Layers;

/** Loads core and layers, once (45 ms); the other packages load when they are touched. */
export function openPackages(): void {
  core ??= require('#tfjs/core');
  layers ??= require('#tfjs/layers');
}

let data: Data | undefined;
let dataOpened: (data: Data) => void = () => {};

export function dataPackage(): Data {
  if (!data) {
    data = require('#tfjs/data') as Data;
    dataOpened(data);
  }
  return data;
}

/** What to do with tfjs-data when it is opened, once. */
export function whenDataOpens(prepare: (data: Data) => void): void {
  dataOpened = prepare;
}

export const converterPackage = (): Converter => require('#tfjs/converter');
export const cpuPackage = (): CpuPackage => backendPackage('cpu') as CpuPackage;
export const wasmPackage = (): WasmPackage => backendPackage('wasm') as WasmPackage;

/** A backend's package registers its backend when it loads, and warns when the name is taken: the session's own entry stays. */
function backendPackage(name: 'cpu' | 'wasm'): unknown {
  const { registryFactory } = core.engine() as unknown as { registryFactory: Record<string, unknown> };
  const ours = registryFactory[name];
  delete registryFactory[name];
  try {
    return require(`#tfjs/backend-${name}`);
  } finally {
    if (ours) registryFactory[name] = ours;
  }
}

/** Loads what the packages of TensorFlow.js themselves depend on, such as `seedrandom`. */
export function packageRequire(specifier: string): unknown {
  return createRequire(packageFile('core/package.json'))(specifier);
}

/** Absolute path of a file of a package, such as `backend-wasm/package.json`. */
export function packageFile(path: string): string {
  return require.resolve(`#tfjs/${path}`);
}

/** Loads a module of a package by its path, such as `backend-wasm/wasm-out/tfjs-backend-wasm.js`. */
export function packageModule(path: string): unknown {
  return require(`#tfjs/${path}`);
}
