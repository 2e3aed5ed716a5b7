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
