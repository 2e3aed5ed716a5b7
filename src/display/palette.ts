// Colours of numbers, safe for colour-blind eyes: viridis for one sign, blue–white–red for two. 61 steps, so that a picture is
// small: no eye tells more apart. Black to white for images.

type Color = readonly [number, number, number, number];

const viridis =
  '440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725';
const blueWhiteRed = '053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f';

const steps = 61;
/** Indices after the steps: no value (a gap between edges), and a value that is NaN or infinite. */
export const gapIndex = steps;
export const nonFiniteIndex = steps + 1;

export interface Scale {
  /** The values of the first and the last colour. */
  readonly low: number;
  readonly high: number;
  readonly palette: readonly Color[];
  /** The palette index of a value. */
  index(value: number): number;
}

/** The least and the greatest of the values that are to be coloured. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * The scale of values in `min`…`max`: from zero outwards in two colours when they have both signs, or black to white. A few of
 * the `values` far from all others get the last colours, so that the others differ.
 */
export function scaleOf(range: Range, colors: 'value' | 'grey' = 'value', values: ArrayLike<number> = []): Scale {
  const { min, max } = colors === 'grey' ? range : withoutFar(range, values);
  const signed = range.min < 0 && range.max > 0;
  const high = signed ? Math.max(-min, max) : max;
  const low = signed ? -high : min;
  const factor = high > low ? (steps - 1) / (high - low) : 0;
  return {
    low,
    high,
    palette: [
      ...gradient(colors === 'grey' ? '000000 ffffff' : signed ? blueWhiteRed : viridis),
      [0, 0, 0, 0],
      [255, 0, 200, 255],
    ],
    index: (value) =>
      Number.isFinite(value) ? Math.min(steps - 1, Math.max(0, Math.round((value - low) * factor))) : nonFiniteIndex,
  };
}

/** The part of a range that nearly all values lie in, where the rest lies far from it. */
function withoutFar(range: Range, values: ArrayLike<number>): Range {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length < 100) return range;
  const low = sorted[Math.floor(sorted.length * 0.005)]!;
  const high = sorted[Math.ceil(sorted.length * 0.995) - 1]!;
  const room = high - low;
  if (room === 0) return range;
  return {
    min: range.min < low - 2 * room ? low : range.min,
    max: range.max > high + 2 * room ? high : range.max,
  };
}

/** The palette indices of the whole scale, left to right: a colour key. */
export const keyIndices: Uint8Array = Uint8Array.from({ length: steps }, (_, i) => i);

function gradient(stops: string): Color[] {
  const colors = stops.split(' ').map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: steps }, (_, step) => {
    const at = (step / (steps - 1)) * (colors.length - 1);
    const left = Math.min(Math.floor(at), colors.length - 2);
    const mix = (channel: number) =>
      Math.round(colors[left]![channel]! + (colors[left + 1]![channel]! - colors[left]![channel]!) * (at - left));
    return [mix(0), mix(1), mix(2), 255];
  });
}
