import { spawn } from 'node:child_process';
import type { Magic } from '../session/parts.ts';

/** Runs a command of the system's shell in the notebook's folder; its output appears as it comes. */
export const shell: Magic = {
  name: '!',
  usage: '!command',
  summary: "Runs a command of the system's shell in the notebook's folder.",
  run({ args }, { folder }) {
    if (args.trim() === '') throw new SyntaxError('!: a command must follow');
    return runChild(`!${args.trim()}`, args, [], { folder, shell: true });
  },
};

/** Runs the cell as a script of bash. */
export const bash: Magic = {
  name: 'bash',
  usage: '%%bash [argument…]',
  summary: "Runs the rest of the cell as a script of bash in the notebook's folder; $1, $2 are its arguments.",
  run({ kind, args, body = '' }, { folder }) {
    if (kind !== 'cell') throw new SyntaxError('%%bash: the first line of the cell must be %%bash');
    const words = args.split(/\s+/).filter((word) => word !== '');
    return runChild('%%bash', 'bash', ['-c', body, 'bash', ...words], { folder, shell: false });
  },
};

function runChild(
  name: string,
  command: string,
  args: readonly string[],
  { folder, shell }: { folder: string; shell: boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { shell, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? `there is no ${command} on the PATH` : error.message;
      reject(new Error(`${name}: ${reason}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name}: ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
