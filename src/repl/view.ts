// What the editor shows, from what it knows: the prompt with the cell, over it a menu, under it lines that help. Pure.
import { type Cell, cellsOf, clip, overlay, paint, rowWidth } from './cells.ts';
import { layoutRows, placeCursor, rowCells, type Span, windowTop } from './layout.ts';
import { type Menu, menuRows } from './menu.ts';
import type { Frame } from './screen.ts';
import { STYLES } from './theme.ts';

export interface View {
  /** Before the first line, such as `In [3]: `. */
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
  /** The first row that is shown. */
  readonly top: number;
  /** Grey behind the text: what it may become. */
  readonly ghost: string;
  readonly spans: (from: number, to: number) => readonly Span[];
  readonly menu: Menu | undefined;
  /** Lines below the cell. */
  readonly below: readonly (readonly Cell[])[];
}

export interface Drawn {
  readonly frame: Frame;
  readonly top: number;
}

/** Draws for a terminal of that size. */
export function draw(view: View, columns: number, height: number): Drawn {
  const { text, cursor, menu } = view;
  // A narrow terminal keeps its columns for the text.
  const prompt = columns < 40 ? view.prompt.replace(/^\D*(\d+)\D*$/, '$1> ') : view.prompt;
  const more = columns < 40 ? '. '.padStart(prompt.length) : '...: '.padStart(prompt.length);
  const width = Math.max(1, columns - prompt.length);
  const rows = layoutRows(text, width, cursor);
  const place = placeCursor(text, rows, cursor);
  const below = view.below.slice(0, Math.max(0, height - 2)).map((row) => clip(row, columns));
  const menuHeight = menu ? Math.min(menu.items.length, 8, Math.max(1, height - 3)) : 0;
  const room = Math.max(1, height - below.length);
  const shownRows = Math.min(rows.length, room);
  const top = windowTop(view.top, place.row, rows.length, shownRows);
  const visible = rows.slice(top, top + shownRows);
  const spans = view.spans(visible[0]!.start, visible.at(-1)!.end);
  const drawn = visible.map((row, index) => {
    const hidden = (index === 0 && top > 0) || (index === shownRows - 1 && top + shownRows < rows.length);
    const head =
      top + index === 0 ? prompt : hidden ? '⋮ '.padStart(prompt.length) : row.first ? more : ' '.repeat(prompt.length);
    return [...cellsOf(head, STYLES.prompt), ...rowCells(text, row, spans)];
  });
  if (view.ghost !== '' && cursor === text.length) {
    const [line, ...rest] = view.ghost.split('\n');
    const ghost = cellsOf(line! + (rest.length > 0 ? ' …' : ''), STYLES.ghost);
    const last = drawn.length - 1;
    drawn[last] = clip([...drawn[last]!, ...ghost], columns - 1);
  }
  const at = { row: place.row - top, column: prompt.length + place.column };
  const all = [...drawn, ...below];
  if (menu) {
    const word = prompt.length + place.column - (cursor - menu.start) - 1;
    const list = menuRows(menu, Math.max(columns - 1 - word, Math.min(columns - 1, 50)), menuHeight);
    const wide = Math.max(...list.map(rowWidth));
    const column = Math.max(0, Math.min(word, columns - 1 - wide));
    // Below the cursor's row, and below what helps there; above it where the terminal ends.
    const under = at.row + 1 + (at.row === drawn.length - 1 ? below.length : 0);
    const first = under + list.length <= height ? under : Math.max(0, at.row - list.length);
    list.forEach((row, index) => {
      all[first + index] = overlay(all[first + index] ?? [], column, row);
    });
  }
  return { frame: { rows: all.map(paint), cursor: at }, top };
}

/** The whole cell as it stays above its output. */
export function drawWhole(view: View, columns: number): string {
  const rows = layoutRows(view.text, Number.POSITIVE_INFINITY, -1).length;
  const { frame } = draw(
    { ...view, ghost: '', menu: undefined, below: [], cursor: 0, top: 0 },
    columns,
    Math.max(rows * 8, view.text.length + 1),
  );
  return `${frame.rows.join('\n')}\n`;
}
