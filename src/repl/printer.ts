// A cell's outputs on a terminal: prints as they come, displays by their text and picture, what may still change redrawn in place until the
// cell's end.
import type { Display } from '../display/bundle.ts';
import type { CellOutput } from '../session/types.ts';
import type { Screen } from './screen.ts';
import { applyReturns, harmless } from './terminal-text.ts';

/** Shows the outputs of cells. */
export interface Printer {
  /** The cell of that number begins. */
  begin(count: number, code: string): void;
  output(output: CellOutput): void;
  /** The cell has ended: what was kept back is printed. A promise when that takes a while. */
  end(): Promise<void> | void;
}

export interface TerminalPrinterOptions {
  readonly screen: Screen;
  /** What shows the picture of a display, in steps; `undefined`: it has none. */
  picture(display: Display): Promise<readonly string[]> | undefined;
}

/** The text of a display, or the names of what has none. */
export function textOf({ data }: Pick<Display, 'data'>): string {
  const text: unknown = data['text/plain'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}

/** Prints to a terminal, where a prompt may stand below. Control characters of data change nothing but colours. */
export class TerminalPrinter implements Printer {
  readonly #screen: Screen;
  readonly #picture: TerminalPrinterOptions['picture'];
  #title = '';
  /**
   * Displays that are redrawn in place: what is said to change, what has changed, and what may still, until something else is printed
   * below it.
   */
  readonly #live = new Map<string, { readonly display: Display; readonly changes: boolean }>();
  /** The last line of printed text, while it has no end. */
  #line = '';
  /** Settles when the picture is drawn that what comes behind it waits for. */
  #drawing: Promise<void> | undefined;

  constructor({ screen, picture }: TerminalPrinterOptions) {
    this.#screen = screen;
    this.#picture = picture;
  }

  begin(count: number): void {
    this.#then(() => {
      this.#title = `\u001b[36mOut[${count}]: \u001b[39m`;
    });
  }

  output(output: CellOutput): void {
    this.#then(() => this.#output(output));
  }

  end(): Promise<void> | void {
    this.#then(() => this.#flush());
    this.#then(() => {
      const rest = this.#line;
      this.#line = '';
      this.#screen.show(harmless(applyReturns(rest)));
    });
    return this.#drawing;
  }

  /** In the order that it came, behind a picture that is still being drawn. */
  #then(step: () => Promise<void> | void): void {
    const drawing = after(this.#drawing, step);
    if (!drawing) return;
    const settled: Promise<void> = drawing.then(() => {
      if (this.#drawing === settled) this.#drawing = undefined;
    });
    this.#drawing = settled;
  }

  #output(output: CellOutput): Promise<void> | void {
    switch (output.type) {
      case 'stream':
        return after(this.#settle(), () => this.#stream(output.text));
      case 'display': {
        const { displayId, changes = false } = output;
        const picture = changes ? undefined : this.#picture(output);
        // A picture is worth showing at once.
        if (displayId === undefined || picture) return after(this.#settle(), () => this.#display(output, '', picture));
        this.#live.set(displayId, { display: output, changes });
        return this.#print();
      }
      case 'update_display':
        this.#live.set(output.displayId, { display: output, changes: true });
        return this.#print();
      case 'result':
        // What the cell has shown stands above its value, as in a notebook.
        return after(this.#flush(), () => this.#display(output, this.#title));
      case 'error':
        return after(this.#settle(), () => this.#print(output.error.traceback.join('\n')));
      case 'clear_output':
        this.#live.clear();
        this.#line = '';
        return this.#print();
      default:
        output satisfies never;
    }
  }

  /** Displays that nothing has changed are printed for good. */
  #settle(): Promise<void> | void {
    return this.#flush([...this.#live].filter(([, { changes }]) => !changes));
  }

  /** Displays, all of them unless some are given, are printed for good. */
  #flush([first, ...rest] = [...this.#live]): Promise<void> | void {
    if (!first) return;
    const [id, { display }] = first;
    this.#live.delete(id);
    return after(this.#display(display), () => this.#flush(rest));
  }

  /** A display for good: its text, and below it its picture. */
  #display(display: Display, title = '', picture = this.#picture(display)): Promise<void> | void {
    const text = textOf(display);
    this.#print(`${title}${title !== '' && text.includes('\n') ? '\n' : ''}${text}`, true);
    return picture?.then((steps) => this.#screen.printInSteps(steps));
  }

  #stream(text: string): void {
    const all = this.#line + text;
    const end = all.lastIndexOf('\n') + 1;
    this.#line = all.slice(end);
    this.#print(all.slice(0, end).replace(/\n$/, ''), end > 0);
  }

  #print(text = '', always = text !== ''): void {
    const live = [...[...this.#live.values()].map(({ display }) => textOf(display)), this.#line]
      .filter((part) => part !== '')
      .join('\n');
    const printed = always ? `${harmless(applyReturns(text))}\n` : '';
    this.#screen.show(printed, live === '' ? [] : harmless(applyReturns(live)).split('\n'));
  }
}

/** Goes on at once where there is nothing to wait for. */
function after(before: Promise<void> | void, next: () => Promise<void> | void): Promise<void> | void {
  return before ? before.then(next) : next();
}
