// The cells of a terminal's session with what they have shown, in its last state, as a notebook keeps them.
import type { CellId, CellOutput } from '../session/types.ts';

/** An output that stays: updates and clearings have been carried out. */
export type KeptOutput = Exclude<CellOutput, { readonly type: 'update_display' | 'clear_output' }>;

export interface TranscriptCell {
  /** The number that a person saw, `In[count]`. */
  readonly count: number;
  readonly code: string;
  readonly outputs: readonly KeptOutput[];
}

interface Kept extends TranscriptCell {
  readonly outputs: KeptOutput[];
  /** Goes when the next output comes. */
  clears: boolean;
}

/** Characters of a cell's prints that are kept. */
const LONGEST = 5_000_000;

export class Transcript {
  readonly #cells = new Map<CellId, Kept>();

  /** All cells in the order they ran. */
  get cells(): readonly TranscriptCell[] {
    return [...this.#cells.values()];
  }

  /** The text of the cell of that number; the last one's when several had it. */
  code(count: number): string | undefined {
    return this.cells.findLast((cell) => cell.count === count)?.code;
  }

  begin(cell: CellId, count: number, code: string): void {
    this.#cells.set(cell, { count, code, outputs: [], clears: false });
  }

  /** Outputs of cells that have not begun here are passed over. */
  output(cell: CellId, output: CellOutput): void {
    const kept = this.#cells.get(cell);
    if (output.type === 'update_display') return this.#update(output);
    if (!kept) return;
    if (output.type === 'clear_output') {
      if (output.wait) kept.clears = true;
      else kept.outputs.length = 0;
      return;
    }
    if (kept.clears) kept.outputs.length = 0;
    kept.clears = false;
    const last = kept.outputs.at(-1);
    if (output.type !== 'stream' || last?.type !== 'stream' || last.name !== output.name)
      return void kept.outputs.push(output);
    if (last.text.length < LONGEST) kept.outputs[kept.outputs.length - 1] = { ...last, text: last.text + output.text };
  }

  /** In every cell that shows it. */
  #update({ displayId, data, metadata }: Extract<CellOutput, { readonly type: 'update_display' }>): void {
    for (const { outputs } of this.#cells.values()) {
      for (const [at, output] of outputs.entries())
        if (output.type === 'display' && output.displayId === displayId) outputs[at] = { ...output, data, metadata };
    }
  }
}
