// The processes below a process, read from /proc or, where there is none, from ps.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Row = readonly [pid: number, parent: number, group: number];

/**
 * Ids of the living descendants of `root`, parents before children. Those that were made leaders of a group of their own
 * (`detached: true`) are meant to live on and are left out, with what is below them.
 */
export function descendants(root: number): number[] {
  const rows = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  const found: number[] = [];
  const walk = (parent: number) => {
    for (const [pid, of, group] of rows) {
      if (of !== parent || group === pid) continue;
      found.push(pid);
      walk(pid);
    }
  };
  walk(root);
  return found;
}

/** Sends a signal to processes, of which some may have ended by now. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Ends this process and what it has started, but for what was started detached: its front is gone, and nobody else would. */
export function endAll(): void {
  signalAll([...descendants(process.pid), process.pid], 'SIGKILL');
}

function fromProc(): Row[] {
  return readdirSync('/proc').flatMap((entry): Row[] => {
    if (!/^\d+$/.test(entry)) return [];
    let stat: string;
    try {
      stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    } catch (error) {
      // It ended between the listing and the reading.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
    // pid (name, which may hold spaces and brackets) state parent group …
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [[Number(entry), Number(parent), Number(group)]];
  });
}

function fromPs(): Row[] {
  // Not imported: where there is /proc, the control thread has no use for it.
  const { execFileSync } = createRequire(import.meta.url)('node:child_process') as typeof import('node:child_process');
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' });
  return listing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as unknown as Row);
}
