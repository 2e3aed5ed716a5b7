// Small line charts side by side as one SVG, drawn by hand: a millisecond where Vega takes twenty, and no style sheet, so that it
// survives clients that strip them.
import { escapeHtml } from '../display/bundle.ts';
import { shortNumber } from '../display/numbers.ts';
import { textWidth } from './text-width.ts';

export interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: string;
  readonly opacity?: number;
  readonly width?: number;
  readonly dashed?: boolean;
  /** Draws each point too. */
  readonly dots?: boolean;
  /** All its values must show; other lines may be cut off. */
  readonly keep?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** What the colours mean, for the legend. */
  readonly legend: readonly { readonly name: string; readonly color: string; readonly dashed?: boolean }[];
}

export interface ChartStyle {
  /** Colour of text and axes: `currentColor` where it can follow the page, else a grey that shows on white and black. */
  readonly ink: string;
  /** Facts over the panels, paragraph by paragraph; wrapped between facts. */
  readonly head: readonly (readonly string[])[];
  /** Largest x; the axis begins at 0. */
  readonly xMax: number;
  readonly xTitle: string;
}

const size = { width: 300, height: 150, left: 46, right: 14, top: 26, bottom: 32 };

/** The panels in up to two columns, as one SVG document. */
export function lineChart(panels: readonly Panel[], { ink, head, xMax, xTitle }: ChartStyle): string {
  const columns = Math.min(2, panels.length);
  const pitch = { x: size.left + size.width + size.right, y: size.top + size.height + size.bottom };
  const width = head.length > 0 ? Math.max(columns * pitch.x, 560) : columns * pitch.x;
  const lines = head.flatMap((facts, i) =>
    wrapped(facts, width * 0.85, i === 0).map((line) => ({ line, bold: i === 0 })),
  );
  const headHeight = lines.length * 18;
  const height = headHeight + Math.ceil(panels.length / columns) * pitch.y;
  const text = lines.map(({ line, bold }, i) => label(4, 13 + i * 18, line, { size: 12, weight: bold ? 600 : 400 }));
  const body = panels.map((panel, i) => {
    const x = (i % columns) * pitch.x + size.left;
    const y = headHeight + Math.floor(i / columns) * pitch.y + size.top;
    return `<g transform="translate(${x},${y})">${panelSvg(panel, xMax, xTitle)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" fill="${ink}">${text.join('')}${body.join('')}</svg>`;
}

function panelSvg({ title, lines, legend }: Panel, xMax: number, xTitle: string): string {
  const ticks = niceTicks(...rangeOf(lines, xMax), 5);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const atX = (x: number) => round((x / xMax) * size.width);
  const atY = (y: number) => round(size.height - ((y - low) / (high - low || 1)) * size.height);
  const grid = ticks.map(
    (tick) =>
      `<path d="M0 ${atY(tick)}H${size.width}" stroke="#888" stroke-opacity=".25"/>${label(-6, atY(tick) + 3.5, tickText(tick), { anchor: 'end' })}`,
  );
  const steps = niceTicks(0, xMax, 6).filter((tick) => tick <= xMax && (xMax < 2 || Number.isInteger(tick)));
  const bottom = steps.map((tick) => label(atX(tick), size.height + 14, tickText(tick), { anchor: 'middle' }));
  return [
    label(0, -10, title, { size: 12, weight: 600 }),
    legendSvg(legend),
    ...grid,
    ...bottom,
    label(size.width / 2, size.height + 27, xTitle, { anchor: 'middle' }),
    // An inner document clips what lies outside, all but half a dot.
    `<svg x="-4" y="-4" width="${size.width + 8}" height="${size.height + 8}" viewBox="-4 -4 ${size.width + 8} ${size.height + 8}">`,
    ...lines.map((line) => lineSvg(line, atX, atY)),
    '</svg>',
  ].join('');
}

/** The values that must show: all of lines to keep, and the others but for the first tenth, where losses fall from their start. */
function rangeOf(lines: readonly Line[], xMax: number): [min: number, max: number] {
  let min = Infinity;
  let max = -Infinity;
  const late = lines.some((line) => line.keep);
  for (const { x, y, keep } of lines)
    for (let i = 0; i < y.length; i++) {
      if (!Number.isFinite(y[i]) || (late && !keep && x[i]! < xMax / 10)) continue;
      min = Math.min(min, y[i]!);
      max = Math.max(max, y[i]!);
    }
  return [min, max];
}

/** Facts joined by dots, in lines no wider than `width` px in Arimo: some pages' fonts are a sixth wider. */
function wrapped(facts: readonly string[], width: number, bold: boolean): string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const joined = lines.length > 0 ? `${lines.at(-1)} · ${fact}` : fact;
    if (lines.length > 0 && textWidth(joined, 12, bold) <= width) lines[lines.length - 1] = joined;
    else lines.push(fact);
  }
  return lines;
}

/** Names with their stroke, from the right. */
function legendSvg(legend: Panel['legend']): string {
  let right = size.width;
  return [...legend]
    .reverse()
    .map(({ name, color, dashed }) => {
      const start = right - textWidth(name, 11) - 22;
      right = start - 12;
      return `<path d="M${round(start)} -14h16" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="4 3"' : ''}/>${label(round(start + 20), -10, name)}`;
    })
    .join('');
}

function lineSvg(
  { x, y, color, opacity = 1, width = 2, dashed, dots }: Line,
  atX: (x: number) => number,
  atY: (y: number) => number,
): string {
  let path = '';
  let pen = 'M';
  let points = '';
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(y[i])) {
      pen = 'M'; // a gap
      continue;
    }
    const [px, py] = [atX(x[i]!), atY(y[i]!)];
    path += `${pen}${px} ${py}`;
    pen = 'L';
    if (dots) points += `<circle cx="${px}" cy="${py}" r="2.5" fill="${color}"/>`;
  }
  if (path === '') return '';
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linejoin="round"${dashed ? ' stroke-dasharray="4 3"' : ''}/>${points}`;
}

interface LabelStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
}

function label(
  x: number,
  y: number,
  text: string,
  { anchor = 'start', size: fontSize = 11, weight = 400 }: LabelStyle = {},
): string {
  return `<text x="${x}" y="${y}" font-size="${fontSize}" text-anchor="${anchor}"${weight === 400 ? '' : ` font-weight="${weight}"`}>${escapeHtml(text)}</text>`;
}

/** About `wanted` round numbers that enclose `min`…`max`. */
export function niceTicks(min: number, max: number, wanted: number): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const span = max - min || Math.abs(max) || 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999)! * power;
  const first = Math.floor(min / step + 1e-9);
  const last = Math.max(Math.ceil(max / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function tickText(value: number): string {
  return shortNumber(value, 5);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
