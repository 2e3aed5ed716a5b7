// The JupyterLab that is on the machine already: whether it is of use, and which kernel it knows. Installs nothing.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { run } from '../setup/process.ts';

export interface FoundLab {
  /** The path of `jupyter-lab`. */
  readonly command: string;
  readonly version: string;
}

/** How a JupyterLab knows the kernel `tensorcell`. */
export interface KnownKernel {
  readonly folder: string;
  readonly argv: readonly string[];
}

/** The first `jupyter-lab` on the path that runs and is of version 4 or newer (older ones draw charts of another Vega-Lite). */
export async function findLab(): Promise<FoundLab | undefined> {
  const name = process.platform === 'win32' ? 'jupyter-lab.exe' : 'jupyter-lab';
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const command = resolve(folder, name);
    if (folder === '' || !existsSync(command)) continue;
    // A shim of pyenv is there even when the chosen Python has no JupyterLab.
    const { code, stdout } = await run(command, ['--version']);
    const version = stdout.trim();
    if (code === 0 && Number(version.split('.')[0]) >= 4) return { command, version };
  }
  return undefined;
}

/** What a JupyterLab knows of the kernel; undefined when it does not. Rejects when its Jupyter can't be asked. */
export async function knownKernel({ command }: FoundLab): Promise<KnownKernel | undefined> {
  const beside = join(dirname(command), process.platform === 'win32' ? 'jupyter-kernelspec.exe' : 'jupyter-kernelspec');
  const [program, ...args] = existsSync(beside) ? [beside] : ['jupyter', 'kernelspec'];
  const { code, stdout, stderr } = await run(program!, [...args, 'list', '--json']);
  if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) || 'jupyter kernelspec list failed');
  const { kernelspecs } = JSON.parse(stdout) as {
    kernelspecs: Record<string, { resource_dir: string; spec: { argv: string[] } }>;
  };
  const own = kernelspecs.tensorcell;
  return own && { folder: own.resource_dir, argv: own.spec.argv };
}
