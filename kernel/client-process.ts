// A kernel as a child process: its connection file, its end noticed, nothing of it left behind. Speaks no message.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { curveKeyPair } from 'zeromq';
import type { KernelSpec } from './client-specs.ts';
import { type Connection, checkConnection } from './connection.ts';

export interface LaunchOptions {
  /** The kernel's working folder. Default: this process's. */
  readonly cwd?: string;
  /** Added to this process's environment and the kernelspec's. */
  readonly env?: Readonly<Record<string, string>>;
  /** `ipc` sockets lie in a folder that only this user can open, and take no ports. Default: `ipc` for our own kernel, else `tcp`. */
  readonly transport?: 'tcp' | 'ipc';
  /** Encrypts all five sockets with CURVE. Default false. */
  readonly encrypted?: boolean;
}

/** Characters of the kernel's own output that are kept for the message about its end. */
const TAIL = 4000;

/** A running kernel. Dispose kills it and removes its files; a kernel that ended by itself is disposed of all the same. */
export class KernelProcess implements Disposable {
  /** Settles when the process has ended, with one line that says how; its last words on stderr follow. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #dispose: () => void;
  #tail = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#tail = (this.#tail + text).slice(-TAIL);
      });
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => resolve(`could not be started: ${error.message}`));
      // `close` and not `exit`: the last words are read by then. A grandchild that keeps the pipes open must not hide the end.
      child.on('close', (code, signal) => resolve(this.#describe(code, signal)));
      child.on('exit', (code, signal) => setTimeout(() => resolve(this.#describe(code, signal)), 200).unref());
    });
    const remove = () => rmSync(folder, { recursive: true, force: true });
    this.#dispose = () => {
      process.removeListener('exit', this.#dispose);
      this.signal('SIGKILL');
      remove();
    };
    // However this process ends, short of a SIGKILL, no kernel and no file stays.
    process.on('exit', this.#dispose);
  }

  /** Starts the kernel and returns at once, before it listens. */
  static async launch(
    spec: KernelSpec,
    options: LaunchOptions = {},
  ): Promise<{ process: KernelProcess; connection: Connection }> {
    const folder = await mkdtemp(join(tmpdir(), 'tensorcell-'));
    const file = join(folder, 'kernel.json');
    const fields = await makeFields(folder, { transport: defaultTransport(spec, folder), ...options });
    await writeFile(file, JSON.stringify(fields), { mode: 0o600 });
    const place: Record<string, string> = { '{connection_file}': file, '{resource_dir}': spec.folder };
    const [command, ...args] = spec.argv.map((arg) =>
      arg.replace(/\{connection_file\}|\{resource_dir\}/g, (name) => place[name]!),
    );
    const child = spawn(command!, args, {
      cwd: options.cwd,
      // The name by which Jupyter tells a kernel whom not to outlive.
      env: { ...process.env, ...spec.env, JPY_PARENT_PID: String(process.pid), ...options.env },
      // Its own group: a Ctrl-C in the terminal is for the client, which decides what to interrupt.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { process: new KernelProcess(child, folder), connection: checkConnection({ ...fields }, file) };
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What the kernel itself wrote to stdout and stderr, the last 4,000 characters. */
  get tail(): string {
    return this.#tail;
  }

  /** Signals the kernel and what it started. A kernel that has ended is left alone. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch (error) {
      // ESRCH: the whole group is gone already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#dispose();
  }

  #describe(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const words = this.#tail.trim();
    return words === '' ? how : `${how}\n${words}`;
  }
}

function defaultTransport(spec: KernelSpec, folder: string): 'tcp' | 'ipc' {
  // Not every kernel speaks ipc; Windows has no use for it; and a Unix socket's path has at most 103 bytes (macOS).
  const short = Buffer.byteLength(folder) < 90 && process.platform !== 'win32';
  return spec.name === 'tensorcell' && short ? 'ipc' : 'tcp';
}

async function makeFields(folder: string, { transport = 'tcp', encrypted = false }: LaunchOptions): Promise<object> {
  const ports = transport === 'tcp' ? await freePorts(5) : [1, 2, 3, 4, 5];
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const ip = transport === 'tcp' ? '127.0.0.1' : join(folder, 'ipc');
  const signing = { key: randomUUID(), signature_scheme: 'hmac-sha256' };
  const { publicKey, secretKey } = curveKeyPair();
  const curve = encrypted ? { curve_publickey: publicKey, curve_secretkey: secretKey } : {};
  return { transport, ip, shell_port, iopub_port, stdin_port, control_port, hb_port, ...signing, ...curve };
}

/** Ports that are free now, all held at once so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      return new Promise<Server>((resolve, reject) => {
        const server = createServer();
        server.on('error', reject).listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
