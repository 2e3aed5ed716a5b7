// An executed notebook as one HTML page that needs no network: no script of ours, no font, no picture from elsewhere.
import { escapeHtml } from '../src/display/bundle.ts';
import { highlight } from './html-code.ts';
import { renderMarkdown } from './html-markdown.ts';
import { renderOutput } from './html-output.ts';
import { style } from './html-style.ts';
import { type Cell, hasTag, type Notebook } from './notebook.ts';

/**
 * The whole page. Its title is the notebook's first heading, else `name`. Raw cells are left out; the tags `hide-input`,
 * `hide-output` and `hide-cell` hide what they say.
 */
export function renderPage(notebook: Notebook, name: string): string {
  const language = (notebook.metadata.language_info as { name?: unknown } | undefined)?.name;
  const colour = language === undefined || /^(typescript|javascript)$/i.test(String(language)) ? highlight : escapeHtml;
  const body = notebook.cells
    .filter((cell) => !hasTag(cell, 'hide-cell'))
    .map((cell) => renderCell(cell, colour))
    .filter((html) => html !== '')
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Tensorcell">
<title>${escapeHtml(findTitle(notebook) ?? name)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
<footer>${escapeHtml(name)}, run by Tensorcell</footer>
</main>
</body>
</html>
`;
}

function renderCell(cell: Cell, colour: (code: string) => string): string {
  const id = ` id="cell-${escapeHtml(cell.id)}"`;
  if (cell.cell_type !== 'code') {
    if (cell.cell_type === 'raw') return '';
    return `<section class="markdown"${id}>${renderMarkdown(cell.source, cell.attachments)}</section>`;
  }
  const count =
    cell.execution_count === null
      ? ''
      : `<span class="count" id="in-${cell.execution_count}">${cell.execution_count}</span>`;
  const source = `<div class="source">${count}<pre><code>${colour(cell.source)}</code></pre></div>`;
  const outputs = cell.outputs.map((output) => `<div>${renderOutput(output)}</div>`).join('\n');
  const shown = [
    hasTag(cell, 'hide-input') || cell.source.trim() === '' ? '' : source,
    hasTag(cell, 'hide-output') || outputs === '' ? '' : `<div class="outputs">${outputs}</div>`,
  ].join('');
  return shown === '' ? '' : `<section class="cell"${id}>${shown}</section>`;
}

function findTitle(notebook: Notebook): string | undefined {
  for (const cell of notebook.cells) {
    const heading = cell.cell_type === 'markdown' ? /^# +(.+?)[ #]*$/m.exec(cell.source)?.[1] : undefined;
    if (heading !== undefined) return heading.replace(/[`*]/g, '');
  }
  return undefined;
}
