// `tensorcell setup --papermill`: tells the papermill of this machine how parameters are written in TypeScript.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupProblem } from '../setup/problem.ts';
import { run } from '../setup/process.ts';

/** The Python package that does it. */
const PACKAGE = fileURLToPath(new URL('../../../python', import.meta.url));

/** Installs the translator beside the first papermill on the path; returns the Python that has them. Rejects with a `SetupProblem`. */
export async function teachPapermill(): Promise<string> {
  const python = await findPapermill();
  if (!python)
    throw new SetupProblem(
      'there is no papermill on the path: pip install papermill, then again; or use tensorcell run, which needs none',
    );
  // What papermill itself needs is there already.
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', PACKAGE];
  const { code, stderr } = await run(python, args);
  if (code === 0) return python;
  const reason = stderr.trim().split('\n').at(-1) || 'pip failed';
  throw new SetupProblem(`${python} could not install ${PACKAGE}: ${reason}`);
}

/** The Python whose papermill a person means: that of the command `papermill`, else of `python3` or `python`. */
async function findPapermill(): Promise<string | undefined> {
  for (const python of [...scriptPythons(), 'python3', 'python']) {
    const { code, stdout } = await run(python, ['-c', 'import papermill, sys; print(sys.executable)']);
    if (code === 0) return stdout.trim();
  }
  return undefined;
}

/** The Pythons that the scripts `papermill` on the path start: pip writes them into the first line. */
function scriptPythons(): string[] {
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => {
    const script = join(folder, 'papermill');
    if (folder === '' || !existsSync(script)) return [];
    return /^#!\s*(\/\S*python\S*)/.exec(readFileSync(script, 'utf8'))?.slice(1) ?? [];
  });
}
