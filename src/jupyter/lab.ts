// `tensorcell lab`: chooses a JupyterLab (the machine's, else the private one), sees that it knows the kernel, and runs it.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { explain, SetupProblem } from '../setup/problem.ts';
import { type FoundLab, findLab, knownKernel } from './found.ts';
import { type KernelInstaller, LAB_VERSION, makeOwnLab } from './own.ts';
import { type LabProgram, serveLab } from './server.ts';

const HELP = `tensorcell lab [DIR] [options] [-- MORE…]
    open JupyterLab in DIR (default: here), with the kernel; Ctrl-C ends it

  --no-browser  only print the address
  --port N      the port, when it is free; default: 8888
  --private     Tensorcell's own JupyterLab ${LAB_VERSION}, even where another is installed
  --yes         install the kernel for the JupyterLab of this machine without asking
  -- MORE…      further options of jupyter lab`;

/** Returns the exit code, when JupyterLab has ended. */
export async function lab(args: readonly string[], kernel: KernelInstaller): Promise<number> {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  if (own.includes('--help') || own.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  try {
    const wish = readWish(own);
    const program = await choose(wish, kernel);
    return await serveLab(program, { ...wish, more: end < 0 ? [] : args.slice(end + 1) });
  } catch (error) {
    const usage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (!usage && !(error instanceof SetupProblem)) throw error;
    console.error(`tensorcell lab: ${(error as Error).message.split('\n')[0]}`);
    return usage ? 2 : 1;
  }
}

interface Wish {
  readonly folder: string;
  readonly browser: boolean;
  readonly port: number | undefined;
  readonly private: boolean;
  readonly yes: boolean;
}

function readWish(args: readonly string[]): Wish {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'no-browser': { type: 'boolean', default: false },
      port: { type: 'string' },
      private: { type: 'boolean', default: false },
      yes: { type: 'boolean', short: 'y', default: false },
    },
  });
  const [folder = '.', another] = positionals;
  if (another !== undefined) throw new SetupProblem(`takes one folder, not also ${another}`);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new SetupProblem(`${resolve(folder)} is not a folder`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new SetupProblem(`--port takes a number from 1 to 65535, not ${values.port}`);
  return { folder: resolve(folder), browser: !values['no-browser'], port, private: values.private, yes: values.yes };
}

async function choose(wish: Wish, kernel: KernelInstaller): Promise<LabProgram> {
  const found = wish.private ? undefined : await findLab();
  if (found && (await teach(found, wish.yes, kernel)))
    return { command: found.command, args: [], title: `JupyterLab ${found.version} (${found.command})`, env: {} };
  const python = await makeOwnLab(kernel);
  // Its own kernelspec, which is this copy's, before the person's, which may be another's.
  const env = { JUPYTER_PREFER_ENV_PATH: '1' };
  return { command: python, args: ['-m', 'jupyterlab'], title: `JupyterLab ${LAB_VERSION}`, env };
}

/** Sees that a JupyterLab knows the kernel; false when the person would rather not have it installed there. */
async function teach(found: FoundLab, yes: boolean, kernel: KernelInstaller): Promise<boolean> {
  const known = await ask(found);
  if (known) {
    if (known.argv[1] === kernel.command) return true;
    throw new SetupProblem(
      `${found.command} knows another kernel "tensorcell" (${known.folder}, starts ${known.argv[1]}): tensorcell install, or tensorcell lab --private`,
    );
  }
  if (!yes) {
    if (!process.stdin.isTTY)
      throw new SetupProblem(
        `${found.command} does not know the kernel: tensorcell install (or add --yes), or tensorcell lab --private`,
      );
    if (!(await agreed(`${found.command} does not know the kernel yet. Install it for your user? [Y/n] `)))
      return false;
  }
  if ((await kernel.install(['--user'])) !== 0) throw new SetupProblem('try tensorcell lab --private');
  if (await ask(found)) return true;
  throw new SetupProblem(
    `${found.command} looks for kernels elsewhere: tensorcell install --prefix its environment's folder, or tensorcell lab --private`,
  );
}

async function ask(found: FoundLab) {
  try {
    return await knownKernel(found);
  } catch (error) {
    throw new SetupProblem(
      `${found.command} can't say which kernels it knows (${(error as Error).message}): tensorcell lab --private`,
      { cause: error },
    );
  }
}

async function agreed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return !/^n/i.test(await lines.question(question));
  } catch (error) {
    // Ctrl-C or Ctrl-D.
    throw explain(error, '');
  } finally {
    lines.close();
  }
}
