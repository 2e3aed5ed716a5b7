// Checks of arguments, with one wording: who, what must hold, what came.

/** @throws RangeError unless a whole number above 0. */
export function positive(who: string, name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${who}: ${name} must be a whole number above 0, got ${value}`);
}

/** @throws RangeError unless a finite number within the bounds, the lower included, the upper as said. */
export function within(
  who: string,
  name: string,
  value: number,
  low: number,
  high: number,
  upper: 'included' | 'excluded' = 'included',
): number {
  if (Number.isFinite(value) && value >= low && (value < high || (upper === 'included' && value === high)))
    return value;
  const bounds =
    high === Number.POSITIVE_INFINITY
      ? `a finite number from ${low} on`
      : `in [${low}, ${high}${upper === 'included' ? ']' : ')'}`;
  throw new RangeError(`${who}: ${name} must be ${bounds}, got ${value}`);
}
