// What a run of a notebook says in words: outputs, titles of cells, headings.
import { applyReturns } from '../src/repl/terminal-text.ts';
import type { Notebook, Output } from './notebook.ts';

/** The text of an output; displays by their `text/plain`, or the name of what can't be shown here. Ends without a newline. */
export function outputText(output: Output): string {
  switch (output.output_type) {
    case 'stream':
      return applyReturns(output.text).replace(/\n$/, '');
    case 'error':
      return output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`;
    default: {
      const text = output.data['text/plain'] ?? output.data['text/markdown'];
      if (typeof text === 'string') return text.replace(/\n$/, '');
      return `[${Object.keys(output.data).join(', ')}]`;
    }
  }
}

/** The first line of a cell that says something: no comment, no brace alone, no import where more follows. */
export function cellTitle(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !/^(\/\/|\/\*|\*|[{}()[\];]*$)/.test(line));
  return said.find((line) => !/^import\b/.test(line)) ?? said[0] ?? lines[0] ?? '';
}

/** Markdown headings by the cell that they stand before: code cell's id → headings. */
export function headingsBefore(notebook: Notebook): Map<string, string[]> {
  const headings = new Map<string, string[]>();
  let waiting: string[] = [];
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'markdown')
      waiting.push(
        ...[...cell.source.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?)[ #]*$/gm)].map(
          (found) => found[1]!,
        ),
      );
    else if (cell.cell_type === 'code') {
      if (waiting.length > 0) headings.set(cell.id, waiting);
      waiting = [];
    }
  }
  return headings;
}
