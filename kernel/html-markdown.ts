// A notebook's Markdown as HTML, as Jupyter reads it: GitHub's dialect, raw HTML, formulas kept as LaTeX, attached pictures.
import { Marked, type TokenizerAndRendererExtension } from 'marked';
import { escapeHtml } from '../src/display/bundle.ts';
import { highlight } from './html-code.ts';
import type { MimeData } from './notebook.ts';

/** `$…$` and `$$…$$`: without this, `_` and `*` in a formula would become emphasis. */
const inlineMath: TokenizerAndRendererExtension = {
  name: 'inlineMath',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const found = /^\$\$([^$]+)\$\$|^\$(?=\S)((?:\\.|[^$\\\n])+?)(?<=\S)\$(?!\d)/.exec(source);
    return found ? { type: 'inlineMath', raw: found[0], text: found[0] } : undefined;
  },
  renderer: ({ raw }) => `<span class="math">${escapeHtml(raw)}</span>`,
};

/**
 * Renders Markdown.
 * @param attachments What `attachment:name` refers to: name → MIME data.
 */
export function renderMarkdown(source: string, attachments: Record<string, MimeData> = {}): string {
  const marked = new Marked({
    gfm: true,
    extensions: [inlineMath],
    renderer: {
      code({ text, lang }) {
        const typescript = /^(ts|tsx|js|jsx|typescript|javascript)\b/i.test(lang ?? '');
        return `<pre><code>${typescript ? highlight(text) : escapeHtml(text)}</code></pre>\n`;
      },
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${escapeHtml(slug(text))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
    walkTokens(token) {
      if (token.type !== 'image' || !/^attachment:/.test(token.href)) return;
      const data = attachments[decodeURIComponent(token.href.slice('attachment:'.length))] ?? {};
      const [mime, content] = Object.entries(data)[0] ?? [];
      if (mime !== undefined) token.href = `data:${mime};base64,${content}`;
    },
  });
  return marked.parse(source, { async: false });
}

/** A heading's anchor as Jupyter makes it: its text with dashes for spaces, so that links written there work here. */
function slug(text: string): string {
  return text.replace(/[`*]/g, '').trim().replace(/ /g, '-');
}
