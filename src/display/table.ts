// Rows of records as an HTML table, a bounded part of them. Reads plain data only: getters are named, not run.
import { types } from 'node:util';
import { escapeHtml } from './bundle.ts';
import { count } from './numbers.ts';
import { briefText } from './text.ts';

/** Rows of a longer table shown at its head and at its end, and the most that are shown whole. */
const headRows = 20;
const endRows = 5;
const wholeRows = 30;
const columnLimit = 20;

/** Whether a value is an array of plain objects. Looks at its first 20 and its last items. */
export function isTable(value: unknown): value is readonly object[] {
  if (!Array.isArray(value) || types.isProxy(value) || value.length === 0) return false;
  for (let i = 0; i < Math.min(value.length, headRows); i++) if (!isPlainObject(item(value, i))) return false;
  return isPlainObject(item(value, value.length - 1));
}

/** An HTML table of the rows; numbers stand right. At most 30 rows and 20 columns. */
export function tableHtml(rows: readonly object[]): string {
  const shown =
    rows.length <= wholeRows
      ? indices(0, rows.length)
      : [...indices(0, headRows), ...indices(rows.length - endRows, rows.length)];
  const names = new Set<string>();
  for (const index of shown) for (const name of Object.keys(rowAt(rows, index))) names.add(name);
  const columns = [...names].slice(0, columnLimit);
  const more = names.size > columns.length ? '<th>…</th>' : '';
  const head = `<tr><th></th>${columns.map((name) => `<th>${escapeHtml(briefText(name))}</th>`).join('')}${more}</tr>`;
  const body = shown.map((index, at) => {
    const gap =
      at > 0 && index !== shown[at - 1]! + 1 ? `<tr>${'<td>⋮</td>'.repeat(columns.length + (more ? 2 : 1))}</tr>` : '';
    const row = rowAt(rows, index);
    return `${gap}<tr><th>${index}</th>${columns.map((name) => cell(row, name)).join('')}${more && '<td>…</td>'}</tr>`;
  });
  const count = shown.length < rows.length || more ? caption(rows.length, names.size) : '';
  return `<table><thead>${head}</thead><tbody>${body.join('')}</tbody></table>${count}`;
}

function caption(rows: number, columns: number): string {
  return `<div style="opacity:.7">${count(rows)} rows × ${columns} columns</div>`;
}

function cell(row: object, name: string): string {
  const descriptor = Object.getOwnPropertyDescriptor(row, name);
  if (!descriptor || (descriptor.value === undefined && !descriptor.get)) return '<td></td>';
  if (descriptor.get) return '<td>[Getter]</td>';
  const align = typeof descriptor.value === 'number' || typeof descriptor.value === 'bigint' ? 'right' : 'left';
  return `<td style="text-align:${align}">${escapeHtml(briefText(descriptor.value))}</td>`;
}

/** A row, or nothing where a row further down is no object. */
function rowAt(rows: readonly object[], index: number): object {
  const row = item(rows, index);
  return isPlainObject(row) ? row : {};
}

function item(array: readonly unknown[], index: number): unknown {
  return Object.getOwnPropertyDescriptor(array, index)?.value;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function indices(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
