// The project packed by npm, and what installs and runs the tarball: everything in one folder of this test, nothing in the person's own.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs as the user `nobody`; only root can. */
  readonly nobody?: boolean;
}

/** What `npm pack --json` says of a tarball. */
export interface Packed {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly string[];
}

/** A fresh folder that other users may read. */
export const work = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
chmodSync(work, 0o755);

/** The home of a person who has nothing yet. */
export const home = join(work, 'home');
mkdirSync(home);

/** An environment in which nothing of the person's own is found or touched, but for npm's cache. */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      // npm hands its own settings to what it runs: this folder's must not rule the installs elsewhere.
      ([name]) => !/^(npm_|JUPYTER_|XDG_|TENSORCELL_|NODE_OPTIONS|NODE_TEST|VIRTUAL_ENV|CONDA_PREFIX)/i.test(name),
    ),
  ),
  HOME: home,
  USERPROFILE: home,
  // It comes with use, and is the person's to keep or remove.
  TENSORCELL_HISTORY: 'off',
};

/** Runs a program to its end. */
export function call(command: string, args: readonly string[], options: CallOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? work,
      env: { ...environment, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      ...(options.nobody ? { uid: 65534, gid: 65534 } : {}),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const cache = (await call('npm', ['config', 'get', 'cache'], { env: { HOME: process.env.HOME } })).stdout.trim();

/** Runs npm with the person's own cache, quietly. */
export function npm(args: readonly string[], cwd: string): Promise<Finished> {
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--loglevel=error'];
  const env = { npm_config_cache: cache, npm_config_prefer_offline: 'true' };
  return call('npm', [...args, ...quiet], { cwd, env });
}

/** Packs a copy of the project, with another version number if one is given. The copy has no `dist`: npm has it built. */
export async function pack(version?: string): Promise<Packed> {
  const copy = mkdtempSync(join(work, 'source-'));
  const left = ['.git', 'build', 'dist', 'node_modules', 'notebooks'];
  const whole = readdirSync(ROOT).filter((file) => !left.includes(file));
  for (const file of whole) cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  mkdirSync(join(copy, 'notebooks'));
  for (const file of readdirSync(join(ROOT, 'notebooks')))
    if (file !== 'node_modules')
      cpSync(join(ROOT, 'notebooks', file), join(copy, 'notebooks', file), { recursive: true });
  for (const folder of ['.', 'notebooks'])
    symlinkSync(join(ROOT, folder, 'node_modules'), join(copy, folder, 'node_modules'));
  if (version) {
    const path = join(copy, 'package.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), version }));
  }
  const { code, stdout, stderr } = await npm(['pack', '--json', '--pack-destination', copy], copy);
  if (code !== 0) throw new Error(`npm pack ended with ${code}: ${stderr}`);
  // npm 12 names each tarball's package, earlier ones give a list.
  const [told] = Object.values(JSON.parse(stdout)) as [{ filename: string; size: number; files: { path: string }[] }];
  return { path: join(copy, told.filename), size: told.size, files: told.files.map(({ path }) => path) };
}

/** Every file below a folder with its size and time, to see whether anything changed. Dates of folders count, too. */
export async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const lines = entries.map(async (entry) => {
    const { size, mtimeMs } = await lstat(join(folder, entry));
    return `${entry} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(lines)).sort();
}
