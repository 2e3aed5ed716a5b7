// IOPub messages → the outputs of a notebook's cells, in place: streams joined, displays updated wherever they are.
import type { CodeCell, MimeData, Output } from './notebook.ts';

/** What a kernel publishes about a cell: a message's type and content, as they came over the wire. */
export interface Published {
  readonly type: string;
  readonly content: unknown;
}

type Drawn = Extract<Output, { data: MimeData }>;

/** Keeps the outputs of a notebook's cells as a front end would show them. */
export class OutputRecorder {
  readonly #displays = new Map<string, { cell: CodeCell; output: Drawn }[]>();
  readonly #live = new WeakSet<Output>();
  readonly #clearNext = new Set<CodeCell>();

  /**
   * Applies one message to the cell that it belongs to; an `update_display_data` reaches the displays of every cell. Messages
   * that make no output are passed over.
   */
  apply(cell: CodeCell, { type, content }: Published): void {
    switch (type) {
      case 'stream': {
        const { name, text } = content as { name: 'stdout' | 'stderr'; text: string };
        this.#clearIfAsked(cell);
        const last = cell.outputs.at(-1);
        if (last?.output_type === 'stream' && last.name === name) last.text += text;
        else cell.outputs.push({ output_type: 'stream', name, text });
        return;
      }
      case 'display_data':
        return this.#draw(cell, content as DrawnContent, (drawn) => ({ output_type: 'display_data', ...drawn }));
      case 'execute_result': {
        const result = content as DrawnContent & { execution_count: number };
        return this.#draw(cell, result, (drawn) => ({
          output_type: 'execute_result',
          ...drawn,
          execution_count: result.execution_count,
        }));
      }
      case 'update_display_data':
        return this.#update(content as DrawnContent);
      case 'error': {
        const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
        this.#clearIfAsked(cell);
        cell.outputs.push({ output_type: 'error', ename, evalue, traceback: [...traceback] });
        return;
      }
      case 'clear_output':
        if ((content as { wait?: boolean }).wait) this.#clearNext.add(cell);
        else this.clear(cell);
    }
  }

  /** Whether a later message may redraw this output. */
  isLive(output: Output): boolean {
    return this.#live.has(output);
  }

  /** Empties a cell's outputs; later updates of its displays find nothing. */
  clear(cell: CodeCell): void {
    cell.outputs.length = 0;
    this.#clearNext.delete(cell);
    for (const [id, shown] of this.#displays) {
      const rest = shown.filter((display) => display.cell !== cell);
      if (rest.length === 0) this.#displays.delete(id);
      else if (rest.length < shown.length) this.#displays.set(id, rest);
    }
  }

  #draw(cell: CodeCell, content: DrawnContent, make: (drawn: Pick<Drawn, 'data' | 'metadata'>) => Drawn) {
    this.#clearIfAsked(cell);
    const output = make({ data: content.data, metadata: content.metadata ?? {} });
    cell.outputs.push(output);
    const id = content.transient?.display_id;
    if (id === undefined) return;
    // A display shown again under the id of an earlier one redraws that one too, as in Jupyter's front ends.
    this.#update(content);
    this.#live.add(output);
    this.#displays.set(id, [...(this.#displays.get(id) ?? []), { cell, output }]);
  }

  #update(content: DrawnContent): void {
    for (const { output } of this.#displays.get(content.transient?.display_id ?? '') ?? []) {
      output.data = content.data;
      output.metadata = content.metadata ?? {};
    }
  }

  #clearIfAsked(cell: CodeCell): void {
    if (this.#clearNext.has(cell)) this.clear(cell);
  }
}

interface DrawnContent {
  data: MimeData;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
}
