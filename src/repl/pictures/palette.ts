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
  const boxes = bins.size > 0 ? [[...bins.values()]] : [];
  while (boxes.length < most) {
    const widest = boxes
      .map(spread)
      .reduce((best, one, at, all) => (one.width > (all[best]?.width ?? 0) ? at : best), -1);
    if (widest < 0) break;
    boxes.push(...halves(boxes.splice(widest, 1)[0]!));
  }
  const place = new Int16Array(1 << 15);
  for (const [at, box] of boxes.entries()) for (const bin of box) place[bin.key] = at;
  return { colors: boxes.map(mean), place };
}

/** The channel in which a box's colours differ most, weighted by how many pixels it is for. */
function spread(box: readonly Bin[]): { channel: number; width: number } {
  const widths = [0, 1, 2].map((channel) => {
    let [low, high] = [255, 0];
    for (const { sum, count } of box) {
      low = Math.min(low, sum[channel]! / count);
      high = Math.max(high, sum[channel]! / count);
    }
    return high - low;
  });
  const channel = widths.indexOf(Math.max(...widths));
  const pixels = box.reduce((total, { count }) => total + count, 0);
  return { channel, width: box.length < 2 ? 0 : widths[channel]! * Math.sqrt(pixels) };
}

function halves(box: readonly Bin[]): [Bin[], Bin[]] {
  const { channel } = spread(box);
  const sorted = box.toSorted((one, other) => one.sum[channel]! / one.count - other.sum[channel]! / other.count);
  const half = sorted.reduce((total, { count }) => total + count, 0) / 2;
  let seen = 0;
  const middle = sorted.findIndex(({ count }) => {
    seen += count;
    return seen >= half;
  });
  const at = Math.min(sorted.length - 1, Math.max(1, middle));
  return [sorted.slice(0, at), sorted.slice(at)];
}

function mean(box: readonly Bin[]): Color {
  const count = box.reduce((total, one) => total + one.count, 0);
  const part = (channel: number) => Math.round(box.reduce((total, { sum }) => total + sum[channel]!, 0) / count);
  return [part(0), part(1), part(2)];
}
