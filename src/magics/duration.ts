// How long something took, for people.

const units = [
  [1000, 's'],
  [1, 'ms'],
  [1e-3, 'µs'],
  [1e-6, 'ns'],
] as const;

/** Milliseconds in the unit that suits them, with three digits: `1.23 µs`, `45.6 ms`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms >= 60_000) {
    const seconds = Math.round(ms / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const [size, unit] = units.find(([least]) => ms >= least) ?? units[3];
  return `${Number((ms / size).toPrecision(3))} ${unit}`;
}
