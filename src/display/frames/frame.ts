// What a table of data is to whoever draws it: columns with names and types, read where they are asked for. A frame never walks all of its
// rows, so that ten million cost what a hundred do.

export interface FrameColumn {
  readonly name: string;
  /** The type as its library calls it; without one it is told from the values. */
  readonly type?: string;
  /** Values that are missing, where the library knows without counting. */
  readonly missing?: number;
}

export interface Frame {
  /** What it is, such as `Arrow table`; empty for plain arrays. */
  readonly kind: string;
  readonly rows: number;
  /** There are more rows than `rows`, nobody knows how many. */
  readonly more?: boolean;
  readonly columns: readonly FrameColumn[];
  /** The values of one column at ascending row numbers. */
  values(column: number, rows: readonly number[]): readonly unknown[];
  /** The name of a row; default its number. */
  label?(row: number): string;
}

/** How a library's tables are known, and read. */
export interface FrameReader {
  readonly name: string;
  /** Looks at plain data only, but for proxies, which some libraries hide their tables behind. */
  matches(value: unknown): boolean;
  read(value: unknown): Frame | Promise<Frame>;
}

/** Row numbers in a row of their own: `from` up to `to`, without it. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
