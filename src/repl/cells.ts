// A row of a terminal as cells, so that parts can be drawn over one another; and cells → what is sent. Pure.
import { graphemes, isUncertain } from './width.ts';

/** One character with its style, as parameters of SGR (`1;34`); empty: the terminal's own. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly style: string;
}

/** The cells of a text in one style. Marks without a width join the cell before them; other control characters are left out. */
export function cellsOf(text: string, style = ''): Cell[] {
  const cells: Cell[] = [];
  for (const { text: character, width } of graphemes(text)) {
    const last = cells.at(-1);
    if (character === '\t') cells.push({ text: ' ', width: 1, style }, { text: ' ', width: 1, style });
    else if (width > 0) cells.push({ text: character, width, style });
    else if (last && !/\p{Control}/u.test(character))
      cells[cells.length - 1] = { ...last, text: last.text + character };
  }
  return cells;
}

export function rowWidth(row: readonly Cell[]): number {
  return row.reduce((sum, { width }) => sum + width, 0);
}

/** The cells that fit into `columns`. */
export function clip(row: readonly Cell[], columns: number): Cell[] {
  let width = 0;
  const end = row.findIndex((cell) => {
    width += cell.width;
    return width > columns;
  });
  return end < 0 ? [...row] : row.slice(0, end);
}

/** Cells to exactly `columns`. */
export function pad(row: readonly Cell[], columns: number, style = ''): Cell[] {
  const fitting = clip(row, columns);
  const missing = columns - rowWidth(fitting);
  return [...fitting, ...Array.from({ length: missing }, () => ({ text: ' ', width: 1, style }))];
}

/** The row with other cells over it from a column on. */
export function overlay(row: readonly Cell[], column: number, over: readonly Cell[]): Cell[] {
  const end = column + rowWidth(over);
  const before = pad(row, column);
  let at = 0;
  const behind = row.filter(({ width }) => {
    at += width;
    return at - width >= end;
  });
  return [...before, ...over, ...behind];
}

/** What a terminal is sent for a row. The place of what follows a character of doubtful width is said, so that the cursor is right. */
export function paint(row: readonly Cell[]): string {
  let sent = '';
  let style = '';
  let column = 0;
  for (const cell of row) {
    if (cell.style !== style) sent += `\u001b[${cell.style === '' ? '0' : `0;${cell.style}`}m`;
    style = cell.style;
    sent += cell.text;
    column += cell.width;
    if (isUncertain(cell.text)) sent += `\u001b[${column + 1}G`;
  }
  return style === '' ? sent : `${sent}\u001b[0m`;
}
