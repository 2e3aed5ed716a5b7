// Small tables that a magic answers with: aligned text for terminals, HTML for notebooks.
import { asDisplay, escapeHtml } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';

/** A column's title and side. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Rows of text under the titles of their columns. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** Draws the tables that have rows, one below another, with lines of text at the end. */
export function listing(tables: readonly Table[], notes: readonly string[] = []): Drawable {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  const text = () => [...filled.map(textOf), ...(notes.length > 0 ? [notes.join('\n')] : [])].join('\n\n');
  const html = () => [...filled.map(htmlOf), ...notes.map((note) => `<div>${escapeHtml(note)}</div>`)].join('');
  return { [drawSymbol]: () => asDisplay(text(), { 'text/html': html() }) };
}

function textOf({ columns, rows }: Table): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number) =>
    columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return lines.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function htmlOf({ columns, rows }: Table): string {
  const line = (tag: 'td' | 'th', row: readonly string[]) => {
    const cells = row.map(
      (cell, i) => `<${tag} style="text-align:${columns[i]!.align ?? 'left'}">${escapeHtml(cell)}</${tag}>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  };
  const titles = columns.map(({ title }) => title);
  return `<table><thead>${line('th', titles)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`;
}
