// `tensorcell setup`: gets what Tensorcell can use but does not bring: TensorFlow's library and JupyterLab, or WebGPU, or papermill's
// parameters.
import { keptWebgpu } from './home.ts';
import { type KernelInstaller, LAB_VERSION, makeOwnLab, ownLab } from './jupyter/own.ts';
import { teachPapermill } from './jupyter/papermill.ts';
import { hasAdapter } from './setup/adapter.ts';
import { findDriver } from './setup/driver.ts';
import { prefixOf } from './setup/environment.ts';
import { setUpLibrary } from './setup/library.ts';
import { SetupProblem } from './setup/problem.ts';
import { setUpWebgpu } from './setup/webgpu.ts';

const FLAGS = ['--cpu', '--cuda', '--webgpu', '--papermill'];

/** Returns the exit code: 1 when something could not be had, with one line for each such thing. */
export async function setup(args: readonly string[], kernel: KernelInstaller): Promise<number> {
  const [flag, more] = args;
  if ((flag !== undefined && !FLAGS.includes(flag)) || more !== undefined) {
    console.error(`tensorcell setup: takes one of ${FLAGS.join(', ')} or nothing, not ${args.join(' ')}`);
    return 2;
  }
  if (flag === '--papermill') return attempt([setUpPapermill]);
  if (flag === '--webgpu') return attempt([setUpWebgpu]);
  const variant = flag === '--cpu' ? 'cpu' : flag === '--cuda' ? 'cuda' : undefined;
  return attempt([() => setUpLibrary(variant), () => setUpLab(kernel), ...(flag ? [] : [suggestWebgpu])]);
}

/** Does each, whatever became of those before. */
async function attempt(steps: readonly (() => Promise<unknown>)[]): Promise<number> {
  const problems = new Set<string>();
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      problems.add(error.message);
    }
  }
  for (const problem of problems) console.error(`tensorcell setup: ${problem}`);
  return problems.size > 0 ? 1 : 0;
}

/** A GPU that TensorFlow does not compute on may still be of use. */
async function suggestWebgpu(): Promise<void> {
  if (!keptWebgpu() && hasAdapter() && !(await findDriver()))
    console.log('A GPU is here that WebGPU may compute on: tensorcell setup --webgpu (54 MB), then %backend webgpu.');
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
