// A kernel in a process of its own, with a real session behind it, and a client of it: what tests of whole processes work with.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CHANNELS, type Connection } from '../../kernel/connection.ts';
import { freshConnection, show, TestClient } from './harness.ts';

/** The built command. */
export const BIN = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));

/** Writes the connection as Jupyter does; returns the file. */
export function writeConnection({ transport, ip, key, ports }: Connection): string {
  const fields = Object.fromEntries(CHANNELS.map((channel) => [`${channel}_port`, ports[channel]]));
  const path = join(mkdtempSync(join(tmpdir(), 'tc-')), 'connection.json');
  writeFileSync(path, JSON.stringify({ transport, ip, key, signature_scheme: 'hmac-sha256', ...fields }));
  return path;
}

/** A running kernel; disposing ends it. */
export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly client: TestClient;
  readonly connection: Connection;
  readonly exited: Promise<number | null>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stderr?: 'inherit' | 'pipe';
  /** The Node that runs the kernel. */
  readonly node?: string;
  /** It leads a process group of its own, as under Jupyter. */
  readonly group?: boolean;
}

/** Starts a kernel process and a client that is subscribed. */
export async function startProcess(options: StartOptions = {}): Promise<Running> {
  const connection = freshConnection();
  const process_ = spawn(options.node ?? process.execPath, [BIN, 'kernel', writeConnection(connection)], {
    // Not in the project, whose tsconfig.json would be the cells'.
    cwd: tmpdir(),
    stdio: ['ignore', 'inherit', options.stderr ?? 'inherit'],
    env: { ...process.env, ...options.env },
    detached: options.group ?? false,
  });
  const exited = once(process_, 'exit').then(([code]) => code as number | null);
  const client = new TestClient(connection);
  await client.find(({ type }) => type === 'iopub_welcome', 'welcome');
  return {
    process: process_,
    client,
    connection,
    // The patience begins when it is asked.
    get exited() {
      return Promise.race([exited, tooLate()]);
    },
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      if (process_.exitCode === null && process_.signalCode === null) process_.kill('SIGKILL');
      await exited;
    },
  };
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes(String((error as NodeJS.ErrnoException).code))) return false;
    throw error;
  }
}

/** Settles when the process has ended. */
export async function gone(pid: number): Promise<void> {
  const end = Date.now() + 15_000;
  while (lives(pid)) {
    assert.ok(Date.now() < end, `process ${pid} is still there`);
    await delay(10);
  }
}

async function tooLate(): Promise<never> {
  await delay(20_000, undefined, { ref: false });
  throw new Error('the kernel has not ended');
}

/** The session's process id and that of a child which a cell started and left. */
export async function pids(client: TestClient): Promise<number[]> {
  const code =
    'import { spawn } from "node:child_process"; const kid = spawn("sleep", ["1000"]); `${process.pid},${kid.pid}`';
  const { iopub } = await client.finish(await client.execute(code));
  const result = iopub.find(({ type }) => type === 'execute_result');
  assert.ok(result, iopub.map(show).join());
  return (/(\d+),(\d+)/.exec(JSON.stringify(result.content)) ?? []).slice(1).map(Number);
}

/** The cell's value as text, or its error's name, or its status. */
export async function evaluate(client: TestClient, code: string): Promise<unknown> {
  const { reply, iopub } = await client.finish(await client.execute(code));
  const data = iopub.find(({ type }) => type === 'execute_result')?.content.data as Record<string, unknown> | undefined;
  return data?.['text/plain'] ?? reply.content.ename ?? reply.content.status;
}
