// The cells of a terminal's session → a notebook file.
import type { TranscriptCell } from '../src/repl/transcript.ts';
import { ownKernel } from './client-specs.ts';
import { kernelInfo } from './info.ts';
import { formatNotebook, newCellId, type Output } from './notebook.ts';
import { writeWhole } from './notebook-file.ts';

/**
 * Writes them with what they have shown, for this package's kernel.
 * @throws {NotebookError} One line with the reason; a file that was there is as it was.
 */
export function writeCells(path: string, cells: readonly TranscriptCell[]): Promise<void> {
  const written = cells.map(({ count, code, outputs }) => ({
    cell_type: 'code' as const,
    id: newCellId(),
    metadata: {},
    source: code,
    execution_count: count,
    outputs: outputs.map((output) => asNotebook(output, count)),
  }));
  const { name, displayName: display_name, language } = ownKernel();
  const metadata = { kernelspec: { name, display_name, language }, language_info: kernelInfo().language_info };
  return writeWhole(path, formatNotebook({ nbformat: 4, nbformat_minor: 5, metadata, cells: written }));
}

function asNotebook(output: TranscriptCell['outputs'][number], count: number): Output {
  switch (output.type) {
    case 'stream':
      return { output_type: 'stream', name: output.name, text: output.text };
    case 'display':
      return { output_type: 'display_data', data: { ...output.data }, metadata: { ...output.metadata } };
    case 'result':
      return {
        output_type: 'execute_result',
        data: { ...output.data },
        metadata: { ...output.metadata },
        execution_count: count,
      };
    case 'error': {
      const { name, message, traceback } = output.error;
      return { output_type: 'error', ename: name, evalue: message, traceback: [...traceback] };
    }
    default:
      return output satisfies never;
  }
}
