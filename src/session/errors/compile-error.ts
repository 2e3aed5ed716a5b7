// A syntax error that V8 finds and the parser does not, told at its place in the cell.
import { sources } from './sources.ts';
import { CellSyntaxError, offsetOf } from './syntax-error.ts';

/** The error for a cell that did not compile; anything but a SyntaxError comes back as it is. */
export function compileError(error: unknown, file: string, code: string): unknown {
  if (!(error instanceof SyntaxError)) return error;
  // V8 tells the place only in the text of the stack: file and line, the line itself, a caret below it.
  const [head = '', , caret = ''] = (error.stack ?? '').split('\n');
  const line = Number(/:(\d+)$/.exec(head)?.[1] ?? 1);
  const origin = sources.find(file, { line, column: caret.indexOf('^') + 1 || 1 });
  const start = origin === undefined ? 0 : offsetOf(code, origin);
  return new CellSyntaxError(error.message, code, start, start + (/\^+/.exec(caret)?.[0].length ?? 1));
}
