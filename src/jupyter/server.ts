// Runs a JupyterLab until it ends or the person ends it. What it logs is passed on only when it is a warning or worse.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SetupProblem } from '../setup/problem.ts';

export interface LabProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** How it is called to a person. */
  readonly title: string;
  /** Further variables of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface LabOptions {
  readonly folder: string;
  /** Whether to open a browser. */
  readonly browser: boolean;
  readonly port: number | undefined;
  /** Further arguments for `jupyter lab`. */
  readonly more: readonly string[];
}

/** Resolves to the exit code: 0 when the person ended it. Rejects with a `SetupProblem` when it never came up. */
export async function serveLab(program: LabProgram, options: LabOptions): Promise<number> {
  const child = spawn(program.command, [...program.args, ...labArguments(options)], {
    cwd: options.folder,
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C reaches this process alone, which then ends JupyterLab and its kernels in order.
    detached: process.platform !== 'win32',
  });
  const ending = endOnSignal(child);
  let address: string | undefined;
  let last = '';
  let passing = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const level = /^\[([A-Z]) /.exec(line)?.[1];
    const found = /https?:\/\/\S+\/lab\S*/.exec(line)?.[0];
    if (!address && found) {
      address = found;
      console.log(`${program.title} in ${options.folder}\n\n  ${address}\n\nCtrl-C ends it.`);
    }
    if (level) passing = (level === 'W' || level === 'E') && !QUIET.test(line);
    if (passing) console.error(line);
    if (line.trim() !== '') last = line.trim();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new SetupProblem(`${program.command}: ${error.message}`, { cause: error })));
    child.once('close', resolve);
  }).finally(ending.forget);
  if (ending.asked()) return 0;
  if (!address) throw new SetupProblem(`JupyterLab ended with ${code} before it was up: ${last}`);
  return code ?? 1;
}

// What JupyterLab warns of in every start, or when a page is closed; of no use to a person.
const QUIET = /is not trusted|wrote error|Could not determine npm|extension.*(not found|deprecated)|StaleClient/i;

function labArguments({ folder, browser, port, more }: LabOptions): string[] {
  return [
    `--ServerApp.root_dir=${folder}`,
    '--MultiKernelManager.default_kernel_name=tensorcell',
    ...(port === undefined ? [] : [`--ServerApp.port=${port}`]),
    ...(browser ? [] : ['--no-browser']),
    // Jupyter refuses root unless told; in containers that is who one is. It listens to this machine only, behind a token.
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...more,
  ];
}

/** Ctrl-C, and the other ways to end this process, end the child in order; a second one at once. */
function endOnSignal(child: ChildProcess): { asked(): boolean; forget(): void } {
  let times = 0;
  const end = () => {
    times++;
    if (times === 1) child.kill('SIGTERM');
    else if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  return {
    asked: () => times > 0,
    forget: () => {
      for (const signal of signals) process.off(signal, end);
    },
  };
}
