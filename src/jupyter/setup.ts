// `tensorcell setup`: gets what Tensorcell can use but does not bring: JupyterLab, and papermill's parameters.

import { prefixOf } from './environment.ts';
import { type KernelInstaller, LAB_VERSION, makeOwnLab, ownLab } from './own.ts';
import { teachPapermill } from './papermill.ts';
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
  if (first !== undefined && first !== '--papermill') {
    console.error(`tensorcell setup: takes no ${first}`);
    return 2;
  }
  try {
    if (first === '--papermill') await setUpPapermill();
    else await setUpLab(kernel);
    return 0;
  } catch (error) {
    if (!(error instanceof JupyterProblem)) throw error;
    console.error(`tensorcell setup: ${error.message}`);
    return 1;
  }
}

async function setUpLab(kernel: KernelInstaller): Promise<void> {
  const had = ownLab() !== undefined;
  const python = await makeOwnLab(kernel);
  console.log(`JupyterLab ${LAB_VERSION} ${had ? 'is' : 'is now'} in ${prefixOf(python)}, with the kernel.`);
  console.log('Start it with: tensorcell lab');
}

async function setUpPapermill(): Promise<void> {
  console.log(
    `papermill can now set the parameters of a TypeScript notebook (installed for ${await teachPapermill()}).`,
  );
  console.log('Use it with: papermill in.ipynb out.ipynb -p name value');
}
