// The kernel process: `tensorcell kernel CONNECTION_FILE`. Kept to what a start needs; the rest is imported when it is asked for.
import { HistoryStore, historyFile } from '../src/history/store.ts';
import { TypedSession } from '../src/language/typed-session.ts';
import { SessionClient } from '../src/session/client.ts';
import type { Spawned } from '../src/session/spawn.ts';
import type { SessionEvents } from '../src/session/types.ts';
import { ConnectionError, readConnection } from './connection.ts';
import type { Kernel } from './kernel.ts';

/** The history's thread starts this long after the kernel, ms: behind the start and a first cell. */
const HISTORY_WARM = 2000;
/** How often to look whether the program that started the kernel is still there, ms. */
const PARENT_WATCH = 1000;

/**
 * Runs a kernel to its end. Returns the exit code: 2 for a connection file that can't be used, 1 for a port that can't be had. `session`:
 * a session's process that was started before this was loaded.
 */
export async function run([file, ...rest]: readonly string[], session?: Spawned): Promise<number> {
  if (file === undefined || rest.length > 0) {
    console.error('tensorcell kernel: takes one connection file');
    return 2;
  }
  let kernel: Kernel | undefined;
  // Before the first client can know of the kernel, whose interrupt would else be the kernel's end.
  process.on('SIGINT', () => kernel?.interrupt());
  try {
    kernel = await startKernel(file, session);
  } catch (error) {
    console.error(`tensorcell kernel: ${(error as Error).message}`);
    return error instanceof ConnectionError ? 2 : 1;
  }
  // A fault of ours costs one message, not the person's variables.
  process.on('uncaughtException', (error) => process.stderr.write(`tensorcell: ${error.stack}\n`));
  // Nobody reads the log any more.
  process.stderr.on('error', () => undefined);
  process.on('SIGTERM', () => void kernel.close());
  watchParent(() => void kernel.close());
  await kernel.ended;
  return 0;
}

async function startKernel(file: string, started: Spawned | undefined): Promise<Kernel> {
  const connection = readConnection(file);
  const log = (line: string) => void process.stderr.write(`tensorcell: ${line}\n`);
  // The session's process starts first: it loads on another core while this one loads ZeroMQ and binds, which brings the first
  // result 25 ms forward. Before its first cell a session has nothing to say but to the log.
  let listener: SessionEvents | undefined;
  const session = new SessionClient({
    folder: process.cwd(),
    started,
    events: {
      output: (cell, output) => listener?.output(cell, output),
      input: (cell, request) => listener?.input(cell, request) ?? Promise.reject(new Error('no cell has run')),
      comm: (cell, message) => listener?.comm?.(cell, message),
      gone: () => {
        typed.gone();
        listener?.gone?.();
      },
      names: (names) => typed.names(names),
      check: (cell, mode) => typed.check(cell, mode),
      ready: () => listener?.ready?.(),
      log,
    },
  });
  const typed = new TypedSession({
    session,
    folder: process.cwd(),
    output: (cell, output) => listener?.output(cell, output),
    log,
  });
  try {
    const { Kernel } = await import('./kernel.ts');
    const history = new HistoryStore(historyFile(), log);
    history.warm(HISTORY_WARM);
    return await Kernel.start({
      connection,
      openSession: (events) => {
        listener = events;
        return typed;
      },
      history,
      completeness: async (code) => (await import('../src/session/rewrite/completeness.ts')).completeness(code),
      log,
    });
  } catch (error) {
    await typed.close();
    throw error;
  }
}

/** A kernel whose starter has vanished ends too. Clients that mean the kernel to outlive them do not set JPY_PARENT_PID. */
function watchParent(vanished: () => void): void {
  if (!process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !lives(parent)) vanished();
  }, PARENT_WATCH).unref();
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
