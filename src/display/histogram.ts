// A histogram as a few characters, and as a small SVG whose bars have the colours of a heat map.
import { escapeHtml } from './bundle.ts';
import { count, shortNumber } from './numbers.ts';
import type { Scale } from './palette.ts';
import type { Histogram } from './tensor-types.ts';

const levels = '▁▂▃▄▅▆▇█';

/** Bars of eight heights, a blank where there is nothing. Short ranges of whole numbers have a bar for each. */
export function histogramText({ counts }: Histogram, width = 12): string {
  const size = Math.min(width, counts.length);
  const sums = Array.from({ length: size }, (_, i) => {
    const part = counts.slice(Math.floor((i * counts.length) / size), Math.floor(((i + 1) * counts.length) / size));
    return part.reduce((sum, value) => sum + value, 0);
  });
  const most = Math.max(...sums, 1);
  return sums.map((sum) => (sum === 0 ? ' ' : levels[Math.min(7, Math.floor((sum / most) * 8))]!)).join('');
}

export interface HistogramStyle {
  /** px of the bars. Default 220 × 56. */
  readonly width?: number;
  readonly height?: number;
  /** Colours the bars by their values; else they have the colour of the text. */
  readonly scale?: Scale | undefined;
  /** Colour of text and axis; default that of the text around it. */
  readonly ink?: string;
  /** Looked at in a sample. */
  readonly sampled?: boolean;
}

/** An SVG element of the bars over their range, each with its count on hover. */
export function histogramSvg(histogram: Histogram, style: HistogramStyle = {}): string {
  const { width = 220, height = 56, scale, ink = 'currentColor', sampled = false } = style;
  const { low, high, counts, whole } = histogram;
  const most = Math.max(...counts);
  const total = counts.reduce((sum, value) => sum + value, 0);
  const pitch = width / counts.length;
  const bars = counts.map((value, i) => {
    if (value === 0) return '';
    const from = low + (whole ? i : ((high - low) * i) / counts.length);
    const to = low + ((high - low) * (i + 1)) / counts.length;
    const tall = Math.max(1, (value / most) * height);
    const percent = shortNumber((value / total) * 100, 3);
    const what = whole ? shortNumber(from) : `${shortNumber(from)} … ${shortNumber(to)}`;
    const title = `${what}: ${sampled ? '' : `${count(value)}, `}${percent} %`;
    const fill = scale ? ` fill="${colorOf(scale, whole ? from : (from + to) / 2)}"` : '';
    return `<rect x="${round(i * pitch)}" y="${round(height - tall)}" width="${round(Math.max(1, pitch - 0.6))}" height="${round(tall)}"${fill}><title>${escapeHtml(title)}</title></rect>`;
  });
  const label = (x: number, anchor: string, text: string) =>
    `<text x="${round(x)}" y="${height + 12}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
  const zero = low < 0 && high > 0 ? (-low / (high - low)) * width : undefined;
  const middle =
    zero !== undefined && zero > 50 && zero < width - 50
      ? `<path d="M${round(zero)} ${height}v3" stroke="${ink}"/>${label(zero, 'middle', '0')}`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 16}" viewBox="0 0 ${width} ${height + 16}" role="img" aria-label="histogram" fill="${ink}" font-family="sans-serif" font-size="10" style="font:10px sans-serif;fill:${ink};overflow:visible"><path d="M0 ${height + 0.5}H${width}" stroke="${ink}" stroke-opacity=".4"/><g stroke="#888" stroke-opacity=".35" stroke-width=".5">${bars.join('')}</g>${label(0, 'start', shortNumber(low))}${middle}${label(width, 'end', shortNumber(high))}</svg>`;
}

/** CSS colour of a value on a scale. */
export function colorOf(scale: Scale, value: number): string {
  const [red, green, blue] = scale.palette[scale.index(value)]!;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
