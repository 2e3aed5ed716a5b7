// The Python side of the tests: an environment with Jupyter's own clients, kept under TENSORCELL_HOME and made once.
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

const RECIPE = {
  name: 'python',
  requirements: [
    'jupyter_client==8.10.0',
    'pyzmq==27.3.0',
    'nbclient==0.11.0',
    'nbconvert==7.17.2',
    'jupyter_kernel_test==0.7.0',
    'jupyter_console==6.6.3',
    'papermill==2.7.0',
    'psutil==7.2.2',
    'ipykernel==7.4.0',
  ],
};

/**
 * The path of a Python that has the clients, made at the first call (20 s to a minute); undefined without Python 3.10 or network,
 * with the reason on stderr. Safe to call from several processes at once. Needs the build.
 */
export async function testPython() {
  // Not at the top: this file is there before the build is.
  const { makeEnvironment } = await import('../dist/src/setup/environment.js');
  try {
    return await makeEnvironment(RECIPE);
  } catch (error) {
    console.error(`no Python for the tests: ${error.message}`);
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  console.log((await testPython()) ?? '');
}
