// Child processes that a cell starts: what they inherit as standard output goes to that cell, and an interrupt of the cell ends them.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamName } from '../prints.ts';
import type { CellId } from '../types.ts';
import { descendants, signalAll } from './descendants.ts';
import { groupOf } from './groups.ts';

/**
 * Ctrl-C in a terminal reaches a cell's children, too: after the end of one by SIGINT the interrupt of the cell comes within this time, in ms.
 */
export const CHILD_FIRST = 300;
/** A child whose output is at its end ends within this time, in ms. */
const ENDING = 100;

export interface ChildrenOptions {
  readonly cell: () => CellId;
  /** Prints in the cell that is current where it is called. */
  readonly print: (name: StreamName, text: string) => void;
  /** A child was started by an asynchronous call. */
  readonly started: (pid: number) => void;
  /** Called before a call that blocks until its child has ended; gives what is called after it, with the signal that ended the child. */
  readonly blocking: () => (signal: unknown) => void;
}

type Stdio = string | number | object | null | undefined;
interface SpawnOptions {
  stdio?: Stdio | Stdio[];
}

const SYNC = ['spawnSync', 'execSync', 'execFileSync'] as const;

export class CellChildren {
  #byCell = new Map<CellId, Set<ChildProcess>>();
  /** The last cell whose child SIGINT has ended, and when. */
  #struck: { readonly cell: CellId; readonly at: number } | undefined;
  #waitedFor = new WeakSet<ChildProcess>();
  #options: ChildrenOptions;

  constructor(options: ChildrenOptions) {
    this.#options = options;
    // The CommonJS object is what `import` reads too, after `syncBuiltinESMExports`.
    const module = createRequire(import.meta.url)('node:child_process') as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    const { spawn } = module as unknown as { spawn: (...args: unknown[]) => ChildProcess };
    module.spawn = (...args: unknown[]) => this.#spawn(spawn, args);
    for (const name of SYNC) {
      const original = module[name]!;
      module[name] = (...args: unknown[]) => {
        const after = options.blocking();
        let ended: unknown;
        try {
          ended = original(...args);
        } catch (error) {
          after((error as { signal?: unknown } | null)?.signal);
          throw error;
        }
        after((ended as { signal?: unknown } | null)?.signal);
        return ended;
      };
    }
    for (const name of ['exec', 'execFile', 'fork'] as const) {
      const original = module[name]! as ((...args: unknown[]) => unknown) & Record<symbol, unknown>;
      const noting = (...args: unknown[]) => this.#note(original(...args) as ChildProcess);
      // util.promisify(exec) finds its own form by a symbol on the function.
      module[name] = Object.defineProperties(noting, Object.getOwnPropertyDescriptors(original));
    }
    syncBuiltinESMExports();
  }

  /** Ends the children of a cell: SIGINT, and SIGKILL for those still there after `grace` ms. */
  end(cell: CellId, grace = 500): void {
    const running = [...(this.#byCell.get(cell) ?? [])].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    if (running.length === 0) return;
    // A shell that is signalled alone leaves its command behind.
    const pids = running.flatMap((pid) => [pid, ...descendants(pid)]);
    signalAll(pids, 'SIGINT');
    setTimeout(() => signalAll(pids, 'SIGKILL'), grace).unref();
  }

  /**
   * For a cell that ends: the time that the interrupt may still need which has ended a child of it. The output of a child may be at its
   * end before it is known what has ended it.
   */
  interruptToCome(cell: CellId): Promise<unknown> | undefined {
    if (this.#struck?.cell === cell) {
      const left = this.#struck.at + CHILD_FIRST - performance.now();
      return left > 0 ? delay(left) : undefined;
    }
    for (const child of this.#byCell.get(cell) ?? []) {
      if (!child.stdout?.readableEnded || this.#waitedFor.has(child)) continue;
      this.#waitedFor.add(child);
      return Promise.race([once(child, 'exit'), delay(ENDING)]);
    }
    return undefined;
  }

  #spawn(spawn: (...args: unknown[]) => ChildProcess, args: unknown[]): ChildProcess {
    const at = args.findIndex((arg) => typeof arg === 'object' && arg !== null && !Array.isArray(arg));
    const given = (at < 0 ? {} : args[at]) as SpawnOptions;
    const stdio = Array.isArray(given.stdio) ? [...given.stdio] : [given.stdio, given.stdio, given.stdio];
    const forwarded: StreamName[] = [];
    for (const [fd, name] of [
      [1, 'stdout'],
      [2, 'stderr'],
    ] as const) {
      const asked = stdio[fd];
      if (asked === 'inherit' || asked === fd || asked === process[name]) {
        stdio[fd] = 'pipe';
        forwarded.push(name);
      }
    }
    if (stdio[0] === 'inherit') stdio[0] = 'ignore';
    const options = { ...given, stdio };
    const rest = at < 0 ? [...args, options] : args.with(at, options);
    const child = this.#note(spawn(...rest));
    for (const name of forwarded) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => this.#options.print(name, text));
    }
    return child;
  }

  #note(child: ChildProcess): ChildProcess {
    if (child.pid === undefined) return child;
    this.#options.started(child.pid);
    const cell = this.#options.cell();
    const mine = groupOf(this.#byCell, cell);
    mine.add(child);
    child.once('exit', (_code, signal) => {
      if (signal === 'SIGINT') this.#struck = { cell, at: performance.now() };
      mine.delete(child);
      if (mine.size === 0) this.#byCell.delete(cell);
    });
    return child;
  }
}
