// A picture of a tensor as HTML: the PNG, names of axes and indices beside it, and the value under the pointer in the line below it.
// Without script: each value is an empty element over its square, a `dt` where a row begins, and its index is counted by the style sheet.
import { escapeHtml } from './bundle.ts';
import { base64 } from './image.ts';
import { count, shortNumber } from './numbers.ts';
import type { MapPlace, Stretch, TensorPicture } from './tensor-picture.ts';
import { pictureIndices } from './tensor-sample.ts';

/** Elements over a picture: more of them would take more than 25 kB. Beyond it each covers several values and tells their range. */
const hoverLimit = 1600;
const rangeLimit = 640;

/** The style sheet, which each display brings along. Who strips it leaves the picture and the text. */
export const heatMapStyle = `<style>
.tc-map{position:relative;display:grid;grid-template:100%/100%;line-height:12px;font-size:10px}
.tc-map img,.tc-map dl{grid-area:1/1;place-self:start;max-width:none}
.tc-map span{position:absolute}
.tc-map img{image-rendering:pixelated}
.tc-map span{opacity:.75;white-space:nowrap}
.tc-map dl{display:grid;padding:0;counter-reset:r var(--r)}
.tc-map dt,.tc-map dd{all:unset;display:block}
.tc-map dt{counter-increment:r var(--rs);counter-reset:c var(--c)}
.tc-map dd{counter-increment:c var(--cs)}
.tc-map [v]:hover{outline:2px solid #888;outline-offset:-1px}
.tc-map [v]:hover::after{content:var(--a) counter(r) var(--b) counter(c) var(--e) attr(v);position:absolute;left:0;top:calc(100% + 2px);font:12px/18px monospace;white-space:nowrap}
.tc-map.tc-v [v]:hover::after{content:var(--a) counter(c) var(--e) attr(v)}
.tc-map:has([v]:hover)+.tc-note{visibility:hidden}
.tc-note{font-size:11px;line-height:18px;opacity:.75;margin-top:2px}
.tc-row{display:flex;flex-wrap:wrap;gap:6px 28px;align-items:flex-start;margin:6px 0 2px}
.tc-bad{color:#d92d20;font-weight:600}
</style>`;

/** px left of and over the maps for indices. */
interface Margins {
  readonly left: number;
  readonly top: number;
}

/** The picture with all that is around it; `hover: false` leaves the values out. */
export function heatMapHtml(picture: TensorPicture, shape: readonly number[], { hover = true } = {}): string {
  const { width, height, png, image, layout, maps } = picture;
  const isVector = layout.rows === undefined;
  const labels = labelsOf(picture, shape);
  const room = (side: string) =>
    Math.max(0, ...labels.map((label) => (label.side === side ? label.text.length * 6 : 0)));
  const upright = maps.length === 1 && picture.names.columns !== undefined;
  const margins = {
    left: room('left') > 0 ? Math.max(34, room('left') + 8) : 0,
    top: upright ? room('top') + 8 : room('top') > 0 ? 13 : 0,
  };
  const marks = labels.map((label) => {
    const x = label.side === 'left' ? `right:${width + 4}px` : `left:${label.x + margins.left}px`;
    const y = label.side === 'top' ? 'top:0' : `top:${label.y + margins.top}px`;
    const turned =
      upright && label.side === 'top'
        ? `;height:${margins.top - 4}px;writing-mode:vertical-rl;transform:rotate(180deg)`
        : '';
    return `<span style="${x};${y}${turned}">${escapeHtml(label.text)}</span>`;
  });
  const alt = image ? 'the values as an image' : 'the values as colours';
  const img = `<img src="data:image/png;base64,${base64(png)}" width="${width}" height="${height}" alt="${alt}" style="image-rendering:pixelated;margin:${margins.top}px 0 0 ${margins.left}px">`;
  const over = hover ? maps.map((map) => hoverHtml(picture, shape, map, margins)).join('') : '';
  const size = `width:${width + margins.left}px;height:${height + margins.top}px`;
  return `<div><div class="tc-map${isVector ? ' tc-v' : ''}" style="${size}">${marks.join(' ')}${img}${over}</div><div class="tc-note">${escapeHtml(noteOf(picture, shape))}</div></div>`;
}

/** An index and its place, px; in a margin only the place along it counts. */
interface Label {
  readonly side?: 'left' | 'top';
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Indices at the ends of each stretch of a single map; of several maps the indices that tell them apart. */
function labelsOf(picture: TensorPicture, shape: readonly number[]): Label[] {
  const { maps, layout, rows, columns, cell, mapsAcross, pitch } = picture;
  if (maps.length === 1) {
    const { names } = picture;
    const named = (texts: readonly string[] | undefined, parts: readonly Stretch[], size: number, space: number) =>
      ticks(parts, size, space).map(({ at, text }) => ({ at, text: texts ? briefName(texts[Number(text)]!) : text }));
    const down = layout.rows === undefined ? [] : named(names.rows, rows, cell.height, 12);
    return [
      ...down.map(({ at, text }) => ({ side: 'left' as const, x: 0, y: at, text })),
      ...named(names.columns, columns, cell.width, names.columns ? 12 : 24).map(({ at, text }) => ({
        side: 'top' as const,
        x: at,
        y: 0,
        text,
      })),
    ];
  }
  const indices = ({ at }: MapPlace, axes: readonly number[]) => axes.map((axis) => at.get(axis)!).join(',');
  const others = (map: MapPlace) => [...map.at.keys()].filter((axis) => !layout.down.includes(axis));
  if (layout.down.length === 0)
    return pitch.x < 14 ? [] : maps.map((map) => ({ x: map.left, y: map.top - 12, text: indices(map, others(map)) }));
  const first = maps.slice(0, mapsAcross);
  const line = maps.filter((_, i) => i % mapsAcross === 0);
  const every = Math.max(1, Math.ceil((6 * String(Math.max(...shape)).length + 6) / pitch.x));
  const everyLine = Math.max(1, Math.ceil(11 / pitch.y));
  return [
    ...line
      .filter((_, i) => i % everyLine === 0)
      .map((map) => ({ side: 'left' as const, x: 0, y: map.top, text: indices(map, layout.down) })),
    ...first
      .filter((_, i) => i % every === 0)
      .map((map) => ({ side: 'top' as const, x: map.left, y: 0, text: indices(map, others(map)) })),
  ];
}

const briefName = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

/** The first and the last index of each stretch, and round ones between as far as there is room. */
function ticks(parts: readonly Stretch[], size: number, room: number): { at: number; text: string }[] {
  return parts.flatMap(({ start, indices }, part) => {
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((n) => n * size >= room) ?? 1000;
    const found = indices.flatMap((index, at) =>
      at % step === 0 && (indices.length - 1 - at) * size >= room
        ? [{ at: start + at * size, text: String(index) }]
        : [],
    );
    const last = indices.length - 1;
    // The next stretch begins there.
    if (part < parts.length - 1) return found;
    return [...found, { at: start + last * size, text: String(indices[last]) }];
  });
}

/** Which axis lies where, and what of it is shown. */
function noteOf({ layout, maps, rows, columns }: TensorPicture, shape: readonly number[]): string {
  const shown = (axis: number, some: number, ends: boolean) =>
    some === shape[axis]
      ? `axis ${axis} (${some})`
      : `axis ${axis} (${some} of ${count(shape[axis]!)}${ends ? ', both ends' : ''})`;
  const along = (axis: number, parts: readonly Stretch[]) =>
    shown(
      axis,
      parts.reduce((sum, { indices }) => sum + indices.length, 0),
      parts.length > 1,
    );
  const facets = (axes: readonly number[]) =>
    axes.map((axis) => shown(axis, pictureIndices(shape, layout, axis).length, true)).join(', ');
  const apart = layout.channels !== undefined && maps[0]!.at.has(layout.channels) ? [layout.channels] : [];
  const across = [...layout.across, ...apart];
  return [
    ...(layout.rows === undefined ? [] : [`↓ ${along(layout.rows, rows)}`]),
    `→ ${along(layout.columns!, columns)}`,
    ...(layout.down.length > 0 ? [`maps ↓ ${facets(layout.down)}`] : []),
    ...(across.length > 0 ? [`maps ${layout.down.length > 0 ? '→ ' : 'of '}${facets(across)}`] : []),
  ].join(' · ');
}

/** Elements over one map. */
function hoverHtml(picture: TensorPicture, shape: readonly number[], map: MapPlace, margins: Margins): string {
  const { rows, columns, cell, layout, maps } = picture;
  const width = columns.reduce((sum, { indices }) => sum + indices.length, 0);
  const height = rows.reduce((sum, { indices }) => sum + indices.length, 0);
  const all = width * height * maps.length;
  const colours = layout.channels !== undefined && !map.at.has(layout.channels) && shape[layout.channels]! > 1;
  if (colours && all > hoverLimit) return '';
  const block = all <= hoverLimit ? 1 : Math.ceil(Math.sqrt(all / rangeLimit));
  if (Math.min(width, height * 4) < block) return '';
  let html = '';
  let row = 0;
  for (const rowStretch of rows) {
    let column = 0;
    for (const columnStretch of columns) {
      html += partHtml(rowStretch, columnStretch, row, column);
      column += columnStretch.indices.length;
    }
    row += rowStretch.indices.length;
  }
  return html;

  function partHtml(down: Stretch, across: Stretch, firstRow: number, firstColumn: number): string {
    const isVector = layout.rows === undefined;
    const blockHeight = isVector ? 1 : block;
    const lines: string[] = [];
    for (let i = 0; i < down.indices.length; i += blockHeight) {
      let line = '';
      for (let j = 0; j < across.indices.length; j += block)
        line += `<${j === 0 ? 'dt' : 'dd'} v=${quoted(rangeText(firstRow + i, firstColumn + j, Math.min(blockHeight, down.indices.length - i), Math.min(block, across.indices.length - j)))}>`;
      lines.push(line);
    }
    const stepOf = (part: Stretch) => (part.indices.length > 1 ? part.indices[1]! - part.indices[0]! : 1);
    const [rowStep, columnStep] = [stepOf(down) * blockHeight, stepOf(across) * block];
    const style = [
      `margin:${margins.top + map.top + down.start}px 0 0 ${margins.left + map.left + across.start}px`,
      `grid-template:${sizes(down, cell.height, blockHeight)}/${sizes(across, cell.width, block)}`,
      `--r:${down.indices[0]! - rowStep}`,
      `--rs:${rowStep}`,
      `--c:${across.indices[0]!}`,
      `--cs:${columnStep}`,
      ...indexParts(block),
    ].join(';');
    return `<dl style="${style}">${lines.join('')}</dl>`;
  }

  /** What stands before, between and behind the two counted indices. */
  function indexParts(size: number): string[] {
    const marks = shape.map((_, axis) =>
      axis === layout.rows
        ? '↓'
        : axis === layout.columns
          ? '→'
          : axis === layout.channels && !map.at.has(axis)
            ? ':'
            : String(map.at.get(axis) ?? 0),
    );
    // No regular expression: the bundle holds ASCII alone, and esbuild leaves those as they are.
    const [before = '', ...behind] = `[${marks.join(', ')}]`.replace('↓', '→').split('→');
    const [between = '', after = ''] = behind;
    const tail = size === 1 ? ' ' : layout.rows === undefined ? ` and on, ${size}: ` : ` and on, ${size} × ${size}: `;
    return layout.rows === undefined
      ? [`--a:'${before}'`, `--e:'${between}${tail}'`]
      : [`--a:'${before}'`, `--b:'${between}'`, `--e:'${after}${tail}'`];
  }

  function rangeText(firstRow: number, firstColumn: number, tall: number, wide: number): string {
    if (tall * wide === 1) {
      const values = map.values(firstRow, firstColumn).map((value) => shortNumber(value));
      const names = [
        picture.names.rows?.[indexAt(rows, firstRow)],
        picture.names.columns?.[indexAt(columns, firstColumn)],
      ].filter((name) => name !== undefined);
      return [...values, ...(names.length > 0 ? [escapeHtml(names.join(' → '))] : [])].join(' ');
    }
    let [min, max] = [Infinity, -Infinity];
    let bad = 0;
    for (let i = 0; i < tall; i++)
      for (let j = 0; j < wide; j++) {
        const value = map.values(firstRow + i, firstColumn + j)[0]!;
        if (!Number.isFinite(value)) bad++;
        else {
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
      }
    const range =
      min > max ? '' : min === max ? shortNumber(min, 3) : `${shortNumber(min, 3)} … ${shortNumber(max, 3)}`;
    return [range, ...(bad > 0 ? [`${bad} not finite`] : [])].filter(Boolean).join(', ');
  }
}

/** A grid's tracks along an axis: blocks of one size, and a smaller one where they don't come out even. */
function sizes({ indices }: Stretch, size: number, block: number): string {
  const full = Math.floor(indices.length / block);
  const rest = indices.length % block;
  return [...(full > 0 ? [`repeat(${full},${size * block}px)`] : []), ...(rest > 0 ? [`${rest * size}px`] : [])].join(
    ' ',
  );
}

const quoted = (text: string): string => (/^[^\s"'=<>`]+$/.test(text) ? text : `"${text}"`);

/** The index at a position along all stretches. */
function indexAt([first, second]: readonly Stretch[], position: number): number {
  const length = first!.indices.length;
  return position < length ? first!.indices[position]! : second!.indices[position - length]!;
}
