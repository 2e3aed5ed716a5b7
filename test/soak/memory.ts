// Whether memory that was measured along a run is flat.

/**
 * By how many MB a run's memory grew, of ten samples: the least of its last fifth against the least of its second. The first fifth
 * fills caches; the least passes over garbage that waits to be collected.
 */
export function growth(memory: readonly number[]): number {
  if (memory.length < 10) return 0;
  return Math.min(...memory.slice(-2)) - Math.min(...memory.slice(2, 4));
}
