// Whether NVIDIA's driver is on this machine, found without loading anything of it.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './process.ts';

/** What is known of the driver: the names of the GPUs where it tells them. */
export interface Driver {
  /** Where it was seen, such as `/usr/lib/x86_64-linux-gnu/libcuda.so.1`. */
  readonly seen: string;
  /** Such as `NVIDIA H100 80GB HBM3, 81559 MiB, driver 570.86.10`. Empty when `nvidia-smi` is absent. */
  readonly gpus: readonly string[];
}

/** Folders of system libraries: Debian's, Fedora's, Arch's, WSL's, those of NVIDIA's containers, NixOS's. */
const FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/lib/x86_64-linux-gnu',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
  '/usr/local/cuda/compat',
  '/run/opengl-driver/lib',
];

/** NVIDIA's driver; undefined where there is none, or none that has a GPU to drive. */
export async function findDriver(env: NodeJS.ProcessEnv = process.env, folders = FOLDERS): Promise<Driver | undefined> {
  const search = [...(env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean), ...folders];
  const library = search.map((folder) => join(folder, 'libcuda.so.1')).find((path) => existsSync(path));
  const query = '--query-gpu=name,memory.total,driver_version';
  const { code, stdout, stderr } = await run('nvidia-smi', [query, '--format=csv,noheader'], { env });
  const gpus = code === 0 ? stdout.trim().split('\n').filter(Boolean) : [];
  if (gpus.length > 0)
    return { seen: library ?? 'nvidia-smi', gpus: gpus.map((gpu) => gpu.replace(/, ([\d.]+)$/, ', driver $1')) };
  // Answers, and has no GPU to tell of: the driver is of no use.
  if (!library || code !== null || /No devices|couldn't communicate/.test(stderr + stdout)) return undefined;
  return { seen: library, gpus: [] };
}
