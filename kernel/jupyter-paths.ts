// Where Jupyter looks for kernelspecs: `jupyter --paths`, data part, without a Python to ask.
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The person's own data folder. */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/** Prefix of the Python environment that is active in the shell. */
export function activePrefix(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.VIRTUAL_ENV || env.CONDA_PREFIX || undefined;
}

/** The data folder of a Python environment or of `--prefix`. */
export function prefixDataFolder(prefix: string): string {
  return join(prefix, 'share', 'jupyter');
}

/** All data folders in Jupyter's order: those asked for, the person's, the active environment's, the machine's. */
export function dataFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const prefix = activePrefix(env);
  return [
    ...(env.JUPYTER_PATH?.split(delimiter).filter((folder) => folder !== '') ?? []),
    userDataFolder(env),
    ...(prefix ? [prefixDataFolder(prefix)] : []),
    ...(process.platform === 'win32'
      ? [join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'jupyter')]
      : ['/usr/local/share/jupyter', '/usr/share/jupyter']),
  ];
}

/** Where running kernels leave their connection files. */
export function runtimeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.JUPYTER_RUNTIME_DIR || join(userDataFolder(env), 'runtime');
}
