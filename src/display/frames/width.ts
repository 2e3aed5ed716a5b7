// How many columns of a terminal a text takes: one a character, two for East Asian ones and pictures, none for marks that join.

export function textColumns(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += joined.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return columns;
}

const plain = /^[\x20-\x7e]*$/;
const joined = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** The text filled up to a width with blanks. */
export function padded(text: string, width: number, right: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - textColumns(text)));
  return right ? blank + text : text + blank;
}
