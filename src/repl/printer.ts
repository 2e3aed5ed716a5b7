// A cell's outputs on a terminal: prints as they come, displays by their text, what may still change redrawn in place until the cell's end.
import type { CellOutput } from '../session/types.ts';
import type { Screen } from './screen.ts';
import { applyReturns, harmless } from './terminal-text.ts';

/** Shows the outputs of cells. */
export interface Printer {
  /** The cell of that number begins. */
  begin(count: number): void;
  output(output: CellOutput): void;
  /** The cell has ended: what was kept back is printed. */
  end(): void;
}

/** The text of a display, or the names of what has none. */
function textOf(data: { readonly [mime: string]: unknown }): string {
  const text = data['text/plain'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}

/** Prints to a terminal, where a prompt may stand below. Control characters of data change nothing but colours. */
export class TerminalPrinter implements Printer {
  readonly #screen: Screen;
  #title = '';
  /** Displays that updates may redraw: those of the running cell, and those of earlier ones that have changed since. */
  readonly #live = new Map<string, string>();
  /** The last line of printed text, while it has no end. */
  #line = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  begin(count: number): void {
    this.#title = `\u001b[36mOut[${count}]: \u001b[39m`;
  }

  output(output: CellOutput): void {
    switch (output.type) {
      case 'stream':
        return this.#stream(output.text);
      case 'display':
        if (output.displayId === undefined) return this.#print(textOf(output.data));
        this.#live.set(output.displayId, textOf(output.data));
        return this.#print();
      case 'update_display':
        this.#live.set(output.displayId, textOf(output.data));
        return this.#print();
      case 'result': {
        const text = textOf(output.data);
        // What the cell has shown stands above its value, as in a notebook.
        const shown = [...this.#live.values()].map((display) => `${display}\n`).join('');
        this.#live.clear();
        return this.#print(`${shown}${this.#title}${text.includes('\n') ? '\n' : ''}${text}`);
      }
      case 'error':
        return this.#print(output.error.traceback.join('\n'));
      case 'clear_output':
        this.#live.clear();
        this.#line = '';
        return this.#print();
      default:
        output satisfies never;
    }
  }

  end(): void {
    const rest = [...this.#live.values(), this.#line].filter((text) => text !== '').join('\n');
    this.#live.clear();
    this.#line = '';
    this.#screen.show(harmless(applyReturns(rest)));
  }

  #stream(text: string): void {
    const all = this.#line + text;
    const end = all.lastIndexOf('\n') + 1;
    this.#line = all.slice(end);
    this.#print(all.slice(0, end).replace(/\n$/, ''), end > 0);
  }

  #print(text = '', always = text !== ''): void {
    const live = [...this.#live.values(), this.#line].filter((part) => part !== '').join('\n');
    const printed = always ? `${harmless(applyReturns(text))}\n` : '';
    this.#screen.show(printed, live === '' ? [] : harmless(applyReturns(live)).split('\n'));
  }
}

/** Prints to a pipe: streams go to their own descriptor, a display once, in its last state. */
export class PlainPrinter implements Printer {
  #live = new Map<string, string>();

  begin(): void {
    this.#live.clear();
  }

  output(output: CellOutput): void {
    switch (output.type) {
      case 'stream':
        process[output.name].write(output.text);
        return;
      case 'display':
      case 'update_display':
        if (output.displayId !== undefined) this.#live.set(output.displayId, textOf(output.data));
        else process.stdout.write(`${textOf(output.data)}\n`);
        return;
      case 'result':
        this.#flush();
        process.stdout.write(`${textOf(output.data)}\n`);
        return;
      case 'error':
        process.stderr.write(`${output.error.traceback.join('\n')}\n`);
        return;
      case 'clear_output':
        this.#live.clear();
        return;
      default:
        output satisfies never;
    }
  }

  end(): void {
    this.#flush();
  }

  #flush(): void {
    for (const text of this.#live.values()) process.stdout.write(`${text}\n`);
    this.#live.clear();
  }
}
