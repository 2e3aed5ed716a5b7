// A question of a cell to the person at the terminal.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { InputRequest } from '../session/types.ts';

/**
 * Reads a line; a password is not echoed. Ctrl-D answers with nothing. Ctrl-C is this process's SIGINT, which interrupts the cell,
 * and rejects.
 */
export async function askPerson({ prompt, password }: InputRequest): Promise<string> {
  process.stdout.write(prompt);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: password ? mute : process.stdout, terminal: true });
  let left = () => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      const interrupt = () => {
        reject(new Error('interrupted'));
        process.kill(process.pid, 'SIGINT');
      };
      lines.on('SIGINT', interrupt);
      left = () => {
        process.stdout.write('\n');
        resolve('');
      };
      lines.once('close', left);
      // The prompt again, since the editor redraws its line from the start.
      lines.question(password ? '' : prompt, resolve);
      if (password) lines.on('line', () => process.stdout.write('\n'));
    });
  } finally {
    // Only this one: the editor takes its own listeners off the keyboard when it closes.
    lines.removeListener('close', left);
    lines.close();
  }
}
