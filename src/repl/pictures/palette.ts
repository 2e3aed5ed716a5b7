// Few colours for a picture of many: median cut over its colours in 5 bits a channel. Pure.
import type { Color, Pixels } from './pixels.ts';

/** A picture's colours, and for each 15-bit colour of it (`key`) the place of the one that stands for it. */
export interface Palette {
  readonly colors: readonly Color[];
  readonly place: Int16Array;
}

/** A colour of the picture, as the sum of the pixels that have it in 5 bits a channel. */
interface Bin {
  readonly key: number;
  count: number;
  readonly sum: [number, number, number];
}

export function key(red: number, green: number, blue: number): number {
  return ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
}

/** At most `most` colours; what is less than half there is left out. */
export function makePalette({ data }: Pixels, most: number): Palette {
  const bins = new Map<number, Bin>();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3]! < 128) continue;
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const found = bins.get(key(red, green, blue));
    const bin = found ?? { key: key(red, green, blue), count: 0, sum: [0, 0, 0] };
    if (!found) bins.set(bin.key, bin);
    bin.count++;
    bin.sum[0] += red;
    bin.sum[1] += green;
    bin.sum[2] += blue;
  }
  const boxes: Box[] = bins.size > 0 ? [boxOf([...bins.values()])] : [];
  while (boxes.length < most) {
    const widest = boxes.reduce((best, { width }, at) => (width > (boxes[best]?.width ?? 0) ? at : best), -1);
    if (widest < 0) break;
    boxes.push(...halves(boxes.splice(widest, 1)[0]!));
  }
  const place = new Int16Array(1 << 15);
  for (const [at, { bins: own }] of boxes.entries()) for (const bin of own) place[bin.key] = at;
  return { colors: boxes.map(mean), place };
}

/** Colours that one is to stand for. */
interface Box {
  readonly bins: readonly Bin[];
  /** The channel in which they differ most, and how much, weighted by how many pixels they are for; 0: they are one. */
  readonly channel: number;
  readonly width: number;
}

function boxOf(bins: readonly Bin[]): Box {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  let pixels = 0;
  for (const { sum, count } of bins) {
    pixels += count;
    for (let channel = 0; channel < 3; channel++) {
      const value = sum[channel]! / count;
      low[channel] = Math.min(low[channel]!, value);
      high[channel] = Math.max(high[channel]!, value);
    }
  }
  const widths = high.map((value, channel) => value - low[channel]!);
  const channel = widths.indexOf(Math.max(...widths));
  return { bins, channel, width: bins.length < 2 ? 0 : widths[channel]! * Math.sqrt(pixels) };
}

/** Two boxes of about as many pixels. */
function halves({ bins, channel }: Box): [Box, Box] {
  const sorted = bins.toSorted((one, other) => one.sum[channel]! / one.count - other.sum[channel]! / other.count);
  const half = sorted.reduce((total, { count }) => total + count, 0) / 2;
  let seen = 0;
  const middle = sorted.findIndex(({ count }) => {
    seen += count;
    return seen >= half;
  });
  const at = Math.min(sorted.length - 1, Math.max(1, middle));
  return [boxOf(sorted.slice(0, at)), boxOf(sorted.slice(at))];
}

function mean({ bins }: Box): Color {
  const count = bins.reduce((total, one) => total + one.count, 0);
  const part = (channel: number) => Math.round(bins.reduce((total, { sum }) => total + sum[channel]!, 0) / count);
  return [part(0), part(1), part(2)];
}
