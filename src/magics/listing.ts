// A small table that a magic answers with: aligned text for terminals, HTML for notebooks.
import { asDisplay, escapeHtml } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';

/** A column's title and side; cells are text already. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Draws rows under the titles of their columns, with lines of text below. */
export function listing(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): Drawable {
  const text = () => {
    const all = [columns.map(({ title }) => title), ...rows];
    const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
    const pad = (cell: string, i: number) =>
      columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
    const table = rows.length > 0 ? all.map((row) => row.map(pad).join('  ').trimEnd()) : [];
    return [...table, ...notes].join('\n');
  };
  const html = () => {
    const style = (i: number) => `style="text-align:${columns[i]!.align ?? 'left'}"`;
    const line = (tag: 'td' | 'th', row: readonly string[]) =>
      `<tr>${row.map((cell, i) => `<${tag} ${style(i)}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
    const head = line(
      'th',
      columns.map(({ title }) => title),
    );
    const body = rows.map((row) => line('td', row)).join('');
    const table = rows.length > 0 ? `<table><thead>${head}</thead><tbody>${body}</tbody></table>` : '';
    return `${table}${notes.map((note) => `<div>${escapeHtml(note)}</div>`).join('')}`;
  };
  return { [drawSymbol]: () => asDisplay(text(), { 'text/html': html() }) };
}
