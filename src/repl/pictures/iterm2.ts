// iTerm2's protocol for pictures: a file of any kind that the terminal reads. Pure. https://iterm2.com/documentation-images.html

/** What shows a picture file over so many columns and rows from the cursor on. */
export function iterm2Picture(file: Buffer, columns: number, rows: number): string {
  const size = `width=${columns};height=${rows};preserveAspectRatio=0`;
  return `\u001b]1337;File=inline=1;size=${file.length};${size};doNotMoveCursor=1:${file.toString('base64')}\u0007`;
}
