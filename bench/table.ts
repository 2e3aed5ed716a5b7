// Figures as a table that reads in a terminal and in Markdown.

export interface Row {
  /** What was measured, with its unit. */
  readonly name: string;
  readonly ours: number;
  /** The same of whom we compare with, and who that is. */
  readonly theirs?: number;
  readonly peer?: string;
}

/** Three digits that count: 0.812, 8.12, 81.2, 812. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toFixed(digits);
}

/** One line a row, columns aligned. A ratio is ours by theirs. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, ours, theirs, peer }) => [
    name,
    formatFigure(ours),
    theirs === undefined ? '–' : formatFigure(theirs),
    theirs === undefined ? '–' : `${formatFigure(ours / theirs)}×`,
    peer ?? '–',
  ]);
  const head = ['', 'tensorcell', 'peer', 'ratio', 'peer is'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const isNumber = (i: number) => i >= 1 && i <= 3;
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(head), rule, ...cells.map(line)].join('\n');
}
