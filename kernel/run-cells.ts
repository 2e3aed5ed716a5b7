// Runs a notebook's cells in order through a client and records their outputs. Knows no file and no terminal.
import type { KernelClient } from './client.ts';
import { KernelDiedError, type Published } from './client-types.ts';
import type { ErrorContent, ExecuteReply, InputRequestContent } from './messages.ts';
import { type CodeCell, hasTag, type Notebook } from './notebook.ts';
import type { OutputRecorder } from './notebook-outputs.ts';

/** A cell on its way; `number` counts from 1 among the `total` code cells that run. */
export interface CellRun {
  readonly cell: CodeCell;
  readonly number: number;
  readonly total: number;
}

/** What someone who watches a run is told, in order. */
export interface RunWatcher {
  started(run: CellRun): void;
  /** After a message was recorded; `cell` is the one it belongs to, which need not be the one now running. */
  published(cell: CodeCell, published: Published): void;
  /** `ms` is the time from sending the cell to its end. */
  ended(run: CellRun, ms: number): void;
  /** The running cell asks a question; without this method it is told that nobody can answer. */
  readonly asked?: (request: InputRequestContent) => Promise<string>;
}

export type RunOutcome =
  | { readonly status: 'ok' }
  | { readonly status: 'error'; readonly run: CellRun; readonly error: ErrorContent }
  | { readonly status: 'stopped' };

/**
 * Runs every code cell until one fails. Outputs and counts are written into `notebook`, those of earlier runs removed, so that it
 * can be saved whatever happened. Cells tagged `skip-execution` and empty ones don't run; a failure of a cell tagged
 * `raises-exception` is an output like others. A kernel that dies is the running cell's error.
 * @param recorder Whose `isLive` tells a watcher which outputs may still change.
 * @param stop Ends the run at once when it aborts; the kernel is left as it is.
 */
export async function runCells(
  notebook: Notebook,
  client: KernelClient,
  watcher: RunWatcher,
  recorder: OutputRecorder,
  stop: AbortSignal,
): Promise<RunOutcome> {
  const all = notebook.cells.filter((cell) => cell.cell_type === 'code');
  for (const cell of all) Object.assign(cell, { outputs: [], execution_count: null });
  const cells = all.filter((cell) => cell.source.trim() !== '' && !hasTag(cell, 'skip-execution'));
  const stopped = new Promise<'stopped'>((resolve) => {
    if (stop.aborted) resolve('stopped');
    stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  // Output can come after its cell's end, from a timer: the request's id still names the cell.
  const byRequest = new Map<string, CodeCell>();
  using _ = client.subscribe((published) => {
    const cell = byRequest.get(published.parentId ?? '');
    if (!cell) return;
    recorder.apply(cell, published);
    if (published.type === 'execute_input') cell.execution_count = published.content.execution_count;
    watcher.published(cell, published);
  });
  for (const [index, cell] of cells.entries()) {
    const run: CellRun = { cell, number: index + 1, total: cells.length };
    watcher.started(run);
    const start = performance.now();
    const execution = client.execute(cell.source, {
      stopOnError: !hasTag(cell, 'raises-exception'),
      ...(watcher.asked && { onInput: watcher.asked }),
    });
    byRequest.set(execution.id, cell);
    const error = await Promise.race([execution.done.then(failure, death), stopped]);
    if (error !== 'stopped' && error?.ename === 'KernelDied')
      cell.outputs.push({ output_type: 'error', ...error, traceback: [...error.traceback] });
    watcher.ended(run, performance.now() - start);
    if (error === 'stopped') return { status: 'stopped' };
    if (error && (error.ename === 'KernelDied' || !hasTag(cell, 'raises-exception')))
      return { status: 'error', run, error };
  }
  return { status: 'ok' };
}

function failure(reply: ExecuteReply): ErrorContent | undefined {
  if (reply.status === 'ok') return undefined;
  if (reply.status === 'aborted')
    return { ename: 'Aborted', evalue: 'the kernel did not run this cell', traceback: [] };
  return { ename: reply.ename, evalue: reply.evalue, traceback: reply.traceback };
}

function death(cause: unknown): ErrorContent {
  if (!(cause instanceof KernelDiedError)) throw cause;
  const [how, ...words] = cause.message.split('\n');
  return { ename: 'KernelDied', evalue: how!, traceback: [`KernelDied: ${how}`, ...words] };
}
