// Shows a run where there is no terminal (a pipe, a file, CI): plain lines, each said once; a display in its last form.

import { applyReturns, formatTime, stripAnsi } from '../src/repl/terminal-text.ts';
import type { Published } from './client-types.ts';
import type { CodeCell } from './notebook.ts';
import type { OutputRecorder } from './notebook-outputs.ts';
import type { CellRun, RunWatcher } from './run-cells.ts';
import { cellTitle, outputText } from './run-text.ts';

export class LogProgress implements RunWatcher {
  readonly #write: (text: string) => void;
  readonly #recorder: OutputRecorder;
  readonly #headings: ReadonlyMap<string, readonly string[]>;
  /** A line of a stream that has not ended yet. */
  #partial = '';

  constructor(
    write: (text: string) => void,
    recorder: OutputRecorder,
    headings: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#write = write;
    this.#recorder = recorder;
    this.#headings = headings;
  }

  started({ cell, number, total }: CellRun): void {
    for (const heading of this.#headings.get(cell.id) ?? []) this.notify(`\n${heading}`);
    this.notify(`[${number}/${total}] ${cellTitle(cell.source)}`);
  }

  published(cell: CodeCell, published: Published): void {
    switch (published.type) {
      case 'stream': {
        // Whole lines only, so that of a progress bar the last state is said and not each.
        this.#partial += published.content.text;
        const end = this.#partial.lastIndexOf('\n') + 1;
        this.#write(stripAnsi(applyReturns(this.#partial.slice(0, end))));
        this.#partial = this.#partial.slice(end);
        break;
      }
      case 'display_data':
      case 'execute_result':
      case 'error': {
        // It was recorded just now.
        const output = cell.outputs.at(-1);
        if (output && output.output_type !== 'stream' && !this.#recorder.isLive(output))
          this.notify(outputText(output));
      }
    }
  }

  ended({ cell }: CellRun, ms: number): void {
    for (const output of cell.outputs) if (this.#recorder.isLive(output)) this.notify(outputText(output));
    // A time that nobody waited for is noise.
    if (ms >= 100) this.notify(`(${formatTime(ms)})`);
  }

  /** Writes a line. */
  notify(line: string): void {
    const before = this.#partial === '' ? '' : `${applyReturns(this.#partial)}\n`;
    this.#partial = '';
    this.#write(stripAnsi(`${before}${line}\n`));
  }
}
