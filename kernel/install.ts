// `tensorcell install` and `uninstall`: puts the kernelspec where Jupyter finds it, and takes it away again.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { activePrefix, dataFolders, prefixDataFolder, userDataFolder } from './jupyter-paths.ts';

const NAME = 'tensorcell';
const TEMPLATE = fileURLToPath(new URL('../../kernelspec/', import.meta.url));
/** What the kernelspec starts: this package's command. */
export const COMMAND = fileURLToPath(new URL('../../bin/tensorcell.js', import.meta.url));
const FILES = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'];

/** The parts of a kernel.json that are looked at. */
export interface InstalledSpec {
  readonly folder: string;
  readonly argv: readonly string[];
}

/** A wish that can't be met; the message is one line. `usage`: it was badly asked. */
class InstallError extends Error {
  readonly usage: boolean;
  constructor(message: string, usage = false) {
    super(message);
    this.usage = usage;
  }
}

/** `tensorcell install [--user | --sys-prefix | --prefix DIR]`. `say` gets what is good to know. Returns the exit code. */
export function install(args: readonly string[], say: (line: string) => void = console.log): Promise<number> {
  return command('install', args, async (folder) => {
    const spec = JSON.parse(await readFile(join(TEMPLATE, 'kernel.json'), 'utf8')) as { argv: string[] };
    const argv = [stableNode(), COMMAND, ...spec.argv.slice(2)];
    const made = await mkdir(folder, { recursive: true });
    // Last and at once: a kernelspec is there as soon as its kernel.json is.
    const files = [...FILES, 'kernel.json'];
    try {
      for (const file of FILES) await copyFile(join(TEMPLATE, file), join(folder, `${file}.new`));
      await writeFile(join(folder, 'kernel.json.new'), `${JSON.stringify({ ...spec, argv }, null, 2)}\n`);
      for (const file of files) await rename(join(folder, `${file}.new`), join(folder, file));
    } catch (error) {
      // A full disk must not leave half a kernelspec; one that was there before stays as it was.
      for (const path of made ? [made] : files.map((file) => join(folder, `${file}.new`)))
        await rm(path, { recursive: true, force: true });
      throw error;
    }
    say(`Installed the kernel "${NAME}" in ${folder}`);
    if (COMMAND.includes(`${sep}_npx${sep}`))
      say('It starts a copy in the npx cache: install the package itself (npm install -g tensorcell) to keep it.');
  });
}

/** `tensorcell uninstall [--user | --sys-prefix | --prefix DIR]`. Returns the exit code. */
export function uninstall(args: readonly string[]): Promise<number> {
  return command('uninstall', args, async (folder) => {
    if (!existsSync(folder)) return console.log(`No kernel "${NAME}" in ${folder}`);
    await rm(folder, { recursive: true });
    const data = dirname(dirname(folder));
    const share = dirname(data);
    await removeEmpty(dirname(folder), data, ...(basename(share) === 'share' ? [share] : []));
    console.log(`Removed the kernel "${NAME}" from ${folder}`);
  });
}

/** The kernelspecs named `tensorcell` on Jupyter's paths; the first is the one that Jupyter takes. */
export function installedSpecs(): InstalledSpec[] {
  return dataFolders().flatMap((data) => {
    const folder = join(data, 'kernels', NAME);
    const argv = readArgv(folder);
    return argv ? [{ folder, argv }] : [];
  });
}

async function command(verb: string, args: readonly string[], act: (folder: string) => Promise<void>): Promise<number> {
  let folder = '';
  try {
    folder = join(await dataFolder(args), 'kernels', NAME);
    const argv = existsSync(folder) ? readArgv(folder) : undefined;
    if (argv && !argv.some((arg) => arg.endsWith('tensorcell.js')))
      throw new InstallError(
        `${folder} is another kernel's (it starts ${argv[0]}): remove that one first: jupyter kernelspec remove ${NAME}`,
      );
    await act(folder);
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const refusal = `${folder} is not writable; try tensorcell ${verb} --user, or --prefix DIR with a folder of yours`;
    console.error(`tensorcell ${verb}: ${denied ? refusal : message}`);
    const usage = error instanceof InstallError ? error.usage : code?.startsWith('ERR_PARSE_ARGS');
    return usage ? 2 : 1;
  }
}

/** Removes folders, the innermost first, as long as they are empty: an install may have made them on its way. */
async function removeEmpty(...folders: string[]): Promise<void> {
  try {
    for (const folder of folders) await rmdir(folder);
  } catch (error) {
    // Others' files are there (systems differ in the code for that), or the folder around is not ours to change.
    const { code } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY', 'EROFS'].includes(code ?? '')) throw error;
  }
}

async function dataFolder(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { user: { type: 'boolean' }, 'sys-prefix': { type: 'boolean' }, prefix: { type: 'string' } },
  });
  if (Object.keys(values).length > 1)
    throw new InstallError('takes one of --user, --sys-prefix and --prefix DIR, not more', true);
  if (values.prefix !== undefined) return prefixDataFolder(resolve(values.prefix));
  return values['sys-prefix'] ? prefixDataFolder(await sysPrefix()) : userDataFolder();
}

/** What Python calls sys.prefix: of the active environment, else of the Python on the path. */
async function sysPrefix(): Promise<string> {
  const active = activePrefix();
  if (active) return active;
  try {
    const { stdout } = await promisify(execFile)(process.platform === 'win32' ? 'python' : 'python3', [
      '-c',
      'import sys; print(sys.prefix)',
    ]);
    return stdout.trim();
  } catch (_cause) {
    throw new InstallError('--sys-prefix: there is no Python on the path; use --user or --prefix DIR', false);
  }
}

function readArgv(folder: string): string[] | undefined {
  const file = join(folder, 'kernel.json');
  if (!existsSync(file)) return undefined;
  try {
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv?: unknown };
    return Array.isArray(argv) ? argv.map(String) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * A path of the running Node that survives its upgrade: Homebrew and others keep the version in the real path and a link on PATH.
 * The links that fnm makes last as long as a shell, so temporary folders are passed over.
 */
function stableNode(): string {
  const here = realpathSync(process.execPath);
  const temporary = [tmpdir() + sep, `${sep}run${sep}`, 'fnm_multishells', 'node_modules'];
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = resolve(folder, name);
    if (folder === '' || !existsSync(candidate) || realpathSync(candidate) !== here) continue;
    if (!temporary.some((part) => candidate.includes(part))) return candidate;
  }
  return process.execPath;
}
