// Lines of text with colours → rows of a terminal's width. Pure.
import { graphemes } from './width.ts';

const TAB = 8;
const ESC = '\u001b';
const SEQUENCE = `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007${ESC}]*(?:\u0007|${ESC}\\\\))`;
const PARTS = new RegExp(`${SEQUENCE}|[^${ESC}]+|${ESC}`, 'g');
const STYLE = new RegExp(`^${ESC}\\[[\\d;:]*m$`);
const RESET = new RegExp(`^${ESC}\\[0?m$`);

/** The rows of one line: at least one; each begins in the colours that the one before ended in. */
export function foldLine(line: string, columns: number): string[] {
  const rows: string[] = [];
  let [row, width, style] = ['', 0, ''];
  for (const [part] of line.matchAll(PARTS)) {
    if (part.startsWith(ESC)) {
      if (STYLE.test(part)) style = RESET.test(part) ? '' : style + part;
      row += part;
      continue;
    }
    for (const one of graphemes(part)) {
      const isTab = one.text === '\t';
      const room = isTab ? TAB - (width % TAB) : one.width;
      if (width + room > columns) {
        rows.push(row);
        [row, width] = [style, 0];
      }
      row += isTab ? ' '.repeat(Math.min(room, columns)) : one.text;
      width += room;
    }
  }
  return [...rows, row];
}

/** Whether a text takes more rows than there are. Looks at no more of it than it must. */
export function isLongerThan(text: string, rows: number, columns: number): boolean {
  let taken = 0;
  for (let at = 0; at <= text.length && taken <= rows; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    taken += line.length <= columns ? 1 : foldLine(line.slice(0, columns * (rows + 1) * 8), columns).length;
    if (end < 0) break;
    at = end + 1;
  }
  return taken > rows;
}
