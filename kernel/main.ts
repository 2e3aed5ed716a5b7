// The kernel process: `tensorcell kernel CONNECTION_FILE`. Kept to what a start needs; the rest is imported when it is asked for.
import { SessionClient } from '../src/session/client.ts';
import { ConnectionError, readConnection } from './connection.ts';
import { Kernel } from './kernel.ts';

/** How often to look whether the program that started the kernel is still there, ms. */
const PARENT_WATCH = 1000;

/** Runs a kernel to its end. Returns the exit code: 2 for a connection file that can't be used. */
export async function run([file, ...rest]: readonly string[]): Promise<number> {
  if (file === undefined || rest.length > 0) {
    console.error('tensorcell kernel: takes one connection file');
    return 2;
  }
  let kernel: Kernel;
  try {
    kernel = await Kernel.start({
      connection: readConnection(file),
      openSession: (events) => new SessionClient({ folder: process.cwd(), events }),
      completeness: async (code) => (await import('../src/session/completeness.ts')).completeness(code),
      log: (line) => void process.stderr.write(`tensorcell: ${line}\n`),
    });
  } catch (error) {
    console.error(`tensorcell kernel: ${(error as Error).message}`);
    return error instanceof ConnectionError ? 2 : 1;
  }
  process.on('SIGINT', () => kernel.interrupt());
  process.on('SIGTERM', () => void kernel.close());
  watchParent(() => void kernel.close());
  await kernel.ended;
  return 0;
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
