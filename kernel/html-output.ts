// One output of a cell as HTML: its richest form, everything else escaped.
import { escapeHtml } from '../src/display/bundle.ts';
import { applyReturns, stripAnsi } from '../src/repl/terminal-text.ts';
import { ansiToHtml } from './html-ansi.ts';
import { renderMarkdown } from './html-markdown.ts';
import type { MimeData, Output } from './notebook.ts';

/** `alt` is what the display says in words, one line. */
type Render = (content: string, metadata: Record<string, unknown>, alt: string) => string;

/** Richest first. HTML goes in as it is, as in Jupyter: a notebook's author is trusted with the page. */
const renderers: readonly (readonly [mime: string, render: Render])[] = [
  ['text/html', (content) => content],
  // As an image: the ids of two drawings can't collide, and no script in one runs.
  ['image/svg+xml', (content, size, alt) => image('image/svg+xml', Buffer.from(content).toString('base64'), size, alt)],
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'].map((mime): readonly [string, Render] => [
    mime,
    (content, size, alt) => image(mime, content, size, alt),
  ]),
  ['text/markdown', (content) => `<div class="markdown">${renderMarkdown(content)}</div>`],
  ['text/latex', (content) => `<div class="math">${escapeHtml(content)}</div>`],
  ['application/json', (content) => `<pre>${escapeHtml(content)}</pre>`],
  ['text/plain', (content) => `<pre>${ansiToHtml(content)}</pre>`],
];

/** The HTML of an output. */
export function renderOutput(output: Output): string {
  switch (output.output_type) {
    case 'stream':
      return `<pre class="${output.name}">${ansiToHtml(applyReturns(output.text))}</pre>`;
    case 'error': {
      const text = output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`;
      return `<pre class="error">${linkCells(ansiToHtml(text))}</pre>`;
    }
    case 'display_data':
    case 'execute_result':
      return renderData(output.data, output.metadata);
    default:
      return output satisfies never;
  }
}

/** `In[3]:7:9` leads to the cell with that number, by the id that the page gives it. */
function linkCells(html: string): string {
  return html.replace(/In\[(\d+)\]:\d+:\d+/g, '<a href="#in-$1">$&</a>');
}

function renderData(data: MimeData, metadata: Record<string, unknown>): string {
  for (const [mime, render] of renderers) {
    const content = data[mime];
    if (content === undefined) continue;
    const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
    const alt = stripAnsi(String(data['text/plain'] ?? '')).split('\n')[0]!;
    return render(text, (metadata[mime] as Record<string, unknown> | undefined) ?? {}, alt);
  }
  return `<pre>[${escapeHtml(Object.keys(data).join(', '))}]</pre>`;
}

function image(mime: string, base64: string, { width, height }: Record<string, unknown>, alt: string): string {
  const size = (name: string, value: unknown) => (Number.isFinite(value) ? ` ${name}="${value}"` : '');
  const source = base64.replace(/[^\w+/=]/g, '');
  return `<img alt="${escapeHtml(alt)}" src="data:${mime};base64,${source}"${size('width', width)}${size('height', height)}>`;
}
