// The Python of `npm run bench:training`: an environment with the frameworks that are compared, kept under TENSORCELL_HOME and made once.
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

const RECIPE = {
  name: 'bench',
  // PyTorch's wheel for Linux is built for CUDA and does not load without NVIDIA's libraries: 6 GB in all.
  requirements: ['tensorflow-cpu==2.21.0', 'keras==3.15.1', 'jax[cpu]==0.10.2', 'torch==2.15.0'],
};

/**
 * The path of a Python that has the frameworks, made at the first call (2.5 GB to download, 6 GB on disk); undefined where none can be had,
 * with the reason on stderr. TENSORCELL_BENCH_PYTHON names another one. Needs the build.
 */
export async function benchPython() {
  if (process.env.TENSORCELL_BENCH_PYTHON) return process.env.TENSORCELL_BENCH_PYTHON;
  const { makeEnvironment } = await import('../dist/src/setup/environment.js');
  try {
    console.error('the Python of the bench: Keras, PyTorch and JAX (6 GB, once) …');
    return await makeEnvironment(RECIPE);
  } catch (error) {
    console.error(`no Python for the bench: ${error.message}`);
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  console.log((await benchPython()) ?? '');
}
