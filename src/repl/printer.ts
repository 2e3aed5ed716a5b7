// A cell's outputs on a terminal: prints as they come, displays by their text and picture, what may still change redrawn in place until the
// cell's end.
import type { Display } from '../display/bundle.ts';
import type { CellOutput } from '../session/types.ts';
import { foldLine, isLongerThan } from './fold.ts';
import type { Drawn } from './pictures/pictures.ts';
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
  /** What a display with a picture is printed as; `undefined`: it has none. */
  picture(display: Display): Promise<Drawn> | undefined;
  /** Whether what is longer than the screen is cut, for a pager to show the whole. */
  readonly cuts: boolean;
}

/** Characters of what a cell shows that are kept for a pager. */
const WHOLE = 20_000_000;
/** Cells whose prints are one text. */
const LISTING = /^\s*%(?:help|history|log|who)\b.*\s*$/;

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
  readonly #cuts: boolean;
  /** What the cell has shown, for a pager. */
  #whole = '';
  /** A part of it was cut. */
  #cut = false;
  /** The prints of a cell that only lists something, until its end. */
  #listing: string | undefined;
  /** Settles when the picture is drawn that what comes behind it waits for. */
  #drawing: Promise<void> | undefined;

  constructor({ screen, picture, cuts }: TerminalPrinterOptions) {
    this.#screen = screen;
    this.#picture = picture;
    this.#cuts = cuts;
  }

  /** All that the last cell has shown, as text. */
  get whole(): string {
    return this.#whole;
  }

  /** Whether a part of that was cut. */
  get cut(): boolean {
    return this.#cut;
  }

  begin(count: number, code: string): void {
    this.#then(() => {
      this.#whole = '';
      this.#cut = false;
      this.#listing = LISTING.test(code) ? '' : undefined;
      this.#title = `\u001b[36mOut[${count}]: \u001b[39m`;
    });
  }

  output(output: CellOutput): void {
    this.#then(() => this.#output(output));
  }

  end(): Promise<void> | void {
    this.#then(() => this.#flush());
    this.#then(() => {
      if (this.#listing) this.#long(this.#listing.replace(/\n$/, ''));
      this.#listing = undefined;
      const rest = this.#line;
      this.#line = '';
      this.#whole += rest;
      this.#screen.show(clean(rest));
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
    if (!picture) return this.#long(titled(title, textOf(display)));
    return picture.then(({ text, steps }) => {
      this.#long(titled(title, text));
      return this.#screen.printInSteps(steps);
    });
  }

  /** A text, or the beginning of one that is longer than the screen. */
  #long(text: string): void {
    const { rows, columns } = this.#screen;
    if (!this.#cuts || !isLongerThan(text, rows - 2, columns)) return this.#print(text, true);
    const lines = text.split('\n').flatMap((line) => (line.length > columns ? foldLine(line, columns) : [line]));
    const head = lines.slice(0, Math.max(1, Math.floor(rows / 2)));
    this.#keep(clean(text));
    this.#show(`${clean(head.join('\n'))}\n\u001b[0;2m… ${lines.length - head.length} more lines: F2\u001b[0m\n`);
    this.#cut = true;
  }

  #stream(text: string): void {
    if (this.#listing !== undefined) {
      this.#listing += text;
      return;
    }
    const all = this.#line + text;
    const end = all.lastIndexOf('\n') + 1;
    this.#line = all.slice(end);
    this.#print(all.slice(0, end).replace(/\n$/, ''), end > 0);
  }

  #print(text = '', always = text !== ''): void {
    const printed = clean(text);
    if (always) this.#keep(printed);
    this.#show(always ? `${printed}\n` : '');
  }

  /** For a pager. */
  #keep(text: string): void {
    if (this.#whole.length < WHOLE) this.#whole += `${text}\n`;
  }

  #show(printed: string): void {
    const live = [...[...this.#live.values()].map(({ display }) => textOf(display)), this.#line]
      .filter((part) => part !== '')
      .join('\n');
    this.#screen.show(printed, live === '' ? [] : clean(live).split('\n'));
  }
}

/** A text as it may be printed. */
function clean(text: string): string {
  return harmless(applyReturns(text));
}

/** A text of several lines begins below its title. */
function titled(title: string, text: string): string {
  return `${title}${title !== '' && text.includes('\n') ? '\n' : ''}${text}`;
}

/** Goes on at once where there is nothing to wait for. */
function after(before: Promise<void> | void, next: () => Promise<void> | void): Promise<void> | void {
  return before ? before.then(next) : next();
}
