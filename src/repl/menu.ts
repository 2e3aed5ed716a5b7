// The list of what can stand at the cursor: names with their kinds and types. Pure.
import type { CompletionItem } from '../session/types.ts';
import { type Cell, cellsOf, pad } from './cells.ts';
import { both, STYLES } from './theme.ts';
import { textWidth } from './width.ts';

/** Rows of the list. */
const HEIGHT = 8;

export interface Menu {
  readonly items: readonly CompletionItem[];
  /** Offsets of what an item replaces. */
  readonly start: number;
  /** The chosen one; `undefined` as long as the list only offers. */
  readonly chosen: number | undefined;
  /** What stood there before one was chosen. */
  readonly typed: string;
}

/** The next (1) or former (-1) item is chosen, in a circle. */
export function choose(menu: Menu, direction: 1 | -1): Menu {
  const { length } = menu.items;
  const from = menu.chosen ?? (direction > 0 ? -1 : 0);
  return { ...menu, chosen: (from + direction + length) % length };
}

/** What all items begin with, at least as long as what is typed. */
export function commonPrefix(items: readonly CompletionItem[], typed: string): string {
  const texts = items.map(({ text }) => text).filter((text) => text.startsWith(typed));
  const [first = typed, ...rest] = texts;
  let length = first.length;
  for (const text of rest) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** The rows of the list, at most `columns` wide and `height` high. */
export function menuRows(menu: Menu, columns: number, height: number): Cell[][] {
  const { items, chosen = 0 } = menu;
  const most = Math.min(HEIGHT, height, items.length);
  const top = Math.max(0, Math.min(chosen - Math.floor(most / 2), items.length - most));
  const shown = items.slice(top, top + most);
  const width = (text: (item: CompletionItem) => string) => Math.max(...shown.map((item) => textWidth(text(item))));
  const [names, kinds] = [
    Math.min(
      width(({ text }) => text),
      columns - 2,
    ),
    width(({ kind }) => kind),
  ];
  const details = Math.min(60, width(typeOf));
  const withKinds = names + kinds + 4 <= columns;
  const room = columns - names - kinds - 5;
  return shown.map((item, index) => {
    const style = menu.chosen === top + index ? STYLES.chosen : STYLES.menu;
    const row = [...cellsOf(' ', style), ...pad(cellsOf(item.text, style), names, style), ...cellsOf(' ', style)];
    if (withKinds) row.push(...pad(cellsOf(item.kind, both(style, '2')), kinds, style), ...cellsOf(' ', style));
    if (withKinds && details > 0 && room > 8)
      row.push(...pad(cellsOf(typeOf(item), style), Math.min(details, room), style), ...cellsOf(' ', style));
    return row;
  });
}

/** An item's type in one line, without what its name and kind tell. */
function typeOf({ signature = '', text }: CompletionItem): string {
  const line = signature.replace(/\s+/g, ' ');
  const at = line.indexOf(text);
  return at < 0 ? line : line.slice(at + text.length).replace(/^[:?]+ /, '');
}
