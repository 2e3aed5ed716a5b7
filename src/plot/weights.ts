// Weights or gradients of a model, a histogram for each: SVG and PNG, readable on white and on black.
import { asDisplay, type Display, escapeHtml } from '../display/bundle.ts';
import { histogramText } from '../display/histogram.ts';
import { count, shortNumber } from '../display/numbers.ts';
import { shapeText } from '../display/tensor-line.ts';
import type { Statistics } from '../display/tensor-types.ts';
import { pictures } from './picture.ts';
import { textWidth } from './text-width.ts';

/** One tensor with its figures. */
export interface NamedStatistics {
  readonly name: string;
  readonly shape: readonly number[];
  readonly statistics: Statistics;
}

const ink = '#767676';
const color = '#3d85c6';
const size = { bars: 200, height: 30, pitch: 46, figures: 190 };
/** Of a model with more, the first are drawn. */
const most = 80;

/** Draws a histogram for each, from its least to its greatest value; NaN and infinities are counted in red. */
export function drawHistograms(title: string, all: readonly NamedStatistics[]): Display {
  const rows = all.slice(0, most);
  const rest = all.length - rows.length;
  const head = rest > 0 ? `${title} (${rows.length} of ${all.length})` : title;
  const { data, metadata, problem } = pictures(histogramsSvg(head, rows));
  const width = Math.min(30, Math.max(0, ...rows.map(({ name }) => name.length)));
  const lines = rows.map(({ name, statistics }) => {
    const bad = brokenText(statistics);
    const bars = statistics.histogram ? histogramText(statistics.histogram) : '            ';
    const figures = `${shortNumber(statistics.mean, 3)} ± ${shortNumber(statistics.std, 3)}`;
    return `${fitted(name, width).padEnd(width)}  ${bars}  ${figures}${bad ? `  \u001b[31m${bad}\u001b[39m` : ''}`;
  });
  return asDisplay([head, ...lines, ...(problem ? [`(${problem})`] : [])].join('\n'), data, metadata);
}

function histogramsSvg(title: string, rows: readonly NamedStatistics[]): string {
  // Some pages' fonts are a sixth wider.
  const names = rows.map(({ name }) => textWidth(name, 11) * 1.18);
  const left = Math.ceil(Math.min(300, Math.max(80, ...names))) + 16;
  const width = Math.ceil(Math.max(left + size.bars + 16 + size.figures, textWidth(title, 12, true) + 8));
  const height = 24 + rows.length * size.pitch;
  const body = rows.map((row, i) => `<g transform="translate(0,${24 + i * size.pitch})">${rowSvg(row, left)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" fill="${ink}">${text(0, 13, title, { size: 12, weight: 600 })}${body.join('')}</svg>`;
}

function rowSvg({ name, shape, statistics }: NamedStatistics, left: number): string {
  const { histogram, mean, std, min, max } = statistics;
  const bad = brokenText(statistics);
  const most = Math.max(1, ...(histogram?.counts ?? []));
  const pitch = size.bars / (histogram?.counts.length ?? 1);
  const bars = (histogram?.counts ?? []).map((value, i) => {
    const tall = value === 0 ? 0 : Math.max(1, (value / most) * size.height);
    return tall === 0
      ? ''
      : `M${round(left + i * pitch)} ${size.height}v${round(-tall)}h${round(Math.max(0.5, pitch - 0.5))}v${round(tall)}z`;
  });
  const zero = min < 0 && max > 0 ? left + (-min / (max - min)) * size.bars : undefined;
  const mark =
    zero === undefined
      ? ''
      : `<path d="M${round(zero)} 0V${size.height + 3}" stroke="${ink}" stroke-opacity=".6" stroke-dasharray="2 2"/>`;
  const x = left + size.bars + 16;
  const range =
    min === max
      ? min === 0
        ? 'all zero'
        : `all ${shortNumber(min, 3)}`
      : `${shortNumber(mean, 3)} ± ${shortNumber(std, 3)}`;
  return [
    text(left - 10, 12, fittedPx(name, left - 12), { anchor: 'end' }),
    text(left - 10, 26, shapeText(shape), { anchor: 'end', size: 10 }),
    `<path d="M${left} ${size.height + 0.5}h${size.bars}" stroke="${ink}" stroke-opacity=".5"/><path d="${bars.join('')}" fill="${color}"/>${mark}`,
    ...(histogram
      ? [
          text(left, size.height + 12, shortNumber(min, 3), { size: 9 }),
          text(left + size.bars, size.height + 12, shortNumber(max, 3), { size: 9, anchor: 'end' }),
        ]
      : []),
    text(x, 14, range),
    ...(bad ? [`<g fill="#d92d20">${text(x, 28, bad, { weight: 600 })}</g>`] : []),
  ].join('');
}

function brokenText({ nan, infinite }: Statistics): string {
  return [...(nan > 0 ? [`${count(nan)} NaN`] : []), ...(infinite > 0 ? [`${count(infinite)} infinite`] : [])].join(
    ', ',
  );
}

const fitted = (name: string, width: number): string => (name.length > width ? `…${name.slice(1 - width)}` : name);

function fittedPx(name: string, width: number): string {
  if (textWidth(name, 11) * 1.18 <= width) return name;
  let start = 0;
  while (start < name.length && textWidth(`…${name.slice(start)}`, 11) * 1.18 > width) start++;
  return `…${name.slice(start)}`;
}

interface TextStyle {
  readonly anchor?: 'start' | 'end';
  readonly size?: number;
  readonly weight?: number;
}

function text(
  x: number,
  y: number,
  content: string,
  { anchor = 'start', size: fontSize = 11, weight = 400 }: TextStyle = {},
): string {
  return `<text x="${round(x)}" y="${y}" font-size="${fontSize}" font-weight="${weight}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
