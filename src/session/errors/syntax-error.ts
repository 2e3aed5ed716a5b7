// A cell that cannot run: what is wrong and where, in the text that the person typed. Draws no colours.

/** A place in a text; `line` and `column` count from 1, `column` in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset. */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The offset of a place; the end of the text when it lies beyond. */
export function offsetOf(text: string, { line, column }: Place): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return text.length;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}

/** A cell's text that is refused before any of it runs. */
export class CellSyntaxError extends SyntaxError {
  readonly line: number;
  readonly column: number;
  /** Length of the wrong part in UTF-16 units, at least 1, cut at the end of its line. */
  readonly length: number;
  /** The lines around, with an arrow and a caret. */
  readonly frame: string;
  /** What the cell is called, such as `In[3]`; set by who knows it. */
  label: string | undefined;

  /** `start` and `end` are offsets into `code`. */
  constructor(message: string, code: string, start: number, end = start + 1) {
    super(message);
    const { line, column } = placeOf(code, start);
    const text = code.split('\n')[line - 1] ?? '';
    this.line = line;
    this.column = column;
    this.length = Math.max(1, Math.min(end - start, text.length - column + 1));
    this.frame = codeFrame(code, line, [{ column, length: this.length }]).join('\n');
  }

  /** The same in another text that has the wrong part at the same place. */
  within(code: string): CellSyntaxError {
    const start = offsetOf(code, this);
    return new CellSyntaxError(this.message, code, start, start + this.length);
  }

  override get name(): string {
    return 'SyntaxError';
  }
}

/** Which part of a frame's line a caret points at. */
export interface Mark {
  readonly column: number;
  readonly length: number;
}

/**
 * The lines around `line` with their numbers, an arrow at the line itself: `around` lines before and after (default 2 and 1).
 * Carets stand under the marks, which come from left to right.
 */
export function codeFrame(
  code: string,
  line: number,
  marks: readonly Mark[] = [],
  around: readonly [number, number] = [2, 1],
): string[] {
  const lines = code.split('\n');
  const first = Math.max(1, line - around[0]);
  const last = Math.min(lines.length, line + around[1]);
  const width = Math.max(String(last).length, 3);
  const frame: string[] = [];
  for (let n = first; n <= last; n++) {
    const text = lines[n - 1]!.replace(/\r$/, '');
    const gutter = n === line ? `---> ${String(n).padStart(width)} | ` : `     ${String(n).padStart(width)} | `;
    frame.push((gutter + text).trimEnd());
    if (n !== line || marks.length === 0) continue;
    let carets = '';
    for (const { column, length } of marks) {
      // Tabs stay tabs before the caret, so that it stands under its character whatever their width.
      carets += text.slice(carets.length, column - 1).replace(/[^\t]/g, ' ') + '^'.repeat(length);
    }
    frame.push(`${' '.repeat(width + 5)} | ${carets}`);
  }
  return frame;
}
