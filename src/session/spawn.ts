// Starts a session process. A file of its own, so that a kernel can do it before it has loaded anything else.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../host.js', import.meta.url));

/** Without the first, an interrupt inside a timer aborts Node 20, 22 and 24; the second keeps warnings about hooks out of cells. */
const NODE_FLAGS = ['--no-force-async-hooks-checks', '--disable-warning=ExperimentalWarning'];

/** The variable that tells a session process its markers' nonce; the process removes it. */
export const NONCE_VARIABLE = 'TENSORCELL_SESSION';

/** A session process that nobody listens to yet. It ends by itself when its starter is gone. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly nonce: string;
}

/** `folder`: the working directory of cells. A process that can't be started says so by the child's `error` event. */
export function spawnSession(folder: string): Spawned {
  // No secret, since a cell could read it: no output must hold it by chance. `node:crypto` would cost 1.5 ms of a start.
  const nonce = `${Date.now()}${Math.random()}`.replace('.', '');
  const child = spawn(process.execPath, [...NODE_FLAGS, PROGRAM], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, [NONCE_VARIABLE]: nonce },
  });
  return { child, nonce };
}
