// Text of a kind that clients draw: HTML, Markdown, SVG, LaTeX. Called with a string, or as a template tag that escapes what is
// put into it.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { type Drawable, drawSymbol } from './custom.ts';
import { cut } from './text.ts';

/** Text that is drawn as `mime` when it is shown. */
export class Markup implements Drawable {
  readonly mime: string;
  readonly source: string;
  readonly #plain: string;

  constructor(mime: string, source: string, plain: string) {
    this.mime = mime;
    this.source = source;
    this.#plain = plain;
  }

  toString(): string {
    return this.source;
  }

  [drawSymbol](): Display {
    return asDisplay(cut(this.#plain, 20_000), { [this.mime]: this.source });
  }
}

/** Makes a `Markup` of a string as it is, or of a template, whose values are escaped unless they are of the same kind. */
export interface MarkupTag {
  (source: string): Markup;
  (strings: TemplateStringsArray, ...values: unknown[]): Markup;
}

/** HTML: `html('<b>now</b>')`, or `html\`<b>${name}</b>\`` with `name` escaped. */
export const html: MarkupTag = markupTag('text/html', escapeHtml, htmlText);

/** Markdown; HTML and Markdown's own signs in values are escaped. */
export const md: MarkupTag = markupTag('text/markdown', escapeMarkdown);

/** A whole SVG document. */
export const svg: MarkupTag = markupTag('image/svg+xml', escapeHtml, (source) => `[SVG, ${source.length} characters]`);

/** LaTeX, with its dollar signs: `latex('$e^{i\\pi} = -1$')`; a tag needs no doubled backslashes. */
export const latex: MarkupTag = markupTag('text/latex', escapeLatex);

/** `describe` makes the text that stands where the markup is not drawn; default what was written. */
function markupTag(mime: string, quote: (text: string) => string, describe?: (source: string) => string): MarkupTag {
  const insert = (value: unknown, escaped: boolean): string => {
    if (Array.isArray(value)) return value.map((item) => insert(item, escaped)).join('');
    if (value instanceof Markup && value.mime === mime) return value.source;
    return escaped ? quote(String(value)) : String(value);
  };
  return (strings: string | TemplateStringsArray, ...values: unknown[]) => {
    if (typeof strings === 'string') return new Markup(mime, strings, describe?.(strings) ?? strings);
    if (!Array.isArray(strings?.raw))
      throw new TypeError(`${mime}: must be a string or a template, got ${typeof strings}`);
    const parts = mime === 'text/latex' ? strings.raw : strings;
    const filled = (escaped: boolean) =>
      parts.map((part, at) => (at < values.length ? part + insert(values[at], escaped) : part)).join('');
    const source = filled(true);
    return new Markup(mime, source, describe?.(source) ?? filled(false));
  };
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function escapeLatex(text: string): string {
  const words: Record<string, string> = {
    '\\': '\\textbackslash{}',
    '~': '\\textasciitilde{}',
    '^': '\\textasciicircum{}',
  };
  return text.replace(/[\\~^{}$&#_%]/g, (char) => words[char] ?? `\\${char}`);
}

/** What HTML says without its tags: a block a line. */
function htmlText(source: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
  return source
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, '')
    .replace(/<(\/?)(p|div|br|tr|li|h[1-6]|table|ul|ol|pre|hr)\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]>/gi, '  ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => names[name]!)
    .replace(/[^\S\n]*\n\s*/g, '\n')
    .trim();
}
