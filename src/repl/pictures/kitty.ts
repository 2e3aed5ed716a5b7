// Kitty's graphics protocol: a PNG in pieces, placed at the cursor or, for tmux, by characters that stand for its parts. Pure.
// https://sw.kovidgoyal.net/kitty/graphics-protocol/

/** Characters of a piece. */
const PIECE = 4096;
const PLACEHOLDER = String.fromCodePoint(0x10eeee);

/** What sends a PNG, as sequences; shown over so many columns and rows from the cursor on, which stays. */
export function kittyPicture(png: Buffer, columns: number, rows: number): string[] {
  return pieces(png, `a=T,f=100,q=2,C=1,c=${columns},r=${rows}`);
}

/** A picture's number. tmux passes colours of 256 on whole, of 24 bits not always: one holds its last byte, a mark its first. */
export interface PictureId {
  /** 16 to 255. */
  readonly color: number;
  /** 1 to `MOST_ROWS` - 1. */
  readonly mark: number;
}

/** What sends a PNG that `kittyPlaceholders` show. */
export function kittyVirtual(png: Buffer, { color, mark }: PictureId, columns: number, rows: number): string[] {
  return pieces(png, `a=T,U=1,f=100,q=2,i=${mark * 2 ** 24 + color},c=${columns},r=${rows}`);
}

/** Lines of characters in whose places the picture's parts stand, so that what knows only text can move them. */
export function kittyPlaceholders({ color, mark }: PictureId, columns: number, rows: number): string[] {
  return Array.from({ length: rows }, (_, row) => {
    // Those behind the first count on from it.
    const first = `${PLACEHOLDER}${marked(row)}${marked(0)}${marked(mark)}`;
    return `\u001b[38;5;${color}m${first}${PLACEHOLDER.repeat(columns - 1)}\u001b[39m`;
  });
}

function pieces(png: Buffer, keys: string): string[] {
  const text = png.toString('base64');
  const count = Math.max(1, Math.ceil(text.length / PIECE));
  return Array.from({ length: count }, (_, at) => {
    const more = `m=${at + 1 < count ? 1 : 0}`;
    return `\u001b_G${at === 0 ? `${keys},${more}` : `q=2,${more}`};${text.slice(at * PIECE, (at + 1) * PIECE)}\u001b\\`;
  });
}

function marked(number: number): string {
  return String.fromCodePoint(MARKS[number]!);
}

/** The combining marks that number rows and columns, in the protocol's order. */
const MARKS = [
  0x305, 0x30d, 0x30e, 0x310, 0x312, 0x33d, 0x33e, 0x33f, 0x346, 0x34a, 0x34b, 0x34c, 0x350, 0x351, 0x352, 0x357, 0x35b,
  0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36a, 0x36b, 0x36c, 0x36d, 0x36e, 0x36f, 0x483, 0x484, 0x485, 0x486,
  0x487, 0x592, 0x593, 0x594, 0x595, 0x597, 0x598, 0x599, 0x59c, 0x59d, 0x59e, 0x59f, 0x5a0, 0x5a1, 0x5a8, 0x5a9, 0x5ab,
  0x5ac, 0x5af, 0x5c4, 0x610, 0x611, 0x612, 0x613, 0x614, 0x615, 0x616, 0x617, 0x657, 0x658,
];

/** Rows that can be numbered. */
export const MOST_ROWS = MARKS.length;
