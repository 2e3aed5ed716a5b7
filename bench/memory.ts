// The memory of a process and all that it started, from Linux' /proc.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Proportional set size in MB: what is shared with others counts in part. Undefined where there is no /proc. */
export function treeMemory(root: number): number | undefined {
  if (!existsSync('/proc/self/smaps_rollup')) return undefined;
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow).reduce((sum, pid) => sum + proportional(pid), 0);
}

function processes(): number[] {
  return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? [Number(entry)] : []));
}

function parentOf(pid: number): number | undefined {
  // The command's name stands in brackets and may hold anything.
  const parent = Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
  return parent > 0 ? parent : undefined;
}

function proportional(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

/** A file of a process; empty when it has ended meanwhile or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
