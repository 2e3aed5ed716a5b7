// The words after `tensorcell run`, read and checked.
import { parseArgs } from 'node:util';
import { NotebookError } from './notebook.ts';
import { parseParameter } from './notebook-parameters.ts';

export const runUsage = `tensorcell run FILE [-o OUT.ipynb] [--html OUT.html] [-p name=value]... [--kernel NAME]

Runs a notebook, or a .ts file with "// %%" cells, through a kernel and shows it in the terminal.

  -o OUT.ipynb      write the executed notebook (without it, nothing is written: FILE stays as it is)
  --html OUT.html   write it as one HTML page, which needs no network
  -p name=value     set a variable after the cell tagged "parameters"; value is JSON, else text
  --kernel NAME     run in another Jupyter kernel

Ctrl-C interrupts the running cell, a second one ends the run. Exit code: 0, 1 when a cell failed, 2 when the run
could not begin or its result not be written.`;

export interface RunArgs {
  readonly file: string;
  readonly output: string | undefined;
  readonly html: string | undefined;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly kernel: string | undefined;
}

/**
 * @returns The arguments, or undefined when help was asked for.
 * @throws {NotebookError} Misuse, as one line.
 */
export function parseRunArgs(args: readonly string[]): RunArgs | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    // Node adds advice on `--` after the first sentence.
    throw new NotebookError(`tensorcell run: ${(error as Error).message.replace(/\. To specify.*/s, '')}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  if (file === undefined) throw new NotebookError('tensorcell run: which file? (tensorcell run FILE, --help for more)');
  if (more.length > 0) throw new NotebookError(`tensorcell run: one file at a time, got ${positionals.join(' ')}`);
  const parameters = new Map((values.parameter ?? []).map(parseParameter));
  return { file, output: values.output, html: values.html, parameters, kernel: values.kernel };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      html: { type: 'string' },
      parameter: { type: 'string', short: 'p', multiple: true },
      kernel: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
