// Counts as bars of eight heights, which every client and terminal shows.

const levels = '▁▂▃▄▅▆▇█';

/** A bar for each count, the greatest full; what is not zero is seen. Zero is the lowest bar. */
export function bars(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts.map((n) => levels[n === 0 || most === 0 ? 0 : Math.max(1, Math.round((n / most) * 7))]!).join('');
}
