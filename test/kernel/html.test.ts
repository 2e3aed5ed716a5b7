import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPage } from '../../kernel/html.ts';
import { ansiToHtml } from '../../kernel/html-ansi.ts';
import { highlight } from '../../kernel/html-code.ts';
import { renderMarkdown } from '../../kernel/html-markdown.ts';
import { renderOutput } from '../../kernel/html-output.ts';
import type { Cell, MimeData, Notebook } from '../../kernel/notebook.ts';

/** `<k>const</k> x` for what is highlighted as a keyword, and so on. */
function marked(code: string): string {
  return highlight(code).replace(/<span class="(\w)">(.*?)<\/span>/gs, '<$1>$2</$1>');
}

const colours: [what: string, code: string, html: string][] = [
  ['keywords and numbers', 'const n = 1_000n;', '<k>const</k> n = <n>1_000n</n>;'],
  ['comments over lines', '/* a\nb */ x // y', '<c>/* a\nb */</c> x <c>// y</c>'],
  ['magics', '%help\n!ls', '<c>%help</c>\n<c>!ls</c>'],
  ['strings with escapes', `'a\\'b' + "c"`, `<s>&#39;a\\&#39;b&#39;</s> + <s>&quot;c&quot;</s>`],
  ['templates with code in them', '`a ${b + `${1}`} c`', '<s>`a ${</s>b + <s>`${</s><n>1</n><s>}`</s><s>} c`</s>'],
  ['braces in a template', '`${{ a: 1 }.a}`;', '<s>`${</s>{ a: <n>1</n> }.a<s>}`</s>;'],
  ['division, not a regex', 'a / b / c; (1) / 2', 'a / b / c; (<n>1</n>) / <n>2</n>'],
  ['a regex, not a comment', 'return /a[/]b"/g.x', '<k>return</k> <s>/a[/]b&quot;/g</s>.x'],
  ['types and calls', 'new Map<string>(f(x))', '<k>new</k> <t>Map</t>&lt;<k>string</k>&gt;(<f>f</f>(x))'],
  ['names that are words elsewhere', 'a.delete({ type: 1 })', 'a.<f>delete</f>({ type: <n>1</n> })'],
  ['markup', '<b>&</b>', '&lt;b&gt;&amp;&lt;/b&gt;'],
  ['an unended template', '`a\nb', '<s>`a\nb</s>'],
  ['letters of any script', 'const größe = 1', '<k>const</k> größe = <n>1</n>'],
];

for (const [what, code, html] of colours) test(`code is coloured: ${what}`, () => assert.equal(marked(code), html));

test('nothing of the code is lost or doubled by colouring', () => {
  const code = 'class A<T> { #x = `${`${"}"}`}`; /* ` */ r = /[`]/; f() { return a++ / 2 } } // end\n\t"unended\n`';
  const text = highlight(code)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  assert.equal(text, code);
});

test('terminal colours become spans: named, 256, true colour, bold; other sequences go', () => {
  assert.equal(
    ansiToHtml(
      '\u001b[1;31m<E>\u001b[0m ok \u001b[38;5;196mx\u001b[39m\u001b[48;2;1;2;3my\u001b[0m\u001b[2K\u001b]0;t\u0007z',
    ),
    '<span style="color:var(--ansi-1);font-weight:600">&lt;E&gt;</span> ok ' +
      '<span style="color:rgb(255,0,0)">x</span><span style="background:rgb(1,2,3)">y</span>z',
  );
});

test('Markdown: tables, raw HTML and code as in Jupyter, formulas untouched', () => {
  const html = renderMarkdown(
    '# A b\n\n| a |\n|---|\n| $x_1 * y_2$ |\n\n<b id="x">raw</b>\n\n```ts\nconst a = 1;\n```\n',
  );
  assert.match(html, /<h1 id="A-b">A b<\/h1>/);
  assert.match(html, /<td><span class="math">\$x_1 \* y_2\$<\/span><\/td>/);
  assert.match(html, /<b id="x">raw<\/b>/);
  assert.match(html, /<code><span class="k">const<\/span>/);
});

test('money is not a formula', () => {
  assert.match(renderMarkdown('from $5 to $10'), /<p>from \$5 to \$10<\/p>/);
});

test('a picture that is attached to the cell is shown', () => {
  const html = renderMarkdown('![p](attachment:a%20b.png)', { 'a b.png': { 'image/png': 'aGk=' } });
  assert.match(html, /<img src="data:image\/png;base64,aGk=" alt="p">/);
});

function shown(data: MimeData, metadata: Record<string, unknown> = {}): string {
  return renderOutput({ output_type: 'display_data', data, metadata });
}

test('the richest form of a display is taken, and what is text is escaped', () => {
  const plain = { 'text/plain': 'a <b>' };
  assert.equal(shown(plain), '<pre>a &lt;b&gt;</pre>');
  assert.equal(shown({ ...plain, 'text/html': '<i>x</i>', 'image/png': 'aGk=' }), '<i>x</i>');
  assert.equal(
    shown({ ...plain, 'image/png': 'aG\nk=' }, { 'image/png': { width: 10, height: '"><script>' } }),
    '<img alt="a &lt;b&gt;" src="data:image/png;base64,aGk=" width="10">',
  );
  assert.match(
    shown({ ...plain, 'image/svg+xml': '<svg/>', 'image/png': 'x' }),
    /^<img alt="a &lt;b&gt;" src="data:image\/svg\+xml;base64,PHN2Zy8\+">$/,
  );
  assert.match(shown({ ...plain, 'text/markdown': '*x*' }), /<em>x<\/em>/);
  assert.equal(shown({ 'application/json': { a: '<' } }), '<pre>{\n  &quot;a&quot;: &quot;&lt;&quot;\n}</pre>');
  assert.equal(shown({ 'application/x-unknown': 1 }), '<pre>[application/x-unknown]</pre>');
});

test('a progress bar of carriage returns shows its last state', () => {
  assert.equal(
    renderOutput({ output_type: 'stream', name: 'stdout', text: '10 %\r100 %\rdone\n' }),
    '<pre class="stdout">done%\n</pre>',
  );
});

const cell = (fields: Partial<Cell>): Cell =>
  ({ id: 'a', cell_type: 'code', metadata: {}, source: 'x', execution_count: 1, outputs: [], ...fields }) as Cell;
const page = (...cells: Cell[]) =>
  renderPage({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells } as Notebook, '<n>.ipynb');

test('a page refers to nothing elsewhere and has no script', () => {
  const html = page(cell({ cell_type: 'markdown', source: '# A `b` title' }), cell({ source: '"</code><script>"' }));
  assert.match(html, /^<!doctype html>/);
  assert.match(html, /<title>A b title<\/title>/);
  assert.match(html, /&lt;n&gt;\.ipynb/);
  assert.doesNotMatch(html, /<script|<link|@import|url\(|https?:/);
});

test('cells tagged to be hidden are', () => {
  const outputs = [{ output_type: 'stream' as const, name: 'stdout' as const, text: 'seen' }];
  assert.doesNotMatch(page(cell({ source: 'secret', metadata: { tags: ['hide-input'] } })), /secret/);
  assert.match(page(cell({ outputs })), /seen/);
  assert.doesNotMatch(page(cell({ outputs, metadata: { tags: ['hide-output'] } })), /seen/);
  assert.doesNotMatch(page(cell({ outputs, metadata: { tags: ['hide-cell'] } })), /seen|id="cell-a"/);
});

test("an error's places lead to their cells", () => {
  const html = renderOutput({
    output_type: 'error',
    ename: 'Error',
    evalue: 'x',
    traceback: ['Error: x', '    at \u001b[36mIn[3]:7:9\u001b[0m in f', '    at lib.ts:1:2'],
  });
  assert.match(html, /<a href="#in-3">In\[3\]:7:9<\/a>/);
  assert.equal(html.match(/<a /g)?.length, 1);
});
