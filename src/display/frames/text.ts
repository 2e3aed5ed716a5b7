// A frame as text of at most 80 columns: as many columns as fit, types, missing values and histograms above them, the first and last rows.
import type { FramePart, PartRow } from './html.ts';
import type { ColumnSummary } from './summary.ts';
import { padded, textColumns } from './width.ts';

const lineWidth = 80;
/** A column is at most this wide. */
const cellWidth = 24;
const gap = 2;
/** Rows of a long table: at the head and at the end. */
const shown = { head: 10, end: 5 };

/** The text of a part; its caption is the first line. */
export function frameText(part: FramePart): string {
  const { rows, head } = part;
  const whole = part.rowCount === rows.length && rows.length <= shown.head + shown.end + 1;
  const top = whole ? rows : rows.slice(0, Math.min(head, shown.head));
  const bottom = whole ? [] : rows.slice(Math.max(head, rows.length - shown.end));
  const body: (PartRow | undefined)[] = [...top, ...(whole ? [] : [undefined]), ...bottom];
  const labels = body.map((row) => row?.label ?? '⋮');
  const labelWidth = Math.max(...labels.map(textColumns), 1);
  const columns: { lines: string[]; width: number; right: boolean }[] = [];
  let width = labelWidth;
  for (const [at, column] of part.columns.entries()) {
    const lines = [...headLines(column), ...body.map((row) => (row ? (row.cells[at]?.text ?? '') : '⋮'))].map(
      shortened,
    );
    const columnWidth = Math.max(...lines.map(textColumns));
    if (width + gap + columnWidth > lineWidth && columns.length > 0) break;
    width += gap + columnWidth;
    columns.push({ lines, width: columnWidth, right: body.some((row) => row?.cells[at]?.right) });
  }
  const left = part.columns.slice(columns.length).map(({ name }) => name);
  const heads = 4;
  const lineAt = (at: number) =>
    [
      padded(at < heads ? '' : labels[at - heads]!, labelWidth, true),
      ...columns.map(({ lines, width: own, right }) => padded(lines[at]!, own, right)),
    ]
      .join(' '.repeat(gap))
      .trimEnd();
  const lines = Array.from({ length: heads + body.length }, (_, at) => lineAt(at));
  const more = left.length + part.columnsLeft;
  return [
    part.caption,
    // Lines of the head that no column fills are left out.
    ...lines.filter((line, at) => at >= heads || line !== ''),
    ...(more > 0 ? [`… ${more} more column${more === 1 ? '' : 's'}: ${listed(left, part.columnsLeft)}`] : []),
  ].join('\n');
}

function headLines({ name, type, missing, histogram, spread }: ColumnSummary): string[] {
  return [name, type, missing ?? '', histogram ?? spread ?? ''];
}

function shortened(text: string): string {
  if (textColumns(text) <= cellWidth) return text;
  let end = text.length;
  while (textColumns(text.slice(0, end)) >= cellWidth) end--;
  if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end--;
  return `${text.slice(0, end)}…`;
}

/** Names in one line. */
function listed(names: readonly string[], others: number): string {
  let text = '';
  for (const [at, name] of names.entries()) {
    const next = text === '' ? shortened(name) : `${text}, ${shortened(name)}`;
    if (textColumns(next) > lineWidth - 26) return `${text}, …`;
    text = next;
    if (at === names.length - 1 && others > 0) text += ', …';
  }
  return text || '…';
}
