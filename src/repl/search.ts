// Ctrl-R: the cells typed before that have the letters asked for, the best first.
import { EditBuffer } from './buffer.ts';
import { cellsOf, clip, paint } from './cells.ts';
import type { InputEvent } from './keys.ts';
import type { Recall } from './recall.ts';
import type { Frame } from './screen.ts';
import { STYLES } from './theme.ts';
import { textWidth } from './width.ts';

/** Cells that are listed. */
const SHOWN = 8;
/** Rows of the chosen one. */
const PREVIEW = 6;

export class Search {
  readonly #recall: Recall;
  readonly #query = new EditBuffer();
  #found: string[];
  #chosen = 0;

  constructor(recall: Recall, query: string) {
    this.#recall = recall;
    if (!query.includes('\n')) this.#query.set(query);
    this.#found = recall.search(this.#query.text);
  }

  /** The chosen cell, or `undefined` when the person wants none. */
  take(event: InputEvent): string | undefined | 'goes on' {
    if (event.type === 'text' || event.type === 'paste')
      return this.#ask(() => this.#query.insert(event.text.replaceAll('\n', ' ')));
    if (event.type === 'report') return 'goes on';
    switch (event.name) {
      case 'enter':
      case 'tab':
      case 'right':
        return this.#found[this.#chosen];
      case 'escape':
      case 'C-g':
      case 'C-c':
        return undefined;
      case 'C-r':
      case 'down':
      case 'C-n':
        this.#chosen = Math.min(this.#chosen + 1, Math.max(0, this.#found.length - 1));
        return 'goes on';
      case 'C-s':
      case 'up':
      case 'C-p':
        this.#chosen = Math.max(this.#chosen - 1, 0);
        return 'goes on';
      case 'backspace':
        return this.#ask(() => this.#query.deleteLeft());
      case 'C-u':
        return this.#ask(() => this.#query.set(''));
      default:
        return 'goes on';
    }
  }

  frame(columns: number, height: number): Frame {
    const head = 'search: ';
    const most = Math.max(1, Math.min(SHOWN, height - 2));
    const top = Math.max(0, this.#chosen - most + 1);
    const list = this.#found.slice(top, top + most).map((cell, index) => {
      const chosen = top + index === this.#chosen;
      const line = cell.replace(/\s*\n\s*/g, ' ⏎ ');
      return cellsOf(`${chosen ? '› ' : '  '}${line}`, chosen ? STYLES.chosen : '');
    });
    const whole = this.#found[this.#chosen]?.split('\n') ?? [];
    const room = Math.max(0, Math.min(PREVIEW, height - list.length - 2));
    const preview = whole.length > 1 ? whole.slice(0, room).map((line) => cellsOf(`  │ ${line}`, STYLES.hint)) : [];
    const count = cellsOf(`   ${this.#found.length} found`, STYLES.hint);
    const query = [...cellsOf(head, STYLES.prompt), ...cellsOf(this.#query.text), ...count];
    const rows = [query, ...list, ...preview].map((row) => paint(clip(row, columns - 1)));
    const column = Math.min(columns - 1, head.length + textWidth(this.#query.text));
    return { rows, cursor: { row: 0, column } };
  }

  #ask(edit: () => void): 'goes on' {
    edit();
    this.#found = this.#recall.search(this.#query.text);
    this.#chosen = 0;
    return 'goes on';
  }
}
