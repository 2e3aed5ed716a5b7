// What can be done to the text by one key: the table of edits by name. Which key does which is keymaps.ts.
import type { EditBuffer } from './buffer.ts';
import { INDENT, indentAfter, indentOfCloser } from './indent.ts';
import { firstCharacter, lineEnd, lineStart, spaceLeft, wordLeft, wordRight } from './motions.ts';
import { nextOffset, previousOffset } from './width.ts';

type Edit = (buffer: EditBuffer) => void;

const goes =
  (place: (text: string, at: number) => number): Edit =>
  (buffer) =>
    buffer.move(place(buffer.text, buffer.cursor));

/** Cuts out what lies between the cursor and a place. */
const cuts =
  (place: (text: string, at: number) => number): Edit =>
  (buffer) => {
    const to = place(buffer.text, buffer.cursor);
    buffer.kill(Math.min(to, buffer.cursor), Math.max(to, buffer.cursor));
  };

export const EDITS = {
  left: goes((text, at) => previousOffset(text, at)),
  right: goes((text, at) => nextOffset(text, at)),
  'word-left': goes(wordLeft),
  'word-right': goes(wordRight),
  'line-start': goes((text, at) => (at === firstCharacter(text, at) ? lineStart(text, at) : firstCharacter(text, at))),
  'line-end': goes(lineEnd),
  'cell-start': goes(() => 0),
  'cell-end': goes((text) => text.length),
  'delete-left': (buffer) => {
    const { text, cursor } = buffer;
    const start = lineStart(text, cursor);
    const before = text.slice(start, cursor);
    // A step of the indent at once.
    if (before.length >= INDENT.length && /^ +$/.test(before))
      return buffer.replace(cursor - (before.length % INDENT.length || INDENT.length), cursor, '', 'delete');
    buffer.deleteLeft();
  },
  'delete-right': (buffer) => buffer.deleteRight(),
  'cut-to-line-end': (buffer) => {
    const end = lineEnd(buffer.text, buffer.cursor);
    buffer.kill(buffer.cursor, end === buffer.cursor ? nextOffset(buffer.text, end) : end);
  },
  'cut-to-line-start': cuts(lineStart),
  'cut-word': cuts(wordRight),
  'cut-word-left': cuts(wordLeft),
  'cut-space-left': cuts(spaceLeft),
  yank: (buffer) => buffer.yank(),
  'yank-older': (buffer) => buffer.yankPop(),
  undo: (buffer) => buffer.undo(),
  redo: (buffer) => buffer.redo(),
  transpose: (buffer) => {
    const { text, cursor } = buffer;
    const at = cursor === lineEnd(text, cursor) ? previousOffset(text, cursor) : cursor;
    const before = previousOffset(text, at);
    if (before < lineStart(text, at) || at === before) return;
    const end = nextOffset(text, at);
    buffer.replace(before, end, text.slice(at, end) + text.slice(before, at));
  },
  uppercase: (buffer) => changeWord(buffer, (word) => word.toUpperCase()),
  lowercase: (buffer) => changeWord(buffer, (word) => word.toLowerCase()),
  capitalize: (buffer) => changeWord(buffer, (word) => word.replace(/\p{L}/u, (letter) => letter.toUpperCase())),
  newline: (buffer) => buffer.insert(`\n${indentAfter(buffer.text, buffer.cursor)}`),
  indent: (buffer) => buffer.insert(INDENT),
  dedent: (buffer) => {
    const start = lineStart(buffer.text, buffer.cursor);
    const [spaces] = /^(?: {1,2}|\t)?/.exec(buffer.text.slice(start))!;
    const cursor = Math.max(start, buffer.cursor - spaces.length);
    buffer.replace(start, start + spaces.length, '');
    buffer.move(cursor);
  },
  'toggle-comment': (buffer) => {
    const { text, cursor } = buffer;
    const at = firstCharacter(text, cursor);
    const [mark] = /^\/\/ ?|/.exec(text.slice(at))!;
    if (mark !== '') buffer.replace(at, at + mark.length, '');
    else buffer.replace(at, at, '// ');
    buffer.move(cursor + (cursor < at ? 0 : mark === '' ? 3 : -Math.min(mark.length, cursor - at)));
  },
} as const satisfies Readonly<Record<string, Edit>>;

export type EditName = keyof typeof EDITS;

/** Types text at the cursor. A bracket that closes goes under the line that opened it, when it is its line's first character. */
export function typeText(buffer: EditBuffer, typed: string): void {
  const { text, cursor } = buffer;
  const start = lineStart(text, cursor);
  if (/^[)\]}]$/.test(typed) && start > 0 && /^[ \t]*$/.test(text.slice(start, cursor))) {
    const indent = indentOfCloser(text, cursor);
    if (indent !== undefined) return buffer.replace(start, cursor, indent + typed, 'type');
  }
  buffer.insert(typed);
}

function changeWord(buffer: EditBuffer, change: (word: string) => string): void {
  const { text, cursor } = buffer;
  const end = wordRight(text, cursor);
  buffer.replace(cursor, end, change(text.slice(cursor, end)));
}
