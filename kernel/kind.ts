// What a client sent where something else must be, in a word that is safe for any value: nothing of it is written out.

/** `nothing`, `null`, `an array`, or what `typeof` says. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}
