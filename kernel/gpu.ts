// Memory of NVIDIA GPUs as their driver tells it: of the machine, and of given processes. Without a driver there is nothing to tell.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Bytes of all GPUs together. */
export interface GpuMemory {
  readonly total: number;
  /** By whatever program. */
  readonly used: number;
  /** By the processes asked about; a container's driver may not know its processes, and then says 0. */
  readonly own: number;
}

/** A driver that takes longer than this hangs, ms. */
const PATIENCE = 2000;
const MIB = 1 << 20;

let absent: boolean | undefined;

/** What the GPUs hold now; `undefined` without a GPU, or when its driver does not answer. */
export async function gpuMemory(pids: ReadonlySet<number>): Promise<GpuMemory | undefined> {
  absent ??= !isInstalled();
  if (absent) return undefined;
  const gpus = await table('--query-gpu=memory.total,memory.used');
  if (!gpus || gpus.length === 0) return undefined;
  const programs = await table('--query-compute-apps=pid,used_memory');
  const sum = (rows: readonly (readonly number[])[], column: number) =>
    rows.reduce((total, row) => total + (row[column] || 0) * MIB, 0);
  const own = (programs ?? []).filter(([pid]) => pids.has(pid!));
  return { total: sum(gpus, 0), used: sum(gpus, 1), own: sum(own, 1) };
}

/** Looked for once, and by us: to start a program that is not there takes 4 ms of the kernel's one thread. */
function isInstalled(): boolean {
  const name = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Rows of numbers; a figure that the driver does not know (`[N/A]`) is NaN. */
function table(query: string): Promise<number[][] | undefined> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', [query, '--format=csv,noheader,nounits'], { timeout: PATIENCE }, (error, stdout) => {
      if (error) return resolve(undefined);
      const lines = stdout.split('\n').filter((line) => line.trim() !== '');
      resolve(lines.map((line) => line.split(',').map(Number)));
    });
  });
}
