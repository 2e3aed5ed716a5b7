// A cell's text → rows of a terminal. Pure; offsets are UTF-16 units, columns count from 0.
import { type Cell, cellsOf } from './cells.ts';
import { both } from './theme.ts';
import { graphemes, textWidth } from './width.ts';

/** A part of the text that stands on one row. */
export interface Row {
  readonly start: number;
  readonly end: number;
  /** It begins a line of the text. */
  readonly first: boolean;
}

/** A style for a part of the text; a later one is laid over an earlier one. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly style: string;
}

/** The rows of a text, broken at `columns`. A row that the cursor ends is followed by one for the cursor. */
export function layoutRows(text: string, columns: number, cursor: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    let first = true;
    let from = start;
    const end = start + line.length;
    if (textWidth(line) >= columns) {
      let width = 0;
      let at = start;
      for (const one of graphemes(line)) {
        if (width + one.width > columns) {
          rows.push({ start: from, end: at, first });
          [from, width, first] = [at, 0, false];
        }
        width += one.width;
        at += one.text.length;
      }
      if (width === columns && cursor === end) {
        rows.push({ start: from, end, first });
        [from, first] = [end, false];
      }
    }
    rows.push({ start: from, end, first });
    start = end + 1;
  }
  return rows;
}

/** Which row the cursor is on, and its column there. */
export function placeCursor(text: string, rows: readonly Row[], cursor: number): { row: number; column: number } {
  let row = rows.length - 1;
  while (row > 0 && rows[row]!.start > cursor) row--;
  return { row, column: textWidth(text.slice(rows[row]!.start, cursor)) };
}

/** The cells of a row's text. `spans` are those that may touch it. */
export function rowCells(text: string, { start, end }: Row, spans: readonly Span[]): Cell[] {
  const touching = spans.filter(({ from, to }) => from < end && to > start);
  const edges = new Set([start, end]);
  for (const { from, to } of touching) edges.add(Math.max(from, start)).add(Math.min(to, end));
  const sorted = [...edges].sort((one, other) => one - other);
  return sorted.slice(0, -1).flatMap((from, index) => {
    const style = touching
      .filter((span) => span.from <= from && span.to > from)
      .reduce((all, span) => both(all, span.style), '');
    return cellsOf(text.slice(from, sorted[index + 1]), style);
  });
}

/** The rows that are shown when not all fit: as few steps from `top` as bring the cursor's into view. */
export function windowTop(top: number, cursorRow: number, rows: number, height: number): number {
  const lowest = Math.max(0, rows - height);
  return Math.max(0, Math.min(Math.max(Math.min(top, cursorRow), cursorRow - height + 1), lowest));
}
