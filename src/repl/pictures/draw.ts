// A picture → what a terminal is sent to show it, in lines that scroll as text does.
import { encodePng } from '../../display/png.ts';
import { type Depth, drawBlocks } from './blocks.ts';
import type { Graphics } from './graphics.ts';
import { iterm2Picture } from './iterm2.ts';
import { kittyPicture, kittyPlaceholders, kittyVirtual, MOST_ROWS } from './kitty.ts';
import { type Color, isTransparent, onGround, type Pixels, resize } from './pixels.ts';
import { sixelPicture } from './sixel.ts';
import { pixelsOf, type Source } from './source.ts';

/** CSS px that a column stands for: on a page text of that size stands beside pictures. */
const COLUMN = 9;
/** tmux throws longer sequences away, characters. */
const TMUX_MOST = 1_000_000;
const WHITE: Color = [255, 255, 255];

/** The largest place that a picture may take. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** What shows a picture, without a line break at its end, in steps of which each must have been seen. Throws for a damaged file. */
export async function drawPicture(source: Source, graphics: Graphics, room: Room, depth: Depth): Promise<string[]> {
  const { cell } = graphics;
  const { columns, rows } = fit(source, cell, room);
  const drawn = () => pixelsOf(source, columns * cell.width);
  // What is drawn for a white page is black on black else.
  const dark = isDark(graphics.ground) ? await drawn() : undefined;
  const grounded = dark && isTransparent(dark) ? onGround(dark, WHITE) : undefined;
  const pixels = async () => grounded ?? dark ?? (await drawn());
  /** The file as it came, where the terminal reads that kind. */
  const file = async (...kinds: Source['mime'][]) =>
    !grounded && kinds.includes(source.mime) ? source.bytes : toPng(await pixels());
  switch (graphics.protocol) {
    case 'kitty': {
      if (!graphics.tmux) return inPlace(kittyPicture(await file('image/png'), columns, rows).join(''), rows);
      const id = { color: 16 + random(240), mark: 1 + random(MOST_ROWS - 1) };
      const sent = kittyVirtual(await file('image/png'), id, columns, rows)
        .map(throughTmux)
        .join('');
      return [sent + kittyPlaceholders(id, columns, rows).join('\n')];
    }
    case 'iterm2': {
      const sequence = iterm2Picture(await file('image/png', 'image/jpeg', 'image/gif'), columns, rows);
      if (!graphics.tmux) return inPlace(sequence, rows);
      if (sequence.length < TMUX_MOST) return inPlaceThroughTmux(sequence, rows);
      break;
    }
    case 'sixel': {
      const sequence = sixelPicture(resize(await pixels(), columns * cell.width, rows * cell.height));
      if (!graphics.tmux) return inPlace(sequence, rows);
      if (sequence.length < TMUX_MOST) return inPlaceThroughTmux(sequence, rows);
      break;
    }
    case 'blocks':
      break;
    case 'none':
      return [];
    default:
      graphics.protocol satisfies never;
  }
  const small = resize(await pixels(), columns, rows * 2);
  return [drawBlocks(graphics.ground ? onGround(small, graphics.ground) : small, depth).join('\n')];
}

/** The columns and rows of a picture: its size on a page, or as much of it as there is room for. */
function fit({ width, height }: Source, cell: Graphics['cell'], room: Room): Room {
  const mostRows = Math.max(1, Math.min(room.rows, MOST_ROWS));
  const ratio = ((height / width) * cell.width) / cell.height;
  const wanted = Math.max(1, Math.min(room.columns, Math.round(width / COLUMN)));
  const columns = wanted * ratio > mostRows ? Math.max(1, Math.floor(mostRows / ratio)) : wanted;
  return { columns, rows: Math.max(1, Math.min(mostRows, Math.round(columns * ratio))) };
}

/** A whole number from 0 to below `end`. */
function random(end: number): number {
  return Math.floor(Math.random() * end);
}

function toPng({ width, height, data }: Pixels): Buffer {
  return encodePng({ width, height, data, channels: 4 });
}

function isDark(ground: Color | undefined): boolean {
  return ground !== undefined && ground[0] * 0.3 + ground[1] * 0.6 + ground[2] * 0.1 < 128;
}

/** Terminals differ on where a picture leaves the cursor, and on whether it scrolls: its lines are made first. */
function inPlace(sequence: string, rows: number): string[] {
  return [`${up(rows)}\u001b7${sequence}\u001b8${down(rows)}`];
}

/** tmux knows nothing of what it hands on; the terminal's cursor is where tmux's was when it had nothing more to do. */
function inPlaceThroughTmux(sequence: string, rows: number): string[] {
  return [up(rows), throughTmux(`\u001b7${sequence}\u001b8`), down(rows)];
}

function throughTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
}

/** Makes the lines of a picture and goes to the first of them. */
function up(rows: number): string {
  return rows > 1 ? `${'\n'.repeat(rows - 1)}\u001b[${rows - 1}A` : '';
}

function down(rows: number): string {
  return rows > 1 ? `\u001b[${rows - 1}B` : '';
}
