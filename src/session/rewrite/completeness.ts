// Whether a cell's text can run as it is or waits for another line, and how far that line is indented.

import type { Completeness } from '../types.ts';
import { findBrackets } from './brackets.ts';
import { findMagics } from './magic-lines.ts';
import { parseVerdict } from './verdict.ts';

/**
 * The parser's verdict on a cell; magics count as complete. `indent` has two spaces for each open bracket, and is empty inside of an open
 * template or comment, whose lines are nobody's to indent.
 */
export function completeness(code: string): Completeness {
  const { code: plain } = findMagics(code);
  const status = parseVerdict(plain);
  if (status !== 'incomplete') return { status };
  const { open, inText } = findBrackets(plain);
  return { status, indent: inText ? '' : '  '.repeat(open.length) };
}
