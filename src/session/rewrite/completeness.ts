// Whether a cell's text can run as it is or waits for another line, and how far that line is indented.

import type { Completeness } from '../types.ts';
import { findMagics } from './magic-lines.ts';
import { parseVerdict } from './verdict.ts';

/** The parser's verdict on a cell; magics count as complete. `indent` has two spaces for each open bracket. */
export function completeness(code: string): Completeness {
  const { code: plain } = findMagics(code);
  const status = parseVerdict(plain);
  return status === 'incomplete' ? { status, indent: '  '.repeat(openBrackets(plain)) } : { status };
}

/**
 * Brackets left open, outside of strings, templates and comments; 0 inside of an open template or comment, whose lines are
 * nobody's to indent. Regular expressions are not told from divisions: for an indent that is near enough.
 */
function openBrackets(code: string): number {
  const open: string[] = [];
  const token = /\/\/.*|\/\*[\s\S]*?(\*\/|$)|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*\2?|[`(){}[\]]/g;
  for (let match = token.exec(code); match !== null; match = token.exec(code)) {
    const [text] = match;
    if (text.startsWith('/*') && match[1] === '') return 0;
    if (text === '`' || (text === '}' && open.at(-1) === '${')) {
      if (text === '}') open.pop();
      // The template's text, up to its end or to the next `${`.
      const rest = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;
      rest.lastIndex = token.lastIndex;
      rest.exec(code);
      if (rest.lastIndex >= code.length) return 0;
      if (code.startsWith('${', rest.lastIndex)) open.push('${');
      token.lastIndex = rest.lastIndex + (code.charAt(rest.lastIndex) === '`' ? 1 : 2);
    } else if ('([{'.includes(text)) open.push(text);
    else if (')]}'.includes(text)) open.pop();
  }
  return open.length;
}
