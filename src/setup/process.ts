// Runs a program to its end and keeps what it said. No shell.
import { spawn } from 'node:child_process';

export interface Finished {
  /** Null when it could not be started or a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Called with each line of stdout. */
  readonly onLine?: (line: string) => void;
  /** This process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Never rejects: a program that can't be started is one with `code` null and the reason in `stderr`. */
export function run(command: string, args: readonly string[], { onLine, env }: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: env ?? process.env,
    });
    let [stdout, stderr, rest] = ['', '', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (onLine) lines.forEach(onLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
