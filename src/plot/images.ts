// A grid of small pictures with captions: digits, mistakes, samples. As HTML, and as one PNG for where HTML is not drawn.
import { asDisplay, type Display, escapeHtml } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { base64 } from '../display/image.ts';
import { encodePng, enlarge, type Pixels } from '../display/png.ts';
import { type ImageData, imagePixels } from './image-data.ts';
import { svgToPng } from './picture.ts';
import { type Column, valuesOf } from './rows.ts';
import { textWidth } from './text-width.ts';

export interface ImagesOptions {
  /** A caption for each image: strings, numbers, or what a tensor of labels holds. */
  readonly labels?: Column;
  /** Pictures side by side; default as many as fit in about 700 px. */
  readonly columns?: number;
  /** Size of a value's square, px; default what makes a picture about 84 px wide. */
  readonly scale?: number;
  /** At most this many pictures are drawn; default 100. */
  readonly limit?: number;
  readonly title?: string;
}

/**
 * A grid of pictures. Values from 0 to 1 or to 255 are brightness; others are stretched over black to white. Tensors are read now,
 * so they may be disposed before the grid is shown.
 * @throws RangeError for a shape that is none of images.
 */
export function images(data: ImageData, options: ImagesOptions = {}): Images {
  const { pictures, total } = imagePixels(data, options.limit ?? 100);
  const labels = options.labels === undefined ? [] : Array.from(valuesOf(options.labels, 'images: labels'), String);
  return new Images(pictures, labels, total, options);
}

/** A grid of pictures that draws itself when it is shown. */
export class Images implements Drawable {
  readonly #pictures: readonly Pixels[];
  readonly #labels: readonly string[];
  readonly #total: number;
  readonly #options: ImagesOptions;

  constructor(pictures: readonly Pixels[], labels: readonly string[], total: number, options: ImagesOptions) {
    this.#pictures = pictures;
    this.#labels = labels;
    this.#total = total;
    this.#options = options;
  }

  [drawSymbol](): Display {
    const first = this.#pictures[0];
    if (!first) return asDisplay('[no images]');
    const scale = this.#options.scale ?? Math.max(1, Math.round(84 / first.width));
    const cells = this.#pictures.map((picture) => {
      const large = enlarge(picture, Math.max(1, Math.round(scale)));
      return {
        png: base64(encodePng(large)),
        width: Math.round(picture.width * scale),
        height: Math.round(picture.height * scale),
      };
    });
    const { width, height } = cells[0]!;
    const columns = this.#options.columns ?? Math.max(1, Math.min(cells.length, Math.floor(700 / (width + 8))));
    const rest = this.#total - cells.length;
    const title = [this.#options.title, rest > 0 ? `${cells.length} of ${this.#total}` : undefined]
      .filter(Boolean)
      .join(' · ');
    const grid = { cells, labels: this.#labels, columns, width, height, title };
    const svg = gridSvg(grid);
    return asDisplay(
      gridText(grid),
      { 'text/html': gridHtml(grid), 'image/png': svgToPng(svg.text).toString('base64') },
      { 'image/png': { width: svg.width, height: svg.height } },
    );
  }
}

interface Grid {
  readonly cells: readonly { readonly png: string; readonly width: number; readonly height: number }[];
  readonly labels: readonly string[];
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
}

/** A table, which keeps its shape where styles are stripped. */
function gridHtml({ cells, labels, columns, width, height, title }: Grid): string {
  const style = 'text-align:center;vertical-align:top;padding:3px';
  const cell = (at: number) => {
    const picture = cells[at];
    if (!picture) return '';
    const caption =
      labels[at] === undefined ? '' : `<br><small>${escapeHtml(labels[at]).replaceAll('\n', '<br>')}</small>`;
    return `<td style="${style}"><img src="data:image/png;base64,${picture.png}" width="${width}" height="${height}" alt="${at}" style="image-rendering:pixelated">${caption}</td>`;
  };
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => {
    const pictures = Array.from({ length: columns }, (_, column) => cell(row * columns + column));
    return `<tr style="background:none">${pictures.join('')}</tr>`;
  });
  return `${title ? `<div>${escapeHtml(title)}</div>` : ''}<table style="border:none"><tbody>${rows.join('')}</tbody></table>`;
}

/** The same grid as one SVG, from which the PNG is drawn. Captions are grey: readable on white and on black. */
function gridSvg({ cells, labels, columns, width, height, title }: Grid): {
  text: string;
  width: number;
  height: number;
} {
  const lines = Math.max(0, ...labels.slice(0, cells.length).map((label) => label.split('\n').length));
  const pitch = { x: width + 8, y: height + 8 + lines * 14 };
  const top = title ? 20 : 0;
  const total = { width: columns * pitch.x, height: top + Math.ceil(cells.length / columns) * pitch.y };
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="sans-serif" font-size="11" fill="#777">${escapeHtml(content)}</text>`;
  const body = cells.map((cell, at) => {
    const x = (at % columns) * pitch.x + 4;
    const y = top + Math.floor(at / columns) * pitch.y + 4;
    const captions = labels[at]?.split('\n') ?? [];
    return `<image x="${x}" y="${y}" width="${width}" height="${height}" image-rendering="optimizeSpeed" href="data:image/png;base64,${cell.png}"/>${captions
      .map((line, i) => text(x + width / 2, y + height + 12 + i * 14, 'middle', shortened(line, pitch.x)))
      .join('')}`;
  });
  return {
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}">${title ? text(4, 14, 'start', title) : ''}${body.join('')}</svg>`,
    ...total,
  };
}

function shortened(text: string, width: number): string {
  let end = text.length;
  while (end > 1 && textWidth(text.slice(0, end), 11) > width) end--;
  return end === text.length ? text : `${text.slice(0, end - 1)}…`;
}

function gridText({ cells, labels, columns, title }: Grid): string {
  const head = `[${cells.length} images${title ? `, ${title}` : ''}]`;
  if (labels.length === 0) return head;
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    labels
      .slice(row * columns, Math.min(cells.length, (row + 1) * columns))
      .map((label) => label.replaceAll('\n', ' '))
      .join('  '),
  );
  return [head, ...rows].join('\n');
}
