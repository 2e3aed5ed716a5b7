// A profile as a picture: bars of the time of layers and of ops, forward and backward.
import { asDisplay, escapeHtml } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { shortNumber } from '../display/numbers.ts';
import type { Profile, ProfileRow } from '../tensor/profile.ts';
import { pictures } from './picture.ts';
import { textWidth } from './text-width.ts';

/** Blue and orange, as the charts of trainings. */
const colors = { forward: '#3d85c6', backward: '#e0812b' };
const ink = '#767676';
/** Bars of each part. */
const most = 12;
const line = 20;
const barWidth = 320;
const size = 11;

/** The picture as a value that draws itself: SVG and PNG. */
export function drawProfile(profile: Profile): Drawable {
  return {
    [drawSymbol]: () => {
      const { data, metadata, problem } = pictures(profileSvg(profile));
      return asDisplay(`(a picture of the time by layer and by op${problem ? `: ${problem}` : ''})`, data, metadata);
    },
  };
}

export function profileSvg({ layers, ops }: Profile): string {
  const parts = [
    { title: 'time by layer, ms', rows: layers.filter((row) => total(row) > 0).map(brief) },
    { title: 'time by op, ms', rows: ops },
  ].map(({ title, rows }) => ({ title, rows: shortened(rows) }));
  const names = parts.flatMap(({ rows }) => rows.map(({ name }) => textWidth(name, size)));
  const left = Math.min(260, Math.max(60, ...names)) + 8;
  const width = Math.ceil(left + barWidth + 60);
  let y = 0;
  const body = parts.map(({ title, rows }) => {
    const scale = barWidth / Math.max(1e-9, ...rows.map(total));
    const head = text(left, y + 14, title, 'start', 600);
    y += line;
    const bars = rows.map((row) => {
      const at = y;
      y += line;
      return barSvg(row, left, at, scale);
    });
    y += 8;
    return head + bars.join('');
  });
  const legend = (['forward', 'backward'] as const).map((name, i) => {
    const x = left + i * 80;
    return `<rect x="${x}" y="${y + 4}" width="10" height="10" fill="${colors[name]}"/>${text(x + 14, y + 13, name, 'start')}`;
  });
  const height = y + line;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" fill="${ink}">${body.join('')}${legend.join('')}</svg>`;
}

/** A layer without its class, which the table beside tells. */
const brief = (row: ProfileRow): ProfileRow => ({ ...row, name: row.name.replace(/ \(\w+\)$/, '') });

const total = ({ forward, backward }: ProfileRow): number => forward + backward;

/** The largest, in their order; the rest as one. */
function shortened(rows: readonly ProfileRow[]): ProfileRow[] {
  if (rows.length <= most) return [...rows];
  const least = [...rows].sort((a, b) => total(b) - total(a))[most - 2]!;
  const shown = rows.filter((row) => total(row) >= total(least)).slice(0, most - 1);
  const rest = { name: `${rows.length - shown.length} others`, calls: 0, forward: 0, backward: 0 };
  for (const row of rows) {
    if (shown.includes(row)) continue;
    rest.forward += row.forward;
    rest.backward += row.backward;
  }
  return [...shown, rest];
}

function barSvg(row: ProfileRow, left: number, y: number, scale: number): string {
  const forward = row.forward * scale;
  const backward = row.backward * scale;
  const rect = (x: number, width: number, color: string) =>
    width > 0 ? `<rect x="${x.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="12" fill="${color}"/>` : '';
  return [
    text(left - 6, y + 14, fitted(row.name, left - 16), 'end'),
    rect(left, forward, colors.forward),
    rect(left + forward, backward, colors.backward),
    text(left + forward + backward + 5, y + 14, shortNumber(Number(total(row).toPrecision(3))), 'start'),
  ].join('');
}

/** A name as much of it as there is room for. */
function fitted(name: string, width: number): string {
  if (textWidth(name, size) <= width) return name;
  let end = name.length;
  while (end > 1 && textWidth(`${name.slice(0, end)}…`, size) > width) end--;
  return `${name.slice(0, end)}…`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end', weight = 400): string {
  return `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}
