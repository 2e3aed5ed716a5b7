// Makes the session's TensorFlow.js, at the first mention of `tf` or import of one of its packages: one instance, ready to compute.
import { webglExports, webgpuExports } from './absent.ts';
import { fuseAdam } from './adam.ts';
import { tensorsLoaded } from './ambient.ts';
import { assemble, type TensorFlow } from './api.ts';
import { chooseBackend, registerBackends } from './backends.ts';
import { addMethods } from './chained.ts';
import { deepModule } from './deep.ts';
import { keepBooks } from './engine.ts';
import { registerFiles } from './files.ts';
import { watchTraining } from './fit.ts';
import { mendGradients } from './gradients.ts';
import { compile } from './jit/compile.ts';
import { stats } from './jit/stats.ts';
import { mapLibrary } from './libtensorflow.ts';
import { passMasks } from './masks.ts';
import { mendOperations } from './mended.ts';
import { addModelMethods } from './model-show.ts';
import { nameOperations } from './named.ts';
import {
  converterPackage,
  core,
  cpuPackage,
  dataPackage,
  layers,
  openPackages,
  packageRequire,
  wasmPackage,
} from './packages.ts';
import { collect, pressure } from './pressure.ts';
import { replaceRandom } from './random/replace.ts';
import { resetScopes } from './scopes.ts';
import { replaceLayerNormalization } from './standardize.ts';
import { compileTraining } from './training/install.ts';
import { webgpuPackageHere } from './webgpu/package.ts';

let instance: TensorFlow | undefined;
let loading = false;

/**
 * The session's `tf`, with a backend that is ready (no `await tf.ready()` needed). Synchronous: 70 ms at the first call.
 * @throws for a TENSORCELL_BACKEND that is unknown or can't be used; a later call tries again.
 */
export function load(): TensorFlow {
  if (instance) return instance;
  const backend = chooseBackend();
  instance = whileLoading(() => open(backend));
  return instance;
}

/** Runs what loads the packages: what they ask of each other meanwhile is answered with what is there. */
function whileLoading<T>(work: () => T): T {
  loading = true;
  try {
    return work();
  } finally {
    loading = false;
  }
}

/** The same for a cell that can wait: TensorFlow's library is mapped on another thread meanwhile, and the session's own goes on turning. */
export async function loadAside(): Promise<TensorFlow> {
  if (!instance && ['', 'tensorflow'].includes(process.env.TENSORCELL_BACKEND ?? '')) {
    const mapped = mapLibrary();
    whileLoading(openPackages);
    await mapped;
  }
  return load();
}

function open(backend: ReturnType<typeof chooseBackend>): TensorFlow {
  openPackages();
  if (!core.engine().backendNames().length) {
    mendOperations();
    mendGradients();
    replaceRandom();
    nameOperations();
    addMethods();
    addModelMethods();
    registerFiles();
    registerBackends();
    keepBooks();
    compileTraining();
    watchTraining();
    fuseAdam();
    replaceLayerNormalization();
    passMasks();
    const memory = () => {
      const { numTensors, numBytes } = core.memory();
      return { tensors: numTensors, bytes: numBytes };
    };
    tensorsLoaded({ resetScopes, pressure, collect, memory, compiler: { compile, stats } });
  }
  // Synchronous for the backends of the table; the promise only repeats the outcome.
  void core.setBackend(backend.name);
  if (core.getBackend() !== backend.name) throw new Error(`tensor: the backend ${backend.name} did not start`);
  return assemble();
}

/** The packages require each other under their own names while they load: they get what is there already. */
const ready = () => loading || load();

/** What answers an import or a `require` of each package of TensorFlow.js; the instance is made first. */
export const answers = {
  tfjs: () => load(),
  core: () => ready() && core,
  layers: () => ready() && layers,
  data: () => ready() && dataPackage(),
  converter: () => ready() && converterPackage(),
  wasm: () => ready() && wasmPackage(),
  cpu: () => ready() && cpuPackage(),
  webgl: () => ready() && webglExports,
  webgpu: () => ready() && (webgpuPackageHere() ?? webgpuExports),
};

/** Exports of a deep module of a package, by its file in the session's copy. */
function deep(file: string): object {
  const owner = Object.keys(answers).find((name) =>
    new RegExp(`/tfjs-(backend-)?${name}/dist/`).test(file.replaceAll('\\', '/')),
  );
  return deepModule(file, answers[owner as keyof typeof answers](), answerPackage);
}

/** What a deep module gets for another package's name. */
function answerPackage(specifier: string): unknown {
  const name = specifier.replace(/^@tensorflow\/tfjs-(backend-)?/, '');
  return Object.hasOwn(answers, name) ? answers[name as keyof typeof answers]() : packageRequire(specifier);
}

// A `require` is answered by a CommonJS file, which can't import this module at once: it finds it here (facade/session.cts).
Object.assign(globalThis, { [Symbol.for('tensorcell.tensor')]: { ...answers, deep } });
