// Lines in text: a canvas of braille letters, 2 × 4 dots each, with axes beside it. A terminal shows a chart by it in 80 columns.
import { shortNumber } from '../display/numbers.ts';
import { niceTicks } from './line-chart.ts';

export interface TextLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A letter at each point, in the place of a line of dots. */
  readonly mark?: string;
}

export interface TextChart {
  readonly title: string;
  /** Size in letters, axes and title included. */
  readonly width: number;
  readonly height: number;
  readonly xMin: number;
  readonly xMax: number;
  readonly xTitle: string;
  /** The values that must show; default those of the lines. */
  readonly yRange?: readonly [min: number, max: number];
}

/** Bits of a braille letter's dots by row and column. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A chart as lines of text, each `width` letters long. */
export function textChart(lines: readonly TextLine[], chart: TextChart): string[] {
  const { title, height, xMin, xMax, xTitle } = chart;
  const [min, max] = chart.yRange ?? rangeOf(lines);
  const ticks = niceTicks(min, max, Math.max(2, Math.round(height / 4)));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const names = ticks.map((tick) => shortNumber(tick, 4));
  const left = Math.max(...names.map((name) => name.length));
  const columns = chart.width - left - 2;
  const rows = height - 3;
  const canvas = new Canvas(columns, rows, { xMin, xMax, low, high });
  // Marks stand over lines.
  for (const line of lines) if (!line.mark) canvas.line(line);
  for (const line of lines) if (line.mark) canvas.marks(line, line.mark);
  const axis = Array.from({ length: rows }, () => `${' '.repeat(left)} │`);
  ticks.forEach((tick, i) => {
    axis[rows - 1 - Math.round(((tick - low) / (high - low)) * (rows - 1))] = `${names[i]!.padStart(left)} ┤`;
  });
  const ends = [shortNumber(xMin, 4), shortNumber(xMax, 4)] as const;
  const space = columns - ends[0].length - ends[1].length;
  const word = space >= xTitle.length + 2 ? xTitle : '';
  const before = Math.floor((space - word.length) / 2);
  const foot = `${ends[0]}${' '.repeat(Math.max(1, before))}${word}${' '.repeat(Math.max(0, space - word.length - before))}${ends[1]}`;
  return [
    `${' '.repeat(left)}  ${title}`,
    ...canvas.rows().map((row, i) => axis[i]! + row),
    `${' '.repeat(left)} └${'─'.repeat(columns)}`,
    `${' '.repeat(left)}  ${foot}`,
  ].map((line) => line.padEnd(chart.width));
}

/** Charts of one height side by side. */
export function sideBySide(charts: readonly (readonly string[])[], gap = '  '): string[] {
  const [first = [], ...others] = charts;
  return first.map((line, i) => [line, ...others.map((other) => other[i] ?? '')].join(gap).trimEnd());
}

function rangeOf(lines: readonly TextLine[]): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (const { y } of lines)
    for (const value of y) {
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  return [min, max];
}

interface Scale {
  readonly xMin: number;
  readonly xMax: number;
  readonly low: number;
  readonly high: number;
}

class Canvas {
  readonly #cells: Uint8Array;
  readonly #letters = new Map<number, string>();
  readonly #columns: number;
  readonly #rows: number;
  readonly #scale: Scale;

  constructor(columns: number, rows: number, scale: Scale) {
    this.#columns = columns;
    this.#rows = rows;
    this.#scale = scale;
    this.#cells = new Uint8Array(columns * rows);
  }

  line({ x, y }: TextLine): void {
    let before: readonly [number, number] | undefined;
    for (let i = 0; i < x.length; i++) {
      const point = this.#dotAt(x[i]!, y[i]!);
      if (!point) {
        before = undefined;
        continue;
      }
      this.#stroke(before ?? point, point);
      before = point;
    }
  }

  marks({ x, y }: TextLine, mark: string): void {
    for (let i = 0; i < x.length; i++) {
      const point = this.#dotAt(x[i]!, y[i]!);
      if (!point) continue;
      const [column, row] = [Math.floor(point[0] / 2), Math.floor(point[1] / 4)];
      if (this.#inside(column, row)) this.#letters.set(row * this.#columns + column, mark);
    }
  }

  rows(): string[] {
    return Array.from({ length: this.#rows }, (_, row) => {
      let text = '';
      for (let column = 0; column < this.#columns; column++) {
        const at = row * this.#columns + column;
        const dots = this.#cells[at]!;
        text += this.#letters.get(at) ?? (dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots));
      }
      return text;
    });
  }

  /** A value's dot; may lie outside. `undefined` for what is no number. */
  #dotAt(x: number, y: number): readonly [number, number] | undefined {
    const { xMin, xMax, low, high } = this.#scale;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return undefined;
    const column = ((x - xMin) / (xMax - xMin || 1)) * (this.#columns * 2 - 1);
    const row = (1 - (y - low) / (high - low || 1)) * (this.#rows * 4 - 1);
    // Far outside there would be many dots for nothing.
    const bound = (value: number) => Math.round(Math.min(1e4, Math.max(-1e4, value)));
    return [bound(column), bound(row)];
  }

  #inside(column: number, row: number): boolean {
    return column >= 0 && column < this.#columns && row >= 0 && row < this.#rows;
  }

  #stroke([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i++) {
      const x = Math.round(x0 + ((x1 - x0) * i) / steps);
      const y = Math.round(y0 + ((y1 - y0) * i) / steps);
      const [column, row] = [x >> 1, y >> 2];
      if (this.#inside(column, row)) this.#cells[row * this.#columns + column]! |= bits[y & 3]![x & 1]!;
    }
  }
}
