// Errors of types as a person reads them: code and message, the cell's line, a caret under the place. Pure.
import { codeFrame, placeOf } from '../session/errors/syntax-error.ts';
import type { CellError } from '../session/types.ts';
import type { Fault } from './diagnostics.ts';

/** Errors drawn; the rest are counted. */
const SHOWN = 5;

const paint = (code: string) => (text: string) => (text === '' ? '' : `\x1b[${code}m${text}\x1b[0m`);
const [red, yellow, cyan, green, dim] = [paint('31;1'), paint('33;1'), paint('36'), paint('32'), paint('2')] as const;

/** The cell's error; there is at least one. `label` is what the cell is called, such as `In[3]`. */
export function typeError(errors: readonly Fault[], code: string, label: string): CellError {
  const [first] = errors;
  return { name: nameOf(first!), message: first!.message, traceback: draw(errors, code, label, red) };
}

/** The same as printed lines, for cells that run all the same. */
export function typeWarning(errors: readonly Fault[], code: string, label: string): string {
  return `${draw(errors, code, label, yellow).join('\n')}\n`;
}

function draw(errors: readonly Fault[], code: string, label: string, head: (text: string) => string): string[] {
  const lines: string[] = [];
  for (const error of errors.slice(0, SHOWN)) {
    const { line, column } = placeOf(code, error.start);
    const rest = (code.split('\n')[line - 1] ?? '').length - column + 1;
    const length = Math.max(1, Math.min(error.end - error.start, rest));
    lines.push(`${head(nameOf(error))}: ${error.message}`, `    at ${cyan(`${label}:${line}:${column}`)}`);
    lines.push(...codeFrame(code, line, [{ column, length }], [0, 0]).map((text) => paintLine(text, head)));
  }
  if (errors.length > SHOWN) lines.push(dim(`… and ${errors.length - SHOWN} more errors of types`));
  return lines;
}

function nameOf({ code }: Fault): string {
  return `TS${code}`;
}

function paintLine(line: string, head: (text: string) => string): string {
  const [, gutter = '', text = ''] = /^(.*?\|)(.*)$/s.exec(line) ?? [];
  if (gutter.startsWith('--->')) return `${green(gutter)}${text}`;
  return text.trim().startsWith('^') && !/\d/.test(gutter) ? `${dim(gutter)}${head(text)}` : `${dim(gutter)}${text}`;
}
