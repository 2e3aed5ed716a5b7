// Whether TensorFlow's library costs a session anything that uses no tensors: the first cells of a kernel that could have the library, beside
// those of one that can't.
import { readdirSync, readFileSync } from 'node:fs';
import { KernelClient } from '../kernel/client.ts';
import { quantile, runOk } from './measures.ts';
import type { Row } from './table.ts';

const rounds = 5;

/** ms from the start of a kernel to the end of its first cells, none of which uses tensors. */
async function firstCells(backend: string): Promise<number> {
  const begun = performance.now();
  await using client = await KernelClient.start({ env: { ...process.env, TENSORCELL_BACKEND: backend } });
  for (const code of ['1 + 1', 'const names = ["a", "b"]; names.length', 'console.log("x")']) await runOk(client, code);
  const time = performance.now() - begun;
  if (mapsLibrary(client.pid!)) throw new Error('a session that uses no tensors has loaded TensorFlow’s library');
  return time;
}

/** Whether a process, or one that it started, has TensorFlow's library in its memory. */
function mapsLibrary(root: number): boolean {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parentOf = (pid: string) => Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
  return processes
    .filter((pid) => Number(pid) === root || parentOf(pid) === root)
    .some((pid) => read(`/proc/${pid}/maps`).includes('libtensorflow'));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

export async function measureLoading(): Promise<Row[]> {
  const [withIt, without]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    withIt.push(await firstCells('tensorflow'));
    without.push(await firstCells('cpu'));
  }
  const theirs = quantile(without, 0.5);
  return [{ name: 'three cells without tensors, ms', ours: quantile(withIt, 0.5), theirs, peer: 'no library' }];
}
