// The JupyterLab that Tensorcell keeps for itself: its environment, and the kernelspec in it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentPython, makeEnvironment, prefixOf, type Recipe } from '../setup/environment.ts';
import { explain, SetupProblem } from '../setup/problem.ts';
import { startProgress } from '../setup/progress.ts';

export const LAB_VERSION = '4.6.6';
const RECIPE: Recipe = { name: 'jupyterlab', requirements: [`jupyterlab==${LAB_VERSION}`] };

/** What this folder must be handed of the kernel's side, which it may not import. */
export interface KernelInstaller {
  /** `tensorcell install` with its arguments; returns its exit code and says on stderr what is wrong. */
  readonly install: (args: readonly string[], say?: (line: string) => void) => Promise<number>;
  /** The path of the command that a kernelspec of this copy starts. */
  readonly command: string;
}

/** The Python of the private JupyterLab, where there is one. */
export function ownLab(): string | undefined {
  return environmentPython(RECIPE);
}

/** Makes the private JupyterLab where there is none, with progress on stdout, and sees to its kernelspec. Returns its Python. */
export async function makeOwnLab(kernel: KernelInstaller): Promise<string> {
  const python = ownLab() ?? (await makeAloud());
  await putKernel(prefixOf(python), kernel);
  return python;
}

async function makeAloud(): Promise<string> {
  console.log(`Getting JupyterLab ${LAB_VERSION} (about 50 MB to download, 250 MB on disk, once)`);
  const stages = {
    environment: 'making a Python environment',
    download: 'downloading',
    install: 'installing',
  } as const;
  let last = '';
  const line = startProgress();
  try {
    return await makeEnvironment(RECIPE, (stage, megabytes) => {
      line.update(stages[stage], megabytes > 0 ? `${megabytes.toFixed(1)} MB` : undefined);
      last = stage === 'install' ? `${megabytes.toFixed(0)} MB` : '';
    });
  } finally {
    line.end(last);
  }
}

/** Each time anew unless it is this copy's: the package may have moved, or its Node. */
async function putKernel(prefix: string, { install, command }: KernelInstaller): Promise<void> {
  const file = join(prefix, 'share', 'jupyter', 'kernels', 'tensorcell', 'kernel.json');
  if (existsSync(file)) {
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv: string[] };
    if (argv[1] === command && existsSync(argv[0] ?? '')) return;
  }
  let code: number;
  try {
    code = await install(['--prefix', prefix], () => {});
  } catch (error) {
    throw explain(error, prefix);
  }
  if (code !== 0) throw new SetupProblem(`the kernel could not be put into ${prefix}`);
}
