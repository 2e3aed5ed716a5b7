import { spawn } from 'node:child_process';
import type { Magic } from '../session/parts.ts';

/** Runs a command of the system's shell in the notebook's folder; its output appears as it comes. */
export const shell: Magic = {
  name: '!',
  usage: '!command',
  summary: "Runs a command of the system's shell in the notebook's folder.",
  run({ args }, { folder }) {
    if (args.trim() === '') throw new SyntaxError('!: a command must follow');
    return new Promise<void>((resolve, reject) => {
      const child = spawn(args, { shell: true, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`!${args.trim()}: ended with ${signal ?? `exit code ${code}`}`));
      });
    });
  },
};
