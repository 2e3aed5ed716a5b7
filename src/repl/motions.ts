// Places in a text that a cursor goes to: words, lines, columns. Pure; offsets are UTF-16 units.
import { graphemes, textWidth } from './width.ts';

const WORD = /[\p{ID_Continue}$]/u;

export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The line's first character that is no space. */
export function firstCharacter(text: string, at: number): number {
  const start = lineStart(text, at);
  return start + /^[ \t]*/.exec(text.slice(start, lineEnd(text, at)))![0].length;
}

/** The beginning of the word before. */
export function wordLeft(text: string, at: number): number {
  let to = at;
  while (to > 0 && !WORD.test(text[to - 1]!)) to--;
  while (to > 0 && WORD.test(text[to - 1]!)) to--;
  return to;
}

/** The end of the word behind. */
export function wordRight(text: string, at: number): number {
  let to = at;
  while (to < text.length && !WORD.test(text[to]!)) to++;
  while (to < text.length && WORD.test(text[to]!)) to++;
  return to;
}

/** The beginning of what stands before, up to a space. */
export function spaceLeft(text: string, at: number): number {
  let to = at;
  while (to > 0 && /\s/.test(text[to - 1]!)) to--;
  while (to > 0 && !/\s/.test(text[to - 1]!)) to--;
  return to;
}

/** Columns from the line's beginning. */
export function columnOf(text: string, at: number): number {
  return textWidth(text.slice(lineStart(text, at), at));
}

/** The line above (-1) or below (1) at a column; `undefined` when there is none. */
export function vertical(text: string, at: number, direction: -1 | 1, column: number): number | undefined {
  const edge = direction < 0 ? lineStart(text, at) : lineEnd(text, at);
  if (direction < 0 ? edge === 0 : edge === text.length) return undefined;
  const start = direction < 0 ? lineStart(text, edge - 1) : edge + 1;
  return start + offsetOfColumn(text.slice(start, lineEnd(text, start)), column);
}

function offsetOfColumn(line: string, column: number): number {
  let offset = 0;
  let seen = 0;
  for (const { text, width } of graphemes(line)) {
    if (seen + width > column) break;
    seen += width;
    offset += text.length;
  }
  return offset;
}
