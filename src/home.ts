// Where Tensorcell keeps what it gets and remembers for a person.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** TENSORCELL_HOME, or `tensorcell` in the platform's folder of user data. The folder need not exist. */
export function tensorcellHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TENSORCELL_HOME) return env.TENSORCELL_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'tensorcell');
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'tensorcell');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'tensorcell');
}
