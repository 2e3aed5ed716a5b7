// Makes the session's TensorFlow.js, at the first mention of `tf` or import of one of its packages: one instance, ready to compute.

import { webglExports } from './absent.ts';
import { assemble, type TensorFlow } from './api.ts';
import { chooseBackend, registerBackends } from './backends.ts';
import { addMethods } from './chained.ts';
import { registerFiles } from './files.ts';
import { watchTensors } from './memory.ts';
import { converterPackage, core, cpuPackage, dataPackage, layers, openPackages, wasmPackage } from './packages.ts';

let instance: TensorFlow | undefined;

/**
 * The session's `tf`, with a backend that is ready (no `await tf.ready()` needed). Synchronous: 70 ms at the first call.
 * @throws for a TENSORCELL_BACKEND that is unknown or can't be used; a later call tries again.
 */
export function load(): TensorFlow {
  if (instance) return instance;
  const backend = chooseBackend();
  openPackages();
  if (!core.engine().backendNames().length) {
    addMethods();
    registerFiles();
    registerBackends();
    watchTensors();
  }
  // Synchronous for the backends of the table; the promise only repeats the outcome.
  void core.setBackend(backend.name);
  if (core.getBackend() !== backend.name) throw new Error(`tensor: the backend ${backend.name} did not start`);
  instance = assemble();
  return instance;
}

/** What answers an import or a `require` of each package of TensorFlow.js; the instance is made first. */
export const answers = {
  tfjs: () => load(),
  core: () => load() && core,
  layers: () => load() && layers,
  data: () => load() && dataPackage(),
  converter: () => load() && converterPackage(),
  wasm: () => load() && wasmPackage(),
  cpu: () => load() && cpuPackage(),
  webgl: () => load() && webglExports,
};

// A `require` is answered by a CommonJS file, which can't import this module at once: it finds it here (facade/session.cts).
Object.assign(globalThis, { [Symbol.for('tensorcell.tensor')]: answers });
