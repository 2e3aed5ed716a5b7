// Pixels → DEC's sixels: bands of six rows, drawn colour by colour. Pure. https://vt100.net/docs/vt3xx-gp/chapter14.html
import { key, makePalette } from './palette.ts';
import type { Pixels } from './pixels.ts';

/** Colours that terminals take. */
const COLORS = 256;

/** The sequence that shows a picture from the cursor on. What is less than half there is left as it is. */
export function sixelPicture(pixels: Pixels): string {
  const { width, height, data } = pixels;
  const { colors, place } = makePalette(pixels, COLORS);
  const percent = (part: number) => Math.round((part / 255) * 100);
  const table = colors.map((color, at) => `#${at};2;${color.map(percent).join(';')}`).join('');
  let drawn = '';
  for (let top = 0; top < height; top += 6) {
    /** Each colour's bits of the band, by column. */
    const band = new Map<number, Uint8Array>();
    for (let row = 0; row < Math.min(6, height - top); row++) {
      for (let x = 0; x < width; x++) {
        const at = ((top + row) * width + x) * 4;
        if (data[at + 3]! < 128) continue;
        const color = place[key(data[at]!, data[at + 1]!, data[at + 2]!)]!;
        let bits = band.get(color);
        if (!bits) {
          bits = new Uint8Array(width);
          band.set(color, bits);
        }
        bits[x]! |= 1 << row;
      }
    }
    drawn += `${[...band].map(([color, bits]) => `#${color}${packed(bits)}`).join('$')}-`;
  }
  return `\u001bP0;1;0q"1;1;${width};${height}${table}${drawn}\u001b\\`;
}

/** A row of sixels, repeated ones counted; empty ones at the end are left out. */
function packed(bits: Uint8Array): string {
  let text = '';
  const end = bits.findLastIndex((one) => one !== 0) + 1;
  for (let at = 0; at < end; ) {
    let next = at + 1;
    while (next < end && bits[next] === bits[at]) next++;
    const character = String.fromCharCode(63 + bits[at]!);
    const count = next - at;
    text += count > 3 ? `!${count}${character}` : character.repeat(count);
    at = next;
  }
  return text;
}
