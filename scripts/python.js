// The Python side of the tests: a virtual environment with Jupyter's own clients, kept under TENSORCELL_HOME and made once.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIREMENTS = [
  'jupyter_client==8.10.0',
  'pyzmq==27.3.0',
  'nbclient==0.11.0',
  'nbconvert==7.17.2',
  'jupyter_kernel_test==0.7.0',
  'psutil==7.2.2',
  'ipykernel==7.4.0',
];

/** Folder for what the project gets for itself: TENSORCELL_HOME, or `tensorcell` in the platform's user data folder. */
function home() {
  const { TENSORCELL_HOME, LOCALAPPDATA, XDG_DATA_HOME } = process.env;
  if (TENSORCELL_HOME) return TENSORCELL_HOME;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'tensorcell');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'tensorcell');
  return join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'tensorcell');
}

/**
 * The path of a Python that has the clients, made at the first call (20 s to a minute); undefined without Python 3.10 or network,
 * with the reason on stderr. Safe to call from several processes at once.
 */
export async function testPython() {
  const hash = createHash('sha256').update(REQUIREMENTS.join('\n')).digest('hex').slice(0, 12);
  // The name of a whole environment stands in this file: what was half made never gets there. (Renaming the environment itself
  // would break its scripts, which hold their own path.)
  const name = join(home(), `python-${hash}.txt`);
  if (existsSync(name)) {
    const python = await readFile(name, 'utf8');
    if (existsSync(python)) return python;
  }
  const folder = join(home(), `python-${hash}-${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(home(), { recursive: true });
    const python = await makeEnvironment(folder);
    await writeFile(`${folder}.txt`, python);
    await rename(`${folder}.txt`, name);
    return python;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    console.error(`no Python for the tests: ${error.message}`);
    return undefined;
  }
}

async function makeEnvironment(folder) {
  const base = process.platform === 'win32' ? 'python' : 'python3';
  await call(base, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed")']);
  await call(base, ['-m', 'venv', folder]);
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  await call(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]);
  return python;
}

/** Runs a program quietly; throws with its last words when it fails. */
function call(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      words = (words + text).slice(-2000);
    });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`, { cause: error })));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}: ${words.trim()}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await testPython()) ?? '');
