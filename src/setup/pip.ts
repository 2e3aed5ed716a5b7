// Downloads wheels with pip, for a Python of our choice whatever Python runs it. pip brings its own settings: index, proxy,
// certificates, and the check of what the index says a file's sum is.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupProblem } from './problem.ts';
import { type Finished, run } from './process.ts';

/** A command that runs pip. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  /** Such as `23.2.1`. */
  readonly version: string;
}

/** The Python that the wheels are for: only their libraries are of use, so it need not be here. */
const PYTHON_TAG = '313';

/**
 * The first pip of 19.2 (2019) or newer: of the Python on the path, of an environment that this Python makes in `folder`, or of one that `uv` makes
 * there. Rejects with a `SetupProblem` when there is none.
 */
export async function findPip(folder: string): Promise<Pip> {
  const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];
  for (const command of names) {
    const pip = await tryPip(command);
    if (pip) return pip;
  }
  // Debian parts pip from Python, and uv's users may have neither.
  const made = join(folder, 'environment');
  const own = process.platform === 'win32' ? join(made, 'Scripts', 'python.exe') : join(made, 'bin', 'python');
  for (const [command, ...args] of [
    ...names.map((name) => [name, '-m', 'venv', made]),
    ['uv', 'venv', '--seed', made],
  ]) {
    const { code } = await run(command!, args);
    const pip = code === 0 ? await tryPip(own) : undefined;
    if (pip) return pip;
  }
  const mend: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'brew install python',
    win32: 'winget install astral-sh.uv',
  };
  throw new SetupProblem(
    `a Python with pip 19.2 or newer, or uv, is needed to download and there is none on the path: ${mend[process.platform] ?? 'sudo apt install python3-pip (Debian, Ubuntu) or the like of your system, or get uv from https://docs.astral.sh/uv'}`,
  );
}

async function tryPip(command: string): Promise<Pip | undefined> {
  const args = ['-m', 'pip'];
  const { code, stdout } = await run(command, [...args, '--version']);
  const version = /^pip (\d[\w.]*)/.exec(stdout)?.[1];
  // Older ones hold the wheel's demands on Python against the Python that runs them.
  return code === 0 && version && isAtLeast(version, 19, 2) ? { command, args, version } : undefined;
}

/**
 * Downloads the one wheel that `requirement` names into `folder` and returns its path. Whole or not at all: pip works in `work`, on the
 * same disk. `onBytes` is told how much has come.
 */
export async function downloadWheel(
  pip: Pip,
  requirement: string,
  platforms: readonly string[],
  { folder, work, onBytes }: { folder: string; work: string; onBytes?: (count: number) => void },
): Promise<string> {
  const temporary = join(work, 'pip');
  const ready = join(work, 'ready');
  for (const each of [temporary, ready, folder]) await mkdir(each, { recursive: true });
  const timer = onBytes && setInterval(() => onBytes(largestFile(temporary)), 250);
  try {
    let done: Finished | undefined;
    for (const tags of platformSets(pip, platforms)) {
      done = await run(pip.command, downloadArguments(pip, requirement, tags, ready), { env: environment(temporary) });
      if (done.code === 0) break;
      if (done.code === null) throw new SetupProblem('the download was interrupted; nothing half is left');
    }
    if (done?.code !== 0)
      throw new Error(done?.stderr.trim() || done?.stdout.trim() || `pip could not download ${requirement}`);
    const [name] = readdirSync(ready).filter((file) => file.endsWith('.whl'));
    if (!name) throw new Error(`pip downloaded no wheel for ${requirement}`);
    await rename(join(ready, name), join(folder, name));
    return join(folder, name);
  } finally {
    clearInterval(timer);
  }
}

/** Before 20.3 the last platform named was the only one; later ones take several. */
function platformSets({ version }: Pip, platforms: readonly string[]): (readonly string[])[] {
  return isAtLeast(version, 20, 3) ? [platforms] : platforms.map((tag) => [tag]);
}

function isAtLeast(version: string, wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

// The tag is written without a dot, which all versions of pip understand; old ones take this Python's ABI unless told another.
function downloadArguments({ args }: Pip, requirement: string, platforms: readonly string[], folder: string): string[] {
  const fixed = ['--implementation', 'cp', '--python-version', PYTHON_TAG, '--abi', `cp${PYTHON_TAG}`];
  const quiet = ['--disable-pip-version-check', '--no-cache-dir', '--progress-bar', 'off'];
  const tags = platforms.flatMap((tag) => ['--platform', tag]);
  return [
    ...args,
    'download',
    ...quiet,
    '--no-deps',
    '--only-binary=:all:',
    ...fixed,
    ...tags,
    '--dest',
    folder,
    requirement,
  ];
}

/** pip's temporary files go where they can be counted and thrown away. */
function environment(temporary: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_NO_INPUT: '1',
  };
}

function largestFile(folder: string): number {
  if (!existsSync(folder)) return 0;
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0,
  );
  return Math.max(0, ...sizes);
}
