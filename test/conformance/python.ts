// Runs Python programs of the outside suites against the built kernel, installed in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Python that has Jupyter's clients, or undefined; the reason is on stderr. */
async function findPython(): Promise<string | undefined> {
  // Outside the compiled tree, so by URL.
  const { testPython } = (await import(new URL('scripts/python.js', ROOT).href)) as {
    testPython(): Promise<string | undefined>;
  };
  return testPython();
}

export class JupyterRig {
  readonly #python: string;
  readonly #env: NodeJS.ProcessEnv;
  /** A folder of this rig, for notebooks. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tc-'));

  private constructor(python: string) {
    this.#python = python;
    this.#env = {
      ...process.env,
      JUPYTER_PATH: join(this.folder, 'share', 'jupyter'),
      JUPYTER_DATA_DIR: join(this.folder, 'data'),
      JUPYTER_CONFIG_DIR: join(this.folder, 'config'),
      JUPYTER_RUNTIME_DIR: join(this.folder, 'runtime'),
    };
  }

  /** Installs the kernel for this rig; undefined without a Python. */
  static async make(): Promise<JupyterRig | undefined> {
    const python = await findPython();
    if (!python) return undefined;
    const rig = new JupyterRig(python);
    const command = fileURLToPath(new URL('bin/tensorcell.js', ROOT));
    const { code, stderr } = await rig.#run(process.execPath, [command, 'install', '--prefix', rig.folder]);
    if (code !== 0) throw new Error(`install ended with ${code}: ${stderr}`);
    return rig;
  }

  /** Runs a program of this folder of the sources. */
  script(name: string, ...args: string[]): Promise<Finished> {
    return this.#run(this.#python, [fileURLToPath(new URL(`test/conformance/${name}`, ROOT)), ...args]);
  }

  /** `python -m module …`. */
  module(...args: string[]): Promise<Finished> {
    return this.#run(this.#python, ['-m', ...args]);
  }

  #run(command: string, args: string[]): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { env: this.#env, cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
}
