// Finds a Python that can make an environment, or says how to get one on this system. Changes nothing.

import { SetupProblem } from './problem.ts';
import { run } from './process.ts';

/** A command that starts a Python. */
export interface Python {
  readonly command: string;
  readonly args: readonly string[];
}

const CANDIDATES: readonly Python[] =
  process.platform === 'win32'
    ? [
        { command: 'py', args: ['-3'] },
        { command: 'python', args: [] },
      ]
    : [
        { command: 'python3', args: [] },
        { command: 'python', args: [] },
      ];

// Debian parts `venv` from Python; importing venv alone would not show it.
const PROBE = 'import sys, venv, ensurepip; print(sys.version_info >= (3, 10), "%d.%d" % sys.version_info[:2])';

/** The first Python ≥ 3.10 on the path that has `venv`. Rejects with a `SetupProblem` that holds the command to get one. */
export async function findPython(): Promise<Python> {
  let reason = 'there is no Python on the path';
  for (const python of CANDIDATES) {
    const { code, stdout, stderr } = await run(python.command, [...python.args, '-c', PROBE]);
    const [enough, version] = stdout.trim().split(' ');
    if (code === 0 && enough === 'True') return python;
    if (code === 0) reason = `Python 3.10 or newer is needed, ${python.command} is ${version}`;
    else if (/No module named '?(venv|ensurepip)/.test(stderr)) {
      reason = `${python.command} lacks its module venv`;
      if (process.platform === 'linux')
        throw new SetupProblem(`${reason}: sudo apt install python3-venv, or the like of your system`);
    }
  }
  throw new SetupProblem(`${reason}: ${MEND[process.platform] ?? MEND.linux}`);
}

const MEND: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'brew install python',
  win32: 'winget install Python.Python.3.13',
  linux:
    'sudo apt install python3 python3-venv (Debian, Ubuntu), sudo dnf install python3 (Fedora) or sudo pacman -S python (Arch)',
};
