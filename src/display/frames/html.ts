// A frame as an HTML table that needs no script and no style: its columns' types, missing values and histograms in the head, the first and
// the last rows below, all other rows that are sent folded in behind. Where scripts run, these join the table, which is then sorted and paged.
import { escapeHtml } from '../bundle.ts';
import { pager } from './pager.ts';
import type { ColumnSummary } from './summary.ts';

/** A frame's part that is shown, as texts. */
export interface FramePart {
  readonly columns: readonly ColumnSummary[];
  /** Columns left out behind the last one. */
  readonly columnsLeft: number;
  readonly rows: readonly PartRow[];
  /** Rows from its head; the others are from its end. */
  readonly head: number;
  /** How many there are, those that are not here among them. */
  readonly rowCount: number;
  readonly caption: string;
}

export interface PartRow {
  readonly label: string;
  readonly cells: readonly PartCell[];
}

export interface PartCell {
  readonly text: string;
  /** Stands right, as numbers do. */
  readonly right: boolean;
  readonly missing: boolean;
}

/** Rows seen at once: at the head and at the end. */
const seen = { head: 15, end: 5 };

/** The HTML of a part. */
export function frameHtml(part: FramePart): string {
  const { rows, head, columns, columnsLeft } = part;
  const between = part.rowCount - rows.length;
  const folded = rows.length <= seen.head + seen.end + 5 ? 0 : Math.max(0, head - seen.head);
  const lastSeen = between > 0 || folded > 0 ? Math.min(rows.length - head, seen.end) : rows.length - head;
  const first = rows.slice(0, head - folded);
  const hidden = rows.slice(head - folded, rows.length - lastSeen);
  const last = rows.slice(rows.length - lastSeen);
  const more = columnsLeft > 0 ? '<td>…</td>' : '';
  const line = (row: PartRow) => rowHtml(row, more);
  const gap = hidden.length + between > 0 ? `<tr>${'<td>⋮</td>'.repeat(columns.length + 1 + (more ? 1 : 0))}</tr>` : '';
  const titles = `<tr><th></th>${columns.map(columnHead).join('')}${more && `<th>${columnsLeft} more</th>`}</tr>`;
  const fold = hidden.length > 0 ? foldHtml(hidden.map(line).join(''), columns, hidden.length, between > 0) : '';
  const script = rows.length > 5 ? `<script>${pager}</script>` : '';
  return (
    `<div data-frame="${head}"><table><thead>${titles}</thead>` +
    `<tbody>${first.map(line).join('')}${gap}${last.map(line).join('')}</tbody></table>` +
    `${fold}<div><small>${escapeHtml(part.caption)}</small></div>${script}</div>`
  );
}

function foldHtml(rows: string, columns: readonly ColumnSummary[], hidden: number, cut: boolean): string {
  const names = columns.map(({ name }) => `<th>${escapeHtml(name)}</th>`).join('');
  const which = cut ? `${hidden} of the rows between` : `the ${hidden} rows between`;
  return `<details><summary>${which}</summary><table><thead><tr><th></th>${names}</tr></thead><tbody>${rows}</tbody></table></details>`;
}

function columnHead({ name, type, missing, histogram, spread }: ColumnSummary): string {
  const about = [type, missing].filter(Boolean).join(', ');
  const lines = [about, histogram, spread].filter(Boolean).map((line) => `<br><small>${escapeHtml(line!)}</small>`);
  return `<th>${escapeHtml(name)}${lines.join('')}</th>`;
}

/** Bytes that a row takes in a message, quotes escaped. */
export function rowBytes(row: PartRow): number {
  return Buffer.byteLength(JSON.stringify(rowHtml(row, '')));
}

function rowHtml({ label, cells }: PartRow, more: string): string {
  return `<tr><th>${escapeHtml(label)}</th>${cells.map(cellHtml).join('')}${more}</tr>`;
}

/** Both sides are said: some pages put all cells left, others right. `align` outlives a page's removal of styles. */
function cellHtml({ text, right, missing }: PartCell): string {
  return `<td align="${right ? 'right' : 'left'}"${right ? '' : ' style="text-align:left"'}>${missing ? `<i>${escapeHtml(text)}</i>` : escapeHtml(text)}</td>`;
}
