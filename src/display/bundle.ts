// What a value looks like to a front end. No Jupyter message is known here: the same bundle feeds kernel, runner and terminal.

/** MIME type → content; `text/plain` is always there. Binary content (PNG) is base64 text, JSON types are plain objects. */
export interface MimeBundle {
  readonly 'text/plain': string;
  readonly [mime: string]: unknown;
}

/** A MIME bundle and its metadata (MIME type → `{ width, height, … }`, sizes in CSS px). */
export interface Display {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A display of text and what richer forms there are of it. */
export function asDisplay(
  text: string,
  richer: Record<string, unknown> = {},
  metadata: Display['metadata'] = {},
): Display {
  return { data: { 'text/plain': text, ...richer }, metadata };
}

/** Text for HTML and SVG, inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char]!);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text without lone surrogates, which clients written in Python can't encode. */
export function wellFormed(text: string): string {
  return loneSurrogate.test(text) ? text.replace(new RegExp(loneSurrogate, 'gu'), '\ufffd') : text;
}

const loneSurrogate = /\p{Surrogate}/u;
