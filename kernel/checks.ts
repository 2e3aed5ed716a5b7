// What `tensorcell doctor` finds on the Jupyter side: ZeroMQ, the kernelspec, Python and its Jupyter.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Check, checkLoads, packageVersion, REINSTALL } from '../src/doctor.ts';
import { LAB_VERSION, ownLab } from '../src/jupyter/own.ts';
import { COMMAND, installedSpecs } from './install.ts';

/** All findings. */
export async function kernelChecks(): Promise<Check[]> {
  let zeromq: unknown;
  try {
    zeromq = await import('zeromq');
  } catch (error) {
    zeromq = error;
  }
  const load = () => {
    if (zeromq instanceof Error) throw zeromq;
  };
  return [checkLoads('zeromq', load, packageVersion('zeromq'), REINSTALL), checkSpec(), ...(await checkPython())];
}

function checkSpec(): Check {
  const name = 'kernelspec';
  const [spec] = installedSpecs();
  if (!spec) return { name, status: 'missing', detail: 'Jupyter does not know the kernel', fix: 'tensorcell install' };
  const [node, command] = spec.argv;
  if (!node || !existsSync(node) || !command || !existsSync(command)) {
    const detail = `${spec.folder} starts ${spec.argv.slice(0, 2).join(' ')}, which is not there`;
    return { name, status: 'problem', detail, fix: 'tensorcell install' };
  }
  if (command !== COMMAND) {
    const detail = `${spec.folder} starts another copy, ${command}`;
    return { name, status: 'problem', detail, fix: 'tensorcell install, or run the doctor of that copy' };
  }
  return { name, status: 'ok', detail: `${spec.folder}, starts ${node}` };
}

async function checkPython(): Promise<Check[]> {
  const python = await words(process.platform === 'win32' ? 'python' : 'python3', ['--version']);
  const jupyter = await words('jupyter', ['--version']);
  const lab = jupyter && /jupyterlab\s*:\s*(\S+)/.exec(jupyter)?.[1];
  const own = ownLab();
  return [
    python
      ? { name: 'python', status: 'ok', detail: python.replace('Python ', '') }
      : {
          name: 'python',
          status: 'missing',
          detail: 'not found; only Jupyter needs it',
          fix: 'install Python 3.10 or newer',
        },
    lab && lab !== 'not'
      ? { name: 'jupyterlab', status: 'ok', detail: lab }
      : own
        ? { name: 'jupyterlab', status: 'ok', detail: `${LAB_VERSION}, Tensorcell’s own (${own})` }
        : { name: 'jupyterlab', status: 'missing', detail: 'not found', fix: 'tensorcell lab, which gets it' },
  ];
}

/** What a program says, or undefined when there is none or it fails. */
async function words(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(command, [...args], { timeout: 20_000 })).stdout.trim();
  } catch {
    // One that is absent, can't run or hangs: the answer is the same, it is not of use here.
    return undefined;
  }
}
