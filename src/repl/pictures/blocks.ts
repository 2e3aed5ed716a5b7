// Pixels → half blocks: two pixels a character, the upper one its foreground, the lower one its background. Pure.
import type { Color, Pixels } from './pixels.ts';

/** How many colours a terminal has. */
export type Depth = 'true' | '256';

/** Lines of text. The height of the picture must be even; pixels of which less than half is there show the terminal's own ground. */
export function drawBlocks({ width, height, data }: Pixels, depth: Depth): string[] {
  const pixel = (x: number, y: number): Color | undefined => {
    const at = (y * width + x) * 4;
    return data[at + 3]! < 128 ? undefined : [data[at]!, data[at + 1]!, data[at + 2]!];
  };
  const code = depth === 'true' ? trueColor : paletteColor;
  return Array.from({ length: height / 2 }, (_, row) => {
    let line = '';
    let style = '';
    for (let x = 0; x < width; x++) {
      const [upper, lower] = [pixel(x, row * 2), pixel(x, row * 2 + 1)];
      const character = upper ? '▀' : lower ? '▄' : ' ';
      const front = upper ?? lower;
      const wanted = `${front ? `3${code(front)}` : '39'};${upper && lower ? `4${code(lower)}` : '49'}`;
      if (wanted !== style) line += `\u001b[${wanted}m`;
      style = wanted;
      line += character;
    }
    return `${line}\u001b[39;49m`;
  });
}

function trueColor(color: Color): string {
  return `8;2;${color.join(';')}`;
}

/** The nearest of xterm's 256: the cube of 6 × 6 × 6, or the 24 greys. */
function paletteColor(color: Color): string {
  const steps = color.map((part) => Math.min(5, Math.max(0, Math.round((part - 55) / 40))));
  const cube = steps.map((step) => (step === 0 ? 0 : 55 + step * 40));
  const grey = Math.min(23, Math.max(0, Math.round(((color[0] + color[1] + color[2]) / 3 - 8) / 10)));
  const distance = (other: readonly number[]) => other.reduce((sum, part, c) => sum + (part - color[c]!) ** 2, 0);
  const greyIsNearer = distance([0, 0, 0].fill(8 + grey * 10)) < distance(cube);
  return `8;5;${greyIsNearer ? 232 + grey : 16 + 36 * steps[0]! + 6 * steps[1]! + steps[2]!}`;
}
