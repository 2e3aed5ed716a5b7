// Memory of NVIDIA GPUs as their driver tells it: of the machine, and of given processes. Without a driver there is nothing to tell.
import { execFile } from 'node:child_process';

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

let absent = false;

/** What the GPUs hold now; `undefined` without a GPU, or when its driver does not answer. */
export async function gpuMemory(pids: ReadonlySet<number>): Promise<GpuMemory | undefined> {
  if (absent) return undefined;
  // One after the other: to look for a program that is not there takes 4 ms of the kernel's one thread.
  const gpus = await table('--query-gpu=memory.total,memory.used');
  if (!gpus || gpus.length === 0) return undefined;
  const programs = await table('--query-compute-apps=pid,used_memory');
  const sum = (rows: readonly (readonly number[])[], column: number) =>
    rows.reduce((total, row) => total + (row[column] || 0) * MIB, 0);
  const own = (programs ?? []).filter(([pid]) => pids.has(pid!));
  return { total: sum(gpus, 0), used: sum(gpus, 1), own: sum(own, 1) };
}

/** Rows of numbers; a figure that the driver does not know (`[N/A]`) is NaN. */
function table(query: string): Promise<number[][] | undefined> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', [query, '--format=csv,noheader,nounits'], { timeout: PATIENCE }, (error, stdout) => {
      // Asked every few seconds: where the program is not there, once is enough.
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') absent = true;
      if (error) return resolve(undefined);
      const lines = stdout.split('\n').filter((line) => line.trim() !== '');
      resolve(lines.map((line) => line.split(',').map(Number)));
    });
  });
}
