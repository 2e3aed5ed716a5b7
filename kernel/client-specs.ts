// Which command starts a kernel: our own, or one that Jupyter has on its paths. Installs nothing.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolders } from './jupyter-paths.ts';

/** What starts a kernel, from its `kernel.json`. */
export interface KernelSpec {
  /** The folder's name, as `--kernel` takes it. */
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** The command; `{connection_file}` and `{resource_dir}` stand for paths. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interruptMode: 'message' | 'signal';
  /** The folder of `kernel.json`. */
  readonly folder: string;
}

/** No kernel of that name; the message names the folders that were searched and the kernels that are there. */
export class MissingKernelError extends Error {
  override name = 'MissingKernelError';
}

/** The kernel of this package, started by the Node that runs now; nothing need be installed. */
export function ownKernel(): KernelSpec {
  const command = fileURLToPath(new URL('../../bin/tensorcell.js', import.meta.url));
  return {
    name: 'tensorcell',
    displayName: 'TypeScript (Tensorcell)',
    language: 'typescript',
    argv: [process.execPath, command, 'kernel', '{connection_file}'],
    env: {},
    interruptMode: 'message',
    folder: fileURLToPath(new URL('../../kernelspec', import.meta.url)),
  };
}

/**
 * Finds a kernel by its name: `tensorcell` is always this package's own, others are looked up where Jupyter keeps them.
 * @throws {MissingKernelError}
 */
export async function findKernel(name: string): Promise<KernelSpec> {
  if (name === 'tensorcell') return ownKernel();
  const others: string[] = [];
  for (const folder of kernelFolders()) {
    for (const entry of await readdir(folder).catch(() => [])) {
      if (entry.toLowerCase() !== name.toLowerCase()) others.push(entry);
      else return readSpec(entry, join(folder, entry));
    }
  }
  const there = ['tensorcell', ...new Set(others)].join(', ');
  throw new MissingKernelError(
    `there is no kernel "${name}" (there are: ${there}; searched ${kernelFolders().join(', ')})`,
  );
}

async function readSpec(name: string, folder: string): Promise<KernelSpec> {
  const path = join(folder, 'kernel.json');
  let spec: { argv?: unknown; display_name?: unknown; language?: unknown; env?: unknown; interrupt_mode?: unknown };
  try {
    spec = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new MissingKernelError(`the kernel "${name}" can't be started: ${path}: ${(error as Error).message}`);
  }
  if (!Array.isArray(spec.argv) || spec.argv.length === 0)
    throw new MissingKernelError(`the kernel "${name}" can't be started: ${path} has no "argv"`);
  return {
    name,
    displayName: String(spec.display_name ?? name),
    language: String(spec.language ?? ''),
    argv: spec.argv.map((arg: unknown, index) => (index === 0 ? findCommand(String(arg), folder) : String(arg))),
    env: (spec.env as Record<string, string> | undefined) ?? {},
    interruptMode: spec.interrupt_mode === 'message' ? 'message' : 'signal',
    folder,
  };
}

/** A bare `python` means the Python whose environment holds the kernelspec; Jupyter itself puts it there so. */
function findCommand(command: string, folder: string): string {
  if (!/^python[\d.]*$/.test(command)) return command;
  const prefix = resolve(folder, '..', '..', '..', '..');
  const python = process.platform === 'win32' ? join(prefix, 'python.exe') : join(prefix, 'bin', command);
  return existsSync(python) ? python : command;
}

const kernelFolders = () => dataFolders().map((folder) => join(folder, 'kernels'));
