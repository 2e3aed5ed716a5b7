// `tensorcell setup`: gets what Tensorcell can use but does not bring. In this version that is JupyterLab.

import { prefixOf } from './environment.ts';
import { type KernelInstaller, LAB_VERSION, makeOwnLab, ownLab } from './own.ts';
import { JupyterProblem } from './problem.ts';

/** Returns the exit code. */
export async function setup(args: readonly string[], kernel: KernelInstaller): Promise<number> {
  const [first] = args;
  if (first === '--cpu' || first === '--cuda') {
    console.error(
      `tensorcell setup: ${first} (libtensorflow) comes with a later version; this one computes on WebAssembly`,
    );
    return 2;
  }
  if (first !== undefined) {
    console.error(`tensorcell setup: takes no ${first}`);
    return 2;
  }
  const had = ownLab() !== undefined;
  try {
    const python = await makeOwnLab(kernel);
    console.log(`JupyterLab ${LAB_VERSION} ${had ? 'is' : 'is now'} in ${prefixOf(python)}, with the kernel.`);
    console.log('Start it with: tensorcell lab');
    return 0;
  } catch (error) {
    if (!(error instanceof JupyterProblem)) throw error;
    console.error(`tensorcell setup: ${error.message}`);
    return 1;
  }
}
