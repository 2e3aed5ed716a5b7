// Columns that text takes on a terminal, character by character as a person counts them (grapheme clusters).
import { eastAsianWidth } from 'get-east-asian-width';

/** What a person takes for one character, and its columns. Width 0 joins the character before it. */
export interface Grapheme {
  readonly text: string;
  readonly width: number;
}

const ASCII = /^[\x20-\x7e]*$/;
// Conjoining vowels and final consonants of Hangul are no marks to Unicode, and take no column of their own.
const NO_WIDTH = /^(?:\p{Default_Ignorable_Code_Point}|\p{Control}|\p{Mn}|\p{Me}|\p{Cf}|\p{Cs}|[\u1160-\u11ff])$/u;
// TypeScript takes the flag only for a later target than ours; Node has had it since version 20.
const SETS: string = 'v';
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', SETS);

let segmenter: Intl.Segmenter | undefined;

/** The characters of a text without line breaks. */
export function graphemes(text: string): Grapheme[] {
  if (ASCII.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => ({ text: segment, width: widthOf(segment) }));
}

/** Columns of a text; a tab counts as two. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((sum, { width }) => sum + width, 0);
}

/** Whether terminals may not agree on a character's width: what follows it is then placed by column. */
export function isUncertain(grapheme: string): boolean {
  return grapheme.length > 1 || grapheme.charCodeAt(0) >= 0x300;
}

/** The offset of the next character's beginning, counted in UTF-16 units. */
export function nextOffset(text: string, at: number): number {
  if (at >= text.length) return text.length;
  // Far enough for every cluster that stands in a text of a person's.
  const [first] = graphemes(text.slice(at, at + 64).split('\n', 1)[0]!);
  return at + (first?.text.length ?? 1);
}

/** The offset at which the character before `at` begins. */
export function previousOffset(text: string, at: number): number {
  if (at <= 0) return 0;
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return at - (graphemes(line.slice(-256)).at(-1)?.text.length ?? 1);
}

function widthOf(grapheme: string): number {
  if (grapheme === '\t') return 2;
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) if (!NO_WIDTH.test(character)) width += eastAsianWidth(character.codePointAt(0)!);
  return width;
}
