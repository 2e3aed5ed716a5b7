// A frame as a display: which of its rows are sent, and what is said of the others. At most 1,000 rows and 50 kB of them leave, the first and
// the last; of all others the columns' summaries know.
import { asDisplay, type Display } from '../bundle.ts';
import { count } from '../numbers.ts';
import { cellText, isMissing, standsRight } from './cell.ts';
import { type Frame, range } from './frame.ts';
import { type FramePart, frameHtml, type PartRow, rowBytes } from './html.ts';
import { summarize } from './summary.ts';
import { frameText } from './text.ts';

/** What is sent of one table. */
const rowLimit = 1_000;
const byteLimit = 50_000;
const columnLimit = 50;
/** Of the bytes for rows, what those of the end may take. */
const endShare = 0.2;
/** The text form holds at most 20 lines of 80 columns, characters of three bytes among them. */
const textBytes = 5_000;
/** Characters of one cell; fewer where there are many columns, so that some rows of each fit. */
const cellLimit = 80;
const cellsLimit = 1_200;

/** Rows `from` up to `to`, without it, and columns by their numbers. */
export interface Cutout {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly number[];
  readonly title?: string | undefined;
}

/** Draws the cut-out of a frame; default all of it. Costs what is shown and a sample for the summaries, however many rows there are. */
export function drawFrame(frame: Frame, cutout: Partial<Cutout> = {}): Display {
  const { from = 0, to = frame.rows, columns = range(0, frame.columns.length), title } = cutout;
  const shown = columns.slice(0, columnLimit);
  const whole = { columns: summarize(frame, shown), columnsLeft: columns.length - shown.length, rowCount: to - from };
  const size = [title, sizeText(frame, columns.length)].filter(Boolean).join(': ');
  const room =
    byteLimit -
    textBytes -
    Buffer.byteLength(JSON.stringify(frameHtml({ ...whole, rows: [], head: 0, caption: size })));
  const { rows, head } = chosenRows(frame, from, to, shown, room - 400);
  const caption = [size, rowsText(from, to, head, rows.length, frame.rows)].filter(Boolean).join(' · ');
  const part: FramePart = { ...whole, rows, head, caption };
  return asDisplay(frameText(part), { 'text/html': frameHtml(part) });
}

/** The rows that have room, from both ends; `head` of them are the first. */
function chosenRows(frame: Frame, from: number, to: number, columns: readonly number[], room: number) {
  // No row takes less than this: rows that would find no room are not made.
  const least = rowBytes({ label: '0', cells: columns.map(() => ({ text: '', right: true, missing: false })) });
  const most = Math.min(rowLimit, to - from, Math.max(2, Math.ceil(room / least)));
  const first = rowsAt(frame, range(from, from + most), columns);
  const bytes = first.reduce((sum, row) => sum + rowBytes(row), 0);
  if (most === to - from && bytes <= room) return { rows: first, head: most };
  const tail = Math.min(to - from - 1, Math.floor(most * endShare));
  const last = rowsAt(frame, range(to - tail, to), columns);
  const sizes = (rows: readonly PartRow[]) => rows.map(rowBytes);
  const end = fitting(sizes(last).reverse(), tail, room * endShare);
  const head = Math.max(1, fitting(sizes(first), most - end.taken, room - end.bytes).taken);
  return { rows: [...first.slice(0, head), ...last.slice(last.length - end.taken)], head };
}

/** How many of the sizes, at most `most`, fit into `room`, and what they take. */
function fitting(sizes: readonly number[], most: number, room: number): { taken: number; bytes: number } {
  let [taken, bytes] = [0, 0];
  while (taken < most && bytes + sizes[taken]! <= room) bytes += sizes[taken++]!;
  return { taken, bytes };
}

function rowsAt(frame: Frame, rows: readonly number[], columns: readonly number[]): PartRow[] {
  const limit = Math.max(12, Math.min(cellLimit, Math.floor(cellsLimit / Math.max(1, columns.length))));
  const values = columns.map((column) => frame.values(column, rows));
  return rows.map((row, at) => ({
    label: frame.label?.(row) ?? String(row),
    cells: values.map((column) => {
      const text = cellText(column[at], limit);
      return { text, right: standsRight(column[at], text), missing: isMissing(column[at]) };
    }),
  }));
}

function sizeText({ kind, rows, more }: Frame, columns: number): string {
  return `${kind ? `${kind}, ` : ''}${more ? 'at least ' : ''}${counted(rows, 'row')} × ${counted(columns, 'column')}`;
}

/** What is here of the rows, and how to see the others; nothing where all are. */
function rowsText(from: number, to: number, head: number, sent: number, all: number): string {
  const asked = from > 0 || to < all ? `rows ${count(from)} to ${count(to - 1)}` : '';
  if (sent === to - from) return to > from ? asked : '';
  const here = `first ${count(head)}${sent > head ? ` and last ${count(sent - head)}` : ''} sent`;
  return `${asked && `${asked}, `}${here}, others: table(…, { from: ${from + head} })`;
}

function counted(amount: number, what: string): string {
  return `${count(amount)} ${what}${amount === 1 ? '' : 's'}`;
}
