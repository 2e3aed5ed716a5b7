// value → display, by one table of formatters that reads from top to bottom: the first that matches draws. A formatter that
// throws is noted and the next one draws; no value makes this throw or reject.
import { asDisplay, type Display, escapeHtml, wellFormed } from './bundle.ts';

/** One row of the table of formatters. */
export interface Formatter {
  readonly name: string;
  /** The row asks the value itself, whose code runs then: not for who only looks. */
  readonly asks?: true;
  /** Cheap, without side effects: runs no getter of the value and imports nothing. */
  matches(value: unknown): boolean;
  /** One line on a value that matched, made at once without running anything of the value's. Where absent, its text does. */
  brief?(value: unknown): string;
  /** Draws a value that matched. A throw makes `render` try the next row. */
  format(value: unknown): Display | Promise<Display>;
}

/** Draws a value. Answers at once unless the row that draws is asynchronous; never throws and never rejects. */
export function render(value: unknown, formatters: readonly Formatter[]): Display | Promise<Display> {
  return drawFrom(0, value, formatters, []);
}

/** Draws by the first row at or after `start` that matches and does not throw; `notes` tell of those that did. */
function drawFrom(
  start: number,
  value: unknown,
  formatters: readonly Formatter[],
  notes: readonly string[],
): Display | Promise<Display> {
  for (let row = start; row < formatters.length; row++) {
    const formatter = formatters[row]!;
    const next = (error: unknown) =>
      drawFrom(row + 1, value, formatters, [...notes, `${formatter.name} could not draw this: ${reason(error)}`]);
    try {
      if (!formatter.matches(value)) continue;
      const display = formatter.format(value);
      if (isDisplay(display)) return finish(display, notes);
      // A user's own thenable may never settle; that one display is then missing, nothing else.
      return Promise.resolve(display)
        .then((drawn) => {
          if (!isDisplay(drawn)) throw new TypeError('it gave no MIME bundle');
          return finish(drawn, notes);
        })
        .catch(next);
    } catch (error) {
      return next(error);
    }
  }
  return finish(asDisplay(`[${typeof value}]`), notes);
}

function isDisplay(value: unknown): value is Display {
  return typeof (value as Partial<Display> | undefined)?.data?.['text/plain'] === 'string';
}

/** Adds the notes, and replaces lone surrogates, which clients written in Python can't encode. */
function finish({ data, metadata }: Display, notes: readonly string[]): Display {
  const finished: Record<string, unknown> = {};
  for (const mime in data) {
    const content = data[mime];
    finished[mime] = typeof content === 'string' ? wellFormed(content) : content;
  }
  let text = finished['text/plain'] as string;
  if (notes.length > 0) {
    text += notes.map((note) => `\n(${wellFormed(note)})`).join('');
    const html = finished['text/html'];
    if (typeof html === 'string')
      finished['text/html'] =
        html + notes.map((note) => `<div style="opacity:.7">(${escapeHtml(wellFormed(note))})</div>`).join('');
  }
  return { data: { ...finished, 'text/plain': text }, metadata };
}

/** A thrown value in a line; it may be anything, hostile objects included. */
function reason(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  } catch {
    return 'it threw a value that can not be read either';
  }
}
