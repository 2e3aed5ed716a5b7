// The prompt: keys in, cells out, while a cell runs too. Joins the text, what is known of it, what was typed before, and the screen.
import type { Completeness } from '../session/types.ts';
import { type Adviser, Assistant, type Fault, type Signature } from './assist.ts';
import { EditBuffer } from './buffer.ts';
import { type Cell, cellsOf } from './cells.ts';
import { EDITS, type EditName, typeText } from './edits.ts';
import type { Highlighter } from './highlight.ts';
import { matchingPair } from './indent.ts';
import { type Action, EMACS } from './keymaps.ts';
import type { InputEvent } from './keys.ts';
import type { Span } from './layout.ts';
import { choose, commonPrefix, type Menu } from './menu.ts';
import { columnOf, vertical, wordRight } from './motions.ts';
import type { Recall } from './recall.ts';
import type { Screen } from './screen.ts';
import { Search } from './search.ts';
import { stripAnsi } from './terminal-text.ts';
import { STYLES } from './theme.ts';
import { draw, drawWhole, type View } from './view.ts';

export interface EditorOptions {
  readonly screen: Screen;
  readonly recall: Recall;
  readonly adviser: Adviser;
  readonly completeness: (code: string) => Completeness;
  /** What stands before the next cell, such as `In [3]: `. */
  prompt(): string;
  /** Nothing is shown while a cell runs and nothing is typed. */
  busy(): boolean;
  /** Another has the place of the prompt, such as a question of a cell. */
  hidden?(): boolean;
  submit(code: string): void;
  interrupt(): void;
  suspend(): void;
  leave(): void;
}

/** Rows of documentation below the cell. */
const DOCUMENT_ROWS = 12;

export class Editor {
  readonly #on: EditorOptions;
  readonly #buffer = new EditBuffer();
  readonly #assistant: Assistant;
  #highlighter: Highlighter | undefined;
  #menu: Menu | undefined;
  #search: Search | undefined;
  #faults: readonly Fault[] = [];
  #signature: Signature | undefined;
  #document: string[] = [];
  #top = 0;
  /** The column that Up and Down keep to. */
  #column: number | undefined;

  constructor(options: EditorOptions) {
    this.#on = options;
    this.#assistant = new Assistant(options.adviser, {
      completion: ({ items, start }) => {
        if (this.#menu?.chosen !== undefined) return;
        const typed = this.#buffer.text.slice(start, this.#buffer.cursor);
        const useful = items.length > 0 && !(items.length === 1 && items[0]!.text === typed);
        this.#menu = useful ? { items, start, chosen: undefined, typed } : undefined;
        this.render();
      },
      signature: (signature) => {
        this.#signature = signature;
        this.render();
      },
      faults: (faults) => {
        this.#faults = faults;
        this.render();
      },
    });
  }

  /** The colours, once they are loaded. */
  set highlighter(highlighter: Highlighter) {
    this.#highlighter = highlighter;
    this.render();
  }

  /** Puts a text at the prompt, as `%load` does. */
  suggest(text: string): void {
    this.#buffer.set(text);
    this.#changed();
    this.render();
  }

  input(events: readonly InputEvent[]): void {
    for (const event of events) this.#take(event);
    this.render();
  }

  render(): void {
    if (this.#on.hidden?.()) return;
    const { screen } = this.#on;
    if (this.#search) return screen.setFrame(this.#search.frame(screen.columns, screen.rows));
    if (this.#on.busy() && this.#buffer.text === '') return screen.setFrame(undefined);
    const { frame, top } = draw(this.#view(), screen.columns, screen.rows);
    this.#top = top;
    screen.setFrame(frame);
  }

  #view(): View {
    const { text, cursor } = this.#buffer;
    return {
      prompt: this.#on.prompt(),
      text,
      cursor,
      top: this.#top,
      ghost: this.#menu?.chosen === undefined ? this.#ghost() : '',
      spans: (from, to) => [...(this.#highlighter?.spans(text, from, to) ?? []), ...this.#marks()],
      menu: this.#menu,
      below: this.#below(),
    };
  }

  #ghost(): string {
    return this.#buffer.atEnd && !this.#on.recall.walking ? this.#on.recall.suggestion(this.#buffer.text) : '';
  }

  /** Brackets that belong together, and what is wrong. What is being typed is not wrong yet. */
  #marks(): Span[] {
    const { text, cursor } = this.#buffer;
    const pair = matchingPair(text, cursor) ?? [];
    const brackets = pair.map((at) => ({ from: at, to: at + 1, style: STYLES.bracket }));
    return [
      ...brackets,
      ...this.#shownFaults().map(({ start, end }) => ({ from: start, to: end, style: STYLES.fault })),
    ];
  }

  #shownFaults(): readonly Fault[] {
    const { cursor, text } = this.#buffer;
    return this.#faults.filter(
      ({ start, end }) =>
        end <= text.length && !(end === cursor && start < cursor && /\w$/.test(text.slice(0, cursor))),
    );
  }

  #below(): Cell[][] {
    if (this.#document.length > 0) return this.#document.map((line) => cellsOf(`  ${line}`, STYLES.hint));
    const rows: Cell[][] = [];
    if (this.#signature) {
      const { label, active = [0, 0] } = this.#signature;
      const [start, end] = active;
      const line = (part: string) => part.replace(/\s*\n\s*/g, ' ');
      rows.push([
        ...cellsOf(`  ${line(label.slice(0, start))}`, STYLES.hint),
        ...cellsOf(line(label.slice(start, end)), STYLES.strong),
        ...cellsOf(line(label.slice(end)), STYLES.hint),
      ]);
    }
    const [fault] = this.#shownFaults();
    if (fault && !this.#menu) rows.push(cellsOf(`  ${fault.message.split('\n', 1)[0]}`, STYLES.error));
    return rows;
  }

  #take(event: InputEvent): void {
    if (this.#search) return this.#takeSearch(event);
    if (event.type === 'key') return this.#key(event.name, event.more);
    if (event.type === 'report') return;
    this.#document = [];
    this.#menu = undefined;
    if (event.type === 'paste') this.#buffer.insert(event.text);
    else for (const character of event.text) typeText(this.#buffer, character);
    this.#changed(event.type === 'text');
  }

  #key(name: string, more: boolean): void {
    const action: Action | undefined = EMACS[name];
    if (action === undefined) return;
    if (action === 'submit' && this.#menu?.chosen !== undefined) {
      // The chosen name is taken; the cell goes on.
      this.#menu = undefined;
      return;
    }
    if (
      action !== 'complete' &&
      action !== 'complete-back' &&
      action !== 'escape' &&
      action !== 'up' &&
      action !== 'down'
    )
      this.#menu = undefined;
    if (action !== 'document') this.#document = [];
    const before = this.#buffer.text;
    if (action !== 'up' && action !== 'down') this.#column = undefined;
    if (action in EDITS) EDITS[action as EditName](this.#buffer);
    else this.#act(action, more);
    if (action.startsWith('delete')) this.#changed(this.#buffer.text !== '');
    else if (this.#buffer.text !== before || /left|right|start|end/.test(action)) this.#changed();
  }

  #act(action: Action, more: boolean): void {
    const buffer = this.#buffer;
    const { text, cursor } = buffer;
    switch (action) {
      case 'submit':
        return this.#submit(more);
      case 'new-line':
        return EDITS.newline(buffer);
      case 'complete':
        return this.#complete(1);
      case 'complete-back':
        return this.#menu ? this.#complete(-1) : EDITS.dedent(buffer);
      case 'up':
        return this.#vertical(-1);
      case 'down':
        return this.#vertical(1);
      case 'older':
        return this.#recall(-1);
      case 'newer':
        return this.#recall(1);
      case 'take-suggestion':
        return this.#ghost() === '' ? EDITS.right(buffer) : buffer.insert(this.#ghost());
      case 'take-suggestion-end':
        return this.#ghost() === '' ? EDITS['line-end'](buffer) : buffer.insert(this.#ghost());
      case 'take-suggestion-word': {
        const ghost = this.#ghost();
        return ghost === '' ? EDITS['word-right'](buffer) : buffer.insert(ghost.slice(0, wordRight(ghost, 0)));
      }
      case 'search':
        this.#search = new Search(this.#on.recall, text);
        return;
      case 'document':
        void this.#assistant.document(text, cursor).then((found) => this.#showDocument(found));
        return;
      case 'interrupt':
        return this.#interrupt();
      case 'leave-or-delete':
        return text === '' ? this.#on.leave() : EDITS['delete-right'](buffer);
      case 'clear-screen':
        return this.#on.screen.clear();
      case 'suspend':
        return this.#on.suspend();
      case 'escape':
        if (this.#menu?.chosen !== undefined) buffer.replace(this.#menu.start, cursor, this.#menu.typed);
        this.#menu = undefined;
        this.#signature = undefined;
        return;
      case 'page-up':
      case 'page-down':
        for (let n = 0; n < this.#on.screen.rows - 2; n++) this.#vertical(action === 'page-up' ? -1 : 1, false);
        return;
      default:
        return;
    }
  }

  #submit(more: boolean): void {
    const { text } = this.#buffer;
    if (text.trim() === '' && !more) return this.#buffer.clear();
    const { status } = this.#on.completeness(text);
    // A paste that is not bracketed brings its own indent.
    if (status === 'incomplete') return more ? this.#buffer.insert('\n') : EDITS.newline(this.#buffer);
    this.#end();
    this.#on.recall.add(text);
    this.#on.submit(text);
  }

  /** The cell stays above; a fresh one begins. */
  #end(mark = ''): void {
    const view = { ...this.#view(), cursor: 0 };
    this.#faults = [];
    this.#signature = undefined;
    this.#document = [];
    this.#menu = undefined;
    this.#assistant.stop();
    this.#buffer.clear();
    this.#top = 0;
    this.#on.screen.setFrame(undefined);
    this.#on.screen.print(`${drawWhole(view, this.#on.screen.columns).trimEnd()}${mark}\n`);
  }

  #interrupt(): void {
    if (this.#on.busy()) {
      this.#buffer.clear();
      return this.#on.interrupt();
    }
    this.#end('^C');
  }

  #complete(direction: 1 | -1): void {
    const { text, cursor } = this.#buffer;
    if (this.#menu) {
      this.#menu = choose(this.#menu, direction);
      const { items, start, chosen } = this.#menu;
      return this.#buffer.replace(start, cursor, items[chosen!]!.text);
    }
    if (/(?:^|\n)[ \t]*$/.test(text.slice(0, cursor))) return EDITS.indent(this.#buffer);
    void this.#assistant.complete(text, cursor).then((found) => {
      if (!found || found.items.length === 0) return;
      const { items, start } = found;
      const prefix = commonPrefix(items, text.slice(start, cursor));
      if (prefix.length > cursor - start) this.#buffer.replace(start, cursor, prefix);
      if (items.length === 1) this.#changed();
      else this.#menu = { items, start, chosen: undefined, typed: prefix };
      this.render();
    });
  }

  #vertical(direction: 1 | -1, recalls = true): void {
    if (this.#menu?.chosen !== undefined || (this.#menu && direction > 0)) return this.#complete(direction);
    this.#menu = undefined;
    const { text, cursor } = this.#buffer;
    if (recalls && this.#on.recall.walking) return this.#recall(direction);
    this.#column ??= columnOf(text, cursor);
    const to = vertical(text, cursor, direction, this.#column);
    if (to !== undefined) this.#buffer.move(to);
    else if (recalls) this.#recall(direction);
  }

  #recall(direction: 1 | -1): void {
    const found = this.#on.recall.step(direction, this.#buffer.text);
    if (found === undefined) return;
    this.#buffer.set(found);
    this.#clearAdvice();
  }

  #takeSearch(event: InputEvent): void {
    const result = this.#search!.take(event);
    if (result === 'goes on') return;
    this.#search = undefined;
    if (result !== undefined) this.#buffer.set(result);
    this.#changed();
  }

  #showDocument(text: string | undefined): void {
    if (text === undefined) return;
    const width = Math.max(10, this.#on.screen.columns - 4);
    const lines = stripAnsi(text)
      .split('\n')
      .flatMap((line) => line.match(new RegExp(`.{1,${width}}(?:\\s|$)|.{1,${width}}`, 'gu')) ?? ['']);
    this.#document = lines.slice(0, DOCUMENT_ROWS);
    if (lines.length > DOCUMENT_ROWS) this.#document.push('…');
    this.render();
  }

  /** The text or the cursor is another. */
  #changed(typed = false): void {
    this.#on.recall.stop();
    this.#column = undefined;
    this.#clearAdvice();
    this.#assistant.changed(this.#buffer.text, this.#buffer.cursor, typed);
  }

  #clearAdvice(): void {
    this.#faults = [];
    if (!/[(,]/.test(this.#buffer.text)) this.#signature = undefined;
  }
}
