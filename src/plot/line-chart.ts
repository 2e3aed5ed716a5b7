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
  /** Draws each point too; with a name, the point tells its place and value where a pointer rests on it. */
  readonly dots?: boolean | string;
  /** All its values must show; other lines may be cut off. */
  readonly keep?: boolean;
}

/** What the strokes mean. */
export type Legend = readonly { readonly name: string; readonly color: string; readonly dashed?: boolean }[];

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly legend: Legend;
  /** Moments worth a line from top to bottom. */
  readonly marks?: readonly { readonly x: number; readonly name: string; readonly color: string }[];
  /** A point worth a ring, and a word beside the title. */
  readonly ring?: { readonly x: number; readonly y: number; readonly name: string; readonly color: string };
  /** The lines go up: words stand below them. */
  readonly rises?: boolean;
}

export interface ChartStyle {
  /** Colour of text and axes, see below. */
  readonly ink: keyof typeof inks;
  /** Facts over the panels, paragraph by paragraph; wrapped between facts. The first is a heading. */
  readonly head: readonly (readonly string[])[];
  /** One legend for all panels, below the head. */
  readonly legend?: Legend;
  /** Largest x; the axis begins at 0. */
  readonly xMax: number;
  readonly xTitle: string;
}

/**
 * Colours of text and axes. Inside HTML they follow the page. A picture that may stand anywhere takes JupyterLab's or VS Code's colour
 * where it is part of the page, and else a grey that reads on white (4.5 : 1) and on black alike.
 */
const inks = {
  page: 'fill="currentColor"',
  alone: 'fill="#767676" style="fill:var(--jp-content-font-color1,var(--vscode-foreground,#767676))"',
};

const size = { width: 300, height: 150, left: 46, right: 14, top: 26, bottom: 32 };

/** The panels in up to two columns, as one SVG document. */
export function lineChart(panels: readonly Panel[], style: ChartStyle): string {
  const { ink, head, legend = [], xMax, xTitle } = style;
  const columns = Math.min(2, panels.length);
  const pitch = { x: size.left + size.width + size.right, y: size.top + size.height + size.bottom };
  const width = head.length > 0 ? Math.max(columns * pitch.x, 560) : columns * pitch.x;
  const lines = head.flatMap((facts, i) =>
    wrapped(facts, width * 0.85, i === 0).map((line) => ({ line, bold: i === 0 })),
  );
  const rows = legendRows(legend, width);
  const headHeight = lines.length * 18 + rows.length * 18;
  const height = headHeight + Math.ceil(panels.length / columns) * pitch.y;
  const text = lines.map(({ line, bold }, i) => label(4, 13 + i * 18, line, { size: 12, weight: bold ? 600 : 400 }));
  const keys = rows.map((row, i) => row.map(({ entry, x }) => keySvg(entry, x, 13 + (lines.length + i) * 18)).join(''));
  const body = panels.map((panel, i) => {
    const x = (i % columns) * pitch.x + size.left;
    const y = headHeight + Math.floor(i / columns) * pitch.y + size.top;
    return `<g transform="translate(${x},${y})">${panelSvg(panel, xMax, xTitle)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" ${inks[ink]}>${text.join('')}${keys.join('')}${body.join('')}</svg>`;
}

function panelSvg({ title, lines, legend, marks = [], ring, rises }: Panel, xMax: number, xTitle: string): string {
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
    ...marks.map(({ x, color }) => {
      const at = atX(Math.min(x, xMax));
      return `<path d="M${at} 0V${size.height}" stroke="${color}" stroke-width="1.5" stroke-dasharray="2 3"/>`;
    }),
    ...lines.map((line) => lineSvg(line, atX, atY)),
    ring
      ? `<circle cx="${atX(ring.x)}" cy="${atY(ring.y)}" r="5" fill="none" stroke="${ring.color}" stroke-width="1.5"/>`
      : '',
    '</svg>',
    ...marks.map(({ name, x, color }) => wordSvg(name, atX(Math.min(x, xMax)), rises ? size.height - 6 : 11, color)),
    ring ? noteSvg(ring.name, textWidth(title, 12, true) * 1.15, legend) : '',
  ].join('');
}

/** A word beside a line from top to bottom, on the side where there is room. */
function wordSvg(name: string, x: number, y: number, color: string): string {
  const left = x + 8 + textWidth(name, 10) * 1.15 > size.width;
  return label(round(left ? x - 6 : x + 6), y, name, { anchor: left ? 'end' : 'start', size: 10, color });
}

/** A word between the title and the legend, if there is room. */
function noteSvg(name: string, titleWidth: number, legend: Legend): string {
  const room = size.width - titleWidth - legend.reduce((sum, entry) => sum + keyWidth(entry.name) + 12, 0);
  return textWidth(name, 10) * 1.15 + 8 < room ? label(round(titleWidth + 8), -10, name, { size: 10 }) : '';
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
function legendSvg(legend: Legend): string {
  let right = size.width;
  return [...legend]
    .reverse()
    .map((entry) => {
      const start = right - keyWidth(entry.name);
      right = start - 12;
      return keySvg(entry, start, -10);
    })
    .join('');
}

const keyWidth = (name: string): number => textWidth(name, 11) + 22;

/** A stroke and what it means. */
function keySvg({ name, color, dashed }: Legend[number], x: number, y: number): string {
  const stroke = `<path d="M${round(x)} ${y - 4}h16" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="4 3"' : ''}/>`;
  return stroke + label(round(x + 20), y, name);
}

/** The entries in rows no wider than `width` px, with the place of each. */
function legendRows(legend: Legend, width: number): { entry: Legend[number]; x: number }[][] {
  const rows: { entry: Legend[number]; x: number }[][] = [];
  let x = Infinity;
  for (const entry of legend) {
    const wide = keyWidth(entry.name) * 1.15 + 14;
    if (x + wide > width) {
      rows.push([]);
      x = 4;
    }
    rows.at(-1)!.push({ entry, x });
    x += wide;
  }
  return rows;
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
    if (dots === true) points += `<circle cx="${px}" cy="${py}" r="2.5" fill="${color}"/>`;
    else if (dots)
      points += `<circle cx="${px}" cy="${py}" r="2.5" fill="${color}"><title>${escapeHtml(dots)} ${shortNumber(x[i]!)}: ${shortNumber(y[i]!)}</title></circle>`;
  }
  if (path === '') return '';
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linejoin="round"${dashed ? ' stroke-dasharray="4 3"' : ''}/>${points}`;
}

interface LabelStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
  readonly color?: string;
}

function label(
  x: number,
  y: number,
  text: string,
  { anchor = 'start', size: fontSize = 11, weight = 400, color }: LabelStyle = {},
): string {
  const fill = color ? ` fill="${color}"` : '';
  return `<text x="${x}" y="${y}" font-size="${fontSize}" text-anchor="${anchor}"${weight === 400 ? '' : ` font-weight="${weight}"`}${fill}>${escapeHtml(text)}</text>`;
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
