// Runs Python programs of the outside suites against the built kernel, installed in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);
/** The built command. */
export const COMMAND = fileURLToPath(new URL('bin/tensorcell.js', ROOT));

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
  /** The Python that has Jupyter's clients. */
  readonly python: string;
  /** In which Jupyter finds the kernel and nothing of the person's own. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder of this rig, for notebooks. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tc-'));

  private constructor(python: string) {
    this.python = python;
    this.env = {
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
    const { code, stderr } = await rig.run(process.execPath, [COMMAND, 'install', '--prefix', rig.folder]);
    if (code !== 0) throw new Error(`install ended with ${code}: ${stderr}`);
    return rig;
  }

  /** Writes a notebook of code cells, each its source or its source and tags, into the folder; returns its path. */
  notebook(name: string, cells: readonly (string | { source: string; tags: string[] })[]): string {
    const code = cells.map((cell, i) => {
      const { source, tags } = typeof cell === 'string' ? { source: cell, tags: [] } : cell;
      return { cell_type: 'code', id: `cell-${i}`, metadata: { tags }, source, outputs: [], execution_count: null };
    });
    const kernelspec = { name: 'tensorcell', display_name: 'TypeScript (Tensorcell)', language: 'typescript' };
    const path = join(this.folder, name);
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells: code }));
    return path;
  }

  /** Runs a program of this folder of the sources. */
  script(name: string, ...args: string[]): Promise<Finished> {
    return this.run(this.python, [fileURLToPath(new URL(`test/conformance/${name}`, ROOT)), ...args]);
  }

  /** `python -m module …`. */
  module(...args: string[]): Promise<Finished> {
    return this.run(this.python, ['-m', ...args]);
  }

  /** Runs any program in the rig's folder and environment. */
  run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        env: { ...this.env, ...env },
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
}
