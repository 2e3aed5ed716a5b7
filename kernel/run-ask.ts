// A question of a cell to the person at the terminal.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { InputRequestContent } from './messages.ts';

/**
 * Reads a line; a password is not echoed. Ctrl-D answers with nothing. Ctrl-C is this process's SIGINT, which interrupts the cell,
 * and rejects.
 */
export async function askPerson({ prompt, password }: InputRequestContent): Promise<string> {
  process.stdout.write(prompt);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: password ? mute : process.stdout, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      const interrupt = () => {
        reject(new Error('interrupted'));
        process.kill(process.pid, 'SIGINT');
      };
      lines.on('SIGINT', interrupt);
      lines.once('close', () => {
        process.stdout.write('\n');
        resolve('');
      });
      // The prompt again, since the editor redraws its line from the start.
      lines.question(password ? '' : prompt, resolve);
      if (password) lines.on('line', () => process.stdout.write('\n'));
    });
  } finally {
    lines.removeAllListeners('close');
    lines.close();
  }
}
