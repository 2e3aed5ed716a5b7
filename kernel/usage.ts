// What the kernel, its session and the children of both use of the machine, now. Asked for by JupyterLab's side panel.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, freemem, hostname, totalmem } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { gpuMemory } from './gpu.ts';
import type { Ok, UsageContent } from './messages.ts';

/** One process of the machine. */
interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  /** CPU time since it began, ms. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly memory: number;
}

/** Linux counts a process's time in hundredths of a second (`getconf CLK_TCK`) and memory in pages. */
const TICK = 10;
const PAGE = 4096;
/** Files of /proc that are read in one go: 1 ms. By promises, a file took ten times as long of the time that a completion waits for. */
const GO = 64;

export class Usage {
  #last = { at: performance.now() - process.uptime() * 1000, cpu: 0, host: { busy: 0, all: 0 } };

  /** Percentages are means since the last call; the first call's are since the start. */
  async read(): Promise<Ok<UsageContent>> {
    const tree = descendants(process.pid, await processes());
    const cpu = tree.reduce((sum, use) => sum + use.cpu, 0);
    const [at, host] = [performance.now(), hostTimes()];
    const last = this.#last;
    this.#last = { at, cpu, host };
    const [total, free, available] = [totalmem(), freemem(), availableMemory()];
    const gpu = await gpuMemory(new Set(tree.map(({ pid }) => pid)));
    return {
      status: 'ok',
      hostname: hostname(),
      pid: process.pid,
      // A child that ended takes its time away with it.
      kernel_cpu: percent(Math.max(0, cpu - last.cpu), at - last.at),
      kernel_memory: tree.reduce((sum, use) => sum + use.memory, 0),
      cpu_count: cpus().length,
      host_cpu_percent: percent(host.busy - last.host.busy, host.all - last.host.all),
      host_virtual_memory: {
        total,
        available,
        used: total - available,
        free,
        percent: percent(total - available, total),
      },
      ...(gpu && {
        kernel_gpu_memory: gpu.own,
        host_gpu_memory: { total: gpu.total, used: gpu.used, percent: percent(gpu.used, gpu.total) },
      }),
    };
  }
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0;
}

/** A process and all that descend from it. */
function descendants(root: number, all: readonly ProcessUse[]): ProcessUse[] {
  const found = new Set([root]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

async function processes(): Promise<ProcessUse[]> {
  if (process.platform === 'linux') return linuxProcesses();
  return process.platform === 'win32' ? [ownProcess()] : psProcesses();
}

/** Without a cheap table of processes: the kernel alone. */
function ownProcess(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { pid: process.pid, parent: process.ppid, cpu: (user + system) / 1000, memory: process.memoryUsage.rss() };
}

async function linuxProcesses(): Promise<ProcessUse[]> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found: ProcessUse[] = [];
  for (const [read, pid] of pids.entries()) {
    // Other requests are answered in between.
    if (read % GO === GO - 1) await turn();
    const stat = statOf(pid);
    if (stat === undefined) continue;
    // The second field is a name in parentheses that may hold anything; fields after it are numbered from 3 (proc(5)).
    const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (n: number) => Number(rest[n - 3]);
    const cpu = (field(14) + field(15)) * TICK;
    found.push({ pid: Number(pid), parent: field(4), cpu, memory: field(24) * PAGE });
  }
  return found;
}

/** `undefined` for a process that ended between the listing and the look: it has no use any more. */
function statOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  }
}

function psProcesses(): Promise<ProcessUse[]> {
  return new Promise((resolve, reject) => {
    execFile('ps', ['-axo', 'pid=,ppid=,rss=,time='], (error, stdout) => {
      if (error) return reject(error);
      resolve(
        stdout
          .trim()
          .split('\n')
          .map((line) => {
            const [pid, parent, kilobytes, time] = line.trim().split(/\s+/);
            const cpu = (time ?? '').split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
            return { pid: Number(pid), parent: Number(parent), cpu, memory: Number(kilobytes) * 1024 };
          }),
      );
    });
  });
}

function hostTimes(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.idle + times.irq;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}

/** Linux's free memory counts the page cache as used; what can be had is another figure. */
function availableMemory(): number {
  if (process.platform !== 'linux') return freemem();
  const found = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return found ? Number(found[1]) * 1024 : freemem();
}
