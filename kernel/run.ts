// `tensorcell run`: a notebook file through a kernel to the terminal, a notebook and a page. Exit codes are decided here.
import { basename, dirname, resolve } from 'node:path';
import { formatTime } from '../src/repl/terminal-text.ts';
import { KernelClient } from './client.ts';
import { findKernel, type KernelSpec, MissingKernelError, ownKernel } from './client-specs.ts';
import { KernelDiedError, KernelStartError } from './client-types.ts';
import { renderPage } from './html.ts';
import { formatNotebook, type Notebook, NotebookError } from './notebook.ts';
import { checkWritable, readNotebook, writeWhole } from './notebook-file.ts';
import { OutputRecorder } from './notebook-outputs.ts';
import { injectParameters } from './notebook-parameters.ts';
import { parseRunArgs, type RunArgs, runUsage } from './run-args.ts';
import { type RunOutcome, runCells } from './run-cells.ts';
import { LogProgress } from './run-log.ts';
import { TerminalProgress } from './run-progress.ts';
import { RunSignals } from './run-signals.ts';
import { headingsBefore } from './run-text.ts';

/**
 * Runs what the words after `tensorcell run` ask for.
 * @returns The exit code: 0; 1 when a cell failed; 2 when the run could not begin or its result not be written; 128 and the
 * signal's number when a signal ended it.
 */
export async function run(words: readonly string[]): Promise<number> {
  try {
    const args = parseRunArgs(words);
    if (args) return await runFile(args);
    console.log(runUsage);
    return 0;
  } catch (error) {
    const known = [NotebookError, MissingKernelError, KernelStartError, KernelDiedError];
    if (!known.some((type) => error instanceof type)) throw error;
    console.error((error as Error).message);
    return 2;
  }
}

async function runFile(args: RunArgs): Promise<number> {
  const start = performance.now();
  const notebook = injectParameters(await readNotebook(args.file), args.parameters);
  for (const path of [args.output, args.html]) if (path !== undefined) await checkWritable(path);
  const spec = await chooseKernel(args, notebook);

  using signals = new RunSignals();
  await using client = await startKernel(spec, resolve(dirname(args.file)), signals.stop);
  if (!client) return signals.exitCode;
  const recorder = new OutputRecorder();
  const headings = headingsBefore(notebook);
  const { stdout, stdin } = process;
  let outcome: RunOutcome;
  {
    using terminal = stdout.isTTY ? new TerminalProgress(stdout, recorder, headings, stdin.isTTY) : undefined;
    const progress = terminal ?? new LogProgress((text) => stdout.write(text), recorder, headings);
    signals.interrupt = () => {
      progress.notify('Interrupting the cell … (Ctrl-C again ends the run)');
      return client.interrupt();
    };
    outcome = await runCells(notebook, client, progress, recorder, signals.stop);
  }
  // A stopped run has no more use for its kernel, which may be busy: it is not asked.
  if (outcome.status === 'stopped') client.close();
  describeKernel(notebook, spec, client);
  if (args.output !== undefined) await writeWhole(args.output, formatNotebook(notebook));
  if (args.html !== undefined) await writeWhole(args.html, renderPage(notebook, basename(args.file)));
  console.log(summarize(args, outcome, performance.now() - start));
  if (outcome.status === 'stopped') return signals.exitCode;
  return outcome.status === 'ok' ? 0 : 1;
}

/** The kernel asked for; else our own for what it can run, TypeScript and JavaScript of any kernel; else the notebook's. */
async function chooseKernel(args: RunArgs, notebook: Notebook): Promise<KernelSpec> {
  if (args.kernel !== undefined) return findKernel(args.kernel);
  const { name, language } = (notebook.metadata.kernelspec ?? {}) as { name?: unknown; language?: unknown };
  const written = (notebook.metadata.language_info as { name?: unknown } | undefined)?.name ?? language ?? 'typescript';
  if (name === undefined || name === 'tensorcell' || /^(typescript|javascript)$/i.test(String(written)))
    return ownKernel();
  return findKernel(String(name));
}

/** Undefined when `stop` aborted meanwhile. */
async function startKernel(spec: KernelSpec, cwd: string, stop: AbortSignal): Promise<KernelClient | undefined> {
  try {
    // Cells of a file are not what a person typed.
    return await KernelClient.start({ spec, cwd, signal: stop, env: { TENSORCELL_HISTORY: 'off' } });
  } catch (error) {
    if (stop.aborted) return undefined;
    if (!(error instanceof KernelDiedError)) throw error;
    throw new KernelStartError(`kernel "${spec.name}": ${error.message}`, { cause: error });
  }
}

/** What Jupyter's front ends read to choose a kernel and a syntax. */
function describeKernel(notebook: Notebook, spec: KernelSpec, client: KernelClient): void {
  notebook.metadata.kernelspec = { name: spec.name, display_name: spec.displayName, language: spec.language };
  notebook.metadata.language_info = client.info.language_info;
}

function summarize(args: RunArgs, outcome: RunOutcome, ms: number): string {
  const name = basename(args.file);
  const written = [args.output, args.html].filter((path) => path !== undefined);
  const files = written.length > 0 ? ` → ${written.join(', ')}` : '';
  switch (outcome.status) {
    case 'ok':
      return `\n${name} ran in ${formatTime(ms)}${files}`;
    case 'stopped':
      return `\n${name} was stopped after ${formatTime(ms)}${files}`;
    case 'error': {
      const { run, error } = outcome;
      const where = `in cell ${run.number} of ${run.total}`;
      if (error.ename === 'KeyboardInterrupt') return `\n${name} was interrupted ${where}${files}`;
      const reason = `${error.ename}: ${error.evalue}`.split('\n')[0];
      return `\n${name} failed ${where}, ${reason}${files}`;
    }
    default:
      return outcome satisfies never;
  }
}
