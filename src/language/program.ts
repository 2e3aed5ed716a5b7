// Where TypeScript's own language server lies: the native program of the `typescript` package for this platform.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute path of the program. Throws where npm has installed none for this platform. */
export function serverProgram(): string {
  const name = `@typescript/typescript-${process.platform}-${process.arch}`;
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const folder = dirname(createRequire(typescript).resolve(`${name}/package.json`));
  const program = join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
  if (!existsSync(program)) throw new Error(`${name} has no ${program}`);
  return program;
}
