// Who is measured: our kernel and, where a Python is, ipykernel; each with the same cells in its language.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type KernelSpec, ownKernel } from '../kernel/client-specs.ts';

export interface Contestant {
  readonly name: string;
  readonly spec: KernelSpec;
  /** Prints that many short lines, one call a line. */
  readonly printLines: (count: number) => string;
  /** Prints that many characters at once. */
  readonly printBig: (characters: number) => string;
  /** Defines a variable and a function of a new name, as cells of a notebook do. */
  readonly define: (index: number) => string;
}

export const ours: Contestant = {
  name: 'tensorcell',
  spec: ownKernel(),
  printLines: (count) => `for (let i = 0; i < ${count}; i++) console.log("line " + i)`,
  printBig: (characters) => `console.log("x".repeat(${characters}))`,
  define: (i) => `const value${i}: number = ${i};\nfunction f${i}(a: number) { return a + value${i}; }\nf${i}(1)`,
};

/** ipykernel of the Python that the tests use; undefined, with the reason on stderr, where none can be had. */
export async function ipykernel(): Promise<Contestant | undefined> {
  // Outside the compiled tree, so by URL.
  const { testPython } = (await import(new URL('../../scripts/python.js', import.meta.url).href)) as {
    testPython(): Promise<string | undefined>;
  };
  const python = await testPython();
  if (!python) return undefined;
  const asked = ['-c', 'import ipykernel; print(ipykernel.__version__)'];
  const { stdout } = await promisify(execFile)(python, asked);
  return {
    name: `ipykernel ${stdout.trim()}`,
    spec: {
      name: 'python3',
      displayName: 'Python 3',
      language: 'python',
      argv: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      env: {},
      interruptMode: 'signal',
      folder: '',
    },
    printLines: (count) => `for i in range(${count}): print("line", i)`,
    printBig: (characters) => `print("x" * ${characters})`,
    define: (i) => `value${i}: int = ${i}\ndef f${i}(a): return a + value${i}\nf${i}(1)`,
  };
}
