// The JupyterLab that Tensorcell keeps for itself: its environment, and the kernelspec in it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentPython, makeEnvironment, prefixOf, type Recipe } from './environment.ts';
import { explain, JupyterProblem } from './problem.ts';

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
  const start = Date.now();
  const live = process.stdout.isTTY;
  const stages = {
    environment: 'making a Python environment',
    download: 'downloading',
    install: 'installing',
  } as const;
  let [shown, words] = ['', ''];
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const draw = () => process.stdout.write(`\r  ${words}, ${seconds()}\x1b[K`);
  const timer = live ? setInterval(draw, 500) : undefined;
  let total = 0;
  try {
    return await makeEnvironment(RECIPE, (stage, megabytes) => {
      total = megabytes;
      words = megabytes > 0 ? `${stages[stage]}, ${megabytes.toFixed(1)} MB` : stages[stage];
      if (live) draw();
      else if (stage !== shown) console.log(`  ${stages[stage]}`);
      shown = stage;
    });
  } finally {
    clearInterval(timer);
    if (live) process.stdout.write('\r\x1b[K');
    if (shown === 'install') console.log(`  ${total.toFixed(0)} MB in ${seconds()}`);
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
  if (code !== 0) throw new JupyterProblem(`the kernel could not be put into ${prefix}`);
}
