// How far a line of a cell is set in. Pure.
import { findBrackets } from '../session/rewrite/brackets.ts';
import { firstCharacter, lineStart } from './motions.ts';

export const INDENT = '  ';

/**
 * The white space that a new line behind `at` begins with: that of the line whose bracket is open there and one step more, or else that of
 * the present line.
 */
export function indentAfter(text: string, at: number): string {
  const before = text.slice(0, at);
  const { open, inText } = findBrackets(before);
  if (inText) return '';
  const last = open.at(-1);
  if (last === undefined) {
    // Behind the end of a statement of several lines: where that began.
    return leading(before, at);
  }
  return leading(before, last) + INDENT;
}

/** Where a line goes whose first character closes a bracket: under the line that opened it. `undefined` when it closes none. */
export function indentOfCloser(text: string, at: number): string | undefined {
  const { open, inText } = findBrackets(text.slice(0, at));
  const last = open.at(-1);
  return inText || last === undefined ? undefined : leading(text, last);
}

/** The bracket that belongs to the one at the cursor or before it; both offsets. */
export function matchingPair(text: string, cursor: number): readonly [number, number] | undefined {
  const near = [cursor, cursor - 1].filter((at) => /[()[\]{}]/.test(text[at] ?? ''));
  if (near.length === 0) return undefined;
  const { pairs } = findBrackets(text);
  for (const at of near) {
    const pair = pairs.find(([open, close]) => open === at || close === at);
    if (pair) return pair;
  }
  return undefined;
}

function leading(text: string, at: number): string {
  return text.slice(lineStart(text, at), firstCharacter(text, at));
}
