// A question of a cell to the person at the terminal.
import type { InputRequest } from '../session/types.ts';
import { EditBuffer } from './buffer.ts';
import { cellsOf, clip, paint } from './cells.ts';
import { EDITS, type EditName } from './edits.ts';
import { EMACS } from './keymaps.ts';
import type { InputEvent } from './keys.ts';
import type { Screen } from './screen.ts';
import { textWidth } from './width.ts';

export class Question {
  /** The person's line; rejects when they interrupt. Ctrl-D answers with nothing. */
  readonly answer: Promise<string>;
  readonly #screen: Screen;
  readonly #request: InputRequest;
  readonly #prompt: string;
  readonly #line = new EditBuffer();
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(screen: Screen, request: InputRequest) {
    this.#screen = screen;
    this.#request = request;
    const lines = request.prompt.split('\n');
    this.#prompt = lines.pop()!;
    screen.print(lines.join('\n'));
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.render();
  }

  input(events: readonly InputEvent[]): void {
    for (const event of events) {
      if (event.type === 'text' || event.type === 'paste') this.#line.insert(event.text.replaceAll('\n', ' '));
      else if (event.type === 'key' && this.#key(event.name)) return;
    }
    this.render();
  }

  render(): void {
    // A password leaves no trace, not even its length.
    const shown = this.#request.password ? '' : this.#line.text;
    const { columns } = this.#screen;
    const row = clip(cellsOf(this.#prompt + shown), columns - 1);
    const column = textWidth(this.#prompt + shown.slice(0, this.#line.cursor));
    this.#screen.setFrame({ rows: [paint(row)], cursor: { row: 0, column: Math.min(column, columns - 1) } });
  }

  /** Whether the question is over. */
  #key(name: string): boolean {
    const action = EMACS[name];
    if (name === 'C-c') this.#end(() => this.#reject(new Error('interrupted')));
    else if (action === 'submit' || (name === 'C-d' && this.#line.text === ''))
      this.#end(() => this.#resolve(this.#line.text));
    else {
      if (action !== undefined && action in EDITS && action !== 'newline') EDITS[action as EditName](this.#line);
      return false;
    }
    return true;
  }

  #end(settle: () => void): void {
    this.#screen.setFrame(undefined);
    this.#screen.print(`${this.#prompt}${this.#request.password ? '' : this.#line.text}`);
    settle();
  }
}
