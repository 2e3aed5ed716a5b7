// Lines that start with `%` or `!`: where a cell has magics, and what stands in for them while the rest is parsed.
// Knows by name only those whose argument is code: the table of magics is elsewhere.
import { parseVerdict } from './verdict.ts';

/** A magic as it stands in a cell; `start` and `end` are UTF-16 offsets, the end without its line break. */
export interface Magic {
  /** `%name args`, `%%name args` with the rest of the cell as body, or `!command`. */
  readonly kind: 'line' | 'cell' | 'shell';
  /** Without `%`; empty for a shell command. */
  readonly name: string;
  /** What follows the name, or the command; trimmed. */
  readonly args: string;
  /** Counts from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** A cell magic's lines below the first. */
  readonly body?: string;
  /** Where the code begins that `%time` and its kin run: it goes on to `end`, or to the end of the cell. */
  readonly codeStart?: number;
}

/** Magics whose argument is code of the cell, behind options such as `-n 5`. */
const takesCode = /^(%%?)(?:time|timeit|profile)(?![\w.-])(?:[ \t]+-[a-z][ \t]*\d+)*[ \t]*/;

/** Stands for a magic in the text that is rewritten, in the order of the magics: a letter that nobody types. */
export const MAGIC_MARK = '\uA000';

export interface Magics {
  /** The cell with each magic blanked out: same length, same lines, and it parses where the cell with magics would. */
  readonly code: string;
  readonly magics: readonly Magic[];
}

/**
 * Finds the magics of a cell: lines whose first character is `%` before a name, or `!` before a command. A line inside of a
 * template, a comment or an open expression is none. `!x` at a line's start is always a command, never a negation; a command
 * that ends with `\` goes on in the next line.
 */
export function findMagics(code: string): Magics {
  return find(code, ';');
}

/** As `findMagics` with the code of `%time` and its kin left in its place: what there is to check and to complete in a cell. */
export function codeBesideMagics(code: string): string {
  let { code: plain, magics } = findMagics(code);
  for (const { codeStart, end, kind } of magics) {
    if (codeStart === undefined) continue;
    const last = kind === 'cell' ? code.length : end;
    plain = plain.slice(0, codeStart) + code.slice(codeStart, last) + plain.slice(last);
  }
  return plain;
}

/** As `findMagics`, with a statement that the rewrite knows again in each magic's place. */
export function markMagics(code: string): Magics {
  return find(code, MAGIC_MARK);
}

const candidate = /^(?:%(?=[A-Za-z_])|!(?!=)[ \t]*(?=\S))/m;
const cellMagic = /^\s*%%(?=[A-Za-z_])/;

function find(code: string, mark: string): Magics {
  const whole = cellMagic.exec(code);
  if (whole !== null) return wholeCell(code, whole[0].length - 2, mark);
  if (!candidate.test(code)) return { code, magics: [] };
  const magics: Magic[] = [];
  let seen = '';
  let line = 1;
  for (let start = 0; start < code.length; ) {
    const end = endOfLine(code, start);
    const text = code.slice(start, end);
    if (candidate.test(text) && isStatementStart(seen)) {
      const last = text.startsWith('!') ? endOfCommand(code, end) : end;
      const whole = code.slice(start, last);
      magics.push({ ...parse(whole), line, start, end: last, ...codeOf(whole, start) });
      seen += blank(whole, mark) + code.slice(last, last + 1);
      line += whole.split('\n').length;
      start = last + 1;
    } else {
      seen += code.slice(start, end + 1);
      line++;
      start = end + 1;
    }
  }
  return { code: seen, magics };
}

function wholeCell(code: string, start: number, mark: string): Magics {
  const end = endOfLine(code, start);
  const head = parse(code.slice(start + 1, end));
  const body = code.slice(end + 1);
  const line = code.slice(0, start).split('\n').length;
  const blanked = code.slice(0, start) + blank(code.slice(start), mark);
  const inner = takesCode.test(code.slice(start, end)) ? { codeStart: Math.min(end + 1, code.length) } : {};
  return { code: blanked, magics: [{ ...head, kind: 'cell', line, start, end, body, ...inner }] };
}

function codeOf(text: string, start: number): Pick<Magic, 'codeStart'> {
  const options = takesCode.exec(text);
  return options === null ? {} : { codeStart: start + options[0].length };
}

/** Whether a new statement may begin after `before`: it is complete, or wrong in a way that more text does not mend. */
function isStatementStart(before: string): boolean {
  return before.trim() === '' || parseVerdict(before) !== 'incomplete';
}

function parse(text: string): Pick<Magic, 'kind' | 'name' | 'args'> {
  if (text.startsWith('!')) return { kind: 'shell', name: '', args: text.slice(1).trim() };
  const [, name, args] = /^%([\w.-]+)\s*(.*)$/s.exec(text)!;
  return { kind: 'line', name: name!, args: args!.trim() };
}

/** A statement of two characters where the magic was, then spaces; its line breaks stay. A magic has at least two. */
function blank(text: string, mark: string): string {
  return `${mark};${text.slice(2).replace(/[^\r\n]/g, ' ')}`;
}

function endOfLine(code: string, start: number): number {
  const end = code.indexOf('\n', start);
  return end === -1 ? code.length : end;
}

function endOfCommand(code: string, end: number): number {
  let last = end;
  while (last < code.length && code.slice(0, last).trimEnd().endsWith('\\') && code.charAt(last - 1) !== '\n')
    last = endOfLine(code, last + 1);
  return last;
}
