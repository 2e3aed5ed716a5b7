// Pixels of a picture → as many as a terminal shows. Pure.

/** RGBA, 4 bytes a pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type Color = readonly [red: number, green: number, blue: number];

/** Each new pixel is the mean of those that it covers, or, of a picture made larger, the one that it lies in. */
export function resize({ width, height, data }: Pixels, toWidth: number, toHeight: number): Pixels {
  const sums = new Float64Array(4);
  const resized = new Uint8Array(toWidth * toHeight * 4);
  const columns = edges(width, toWidth);
  const rows = edges(height, toHeight);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      sums.fill(0);
      let count = 0;
      for (let row = rows[y]![0]; row < rows[y]![1]; row++) {
        for (let column = columns[x]![0]; column < columns[x]![1]; column++) {
          const at = (row * width + column) * 4;
          const alpha = data[at + 3]!;
          for (let c = 0; c < 3; c++) sums[c]! += data[at + c]! * alpha;
          sums[3]! += alpha;
          count++;
        }
      }
      const to = (y * toWidth + x) * 4;
      // A colour counts as much as it covers.
      for (let c = 0; c < 3; c++) resized[to + c] = sums[3]! > 0 ? Math.round(sums[c]! / sums[3]!) : 0;
      resized[to + 3] = Math.round(sums[3]! / count);
    }
  }
  return { width: toWidth, height: toHeight, data: resized };
}

/** For each new pixel the first old one, and the one behind the last; at least one. */
function edges(from: number, to: number): [start: number, end: number][] {
  return Array.from({ length: to }, (_, at) => {
    const start = Math.min(from - 1, Math.floor((at * from) / to));
    return [start, Math.max(start + 1, Math.min(from, Math.round(((at + 1) * from) / to)))];
  });
}

/** Whether something shines through. */
export function isTransparent({ data }: Pixels): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 255) return true;
  return false;
}

/** The picture on a ground of one colour. */
export function onGround({ width, height, data }: Pixels, ground: Color): Pixels {
  const opaque = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]! / 255;
    for (let c = 0; c < 3; c++) opaque[at + c] = Math.round(data[at + c]! * alpha + ground[c]! * (1 - alpha));
    opaque[at + 3] = 255;
  }
  return { width, height, data: opaque };
}
