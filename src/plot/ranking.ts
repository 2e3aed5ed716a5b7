// How well scores tell positives from negatives at every threshold: the curves and their areas, as scikit-learn defines them.

export interface RocPoints {
  /** Share of negatives, and of positives, with a score of at least the threshold; the first point is 0, 0 at Infinity. */
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  readonly thresholds: readonly number[];
  /** Area under the curve, 0…1; NaN when there are no positives or no negatives. */
  readonly auc: number;
}

export interface RecallPoints {
  /** Of what scores at least the threshold, the share that is positive; of the positives, the share that is found. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly thresholds: readonly number[];
  /** Mean of the precisions, weighed by the recall each adds; NaN when there are no positives. */
  readonly averagePrecision: number;
}

/** Counts at each distinct score, from the greatest down: samples so far and positives among them. */
function counted(positive: (row: number) => boolean, scores: ArrayLike<number>) {
  const order = Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  const thresholds: number[] = [];
  const found: number[] = [];
  const taken: number[] = [];
  let hits = 0;
  order.forEach((row, i) => {
    if (positive(row)) hits++;
    if (i + 1 < order.length && scores[order[i + 1]!] === scores[row]) return;
    thresholds.push(scores[row]!);
    found.push(hits);
    taken.push(i + 1);
  });
  return { thresholds, found, taken, positives: hits, negatives: scores.length - hits };
}

export function rocPoints(positive: (row: number) => boolean, scores: ArrayLike<number>): RocPoints {
  const { thresholds, found, taken, positives, negatives } = counted(positive, scores);
  const truePositiveRate = [0, ...found.map((hits) => hits / positives)];
  const falsePositiveRate = [0, ...found.map((hits, i) => (taken[i]! - hits) / negatives)];
  let auc = positives > 0 && negatives > 0 ? 0 : Number.NaN;
  for (let i = 1; i < truePositiveRate.length; i++)
    auc +=
      ((falsePositiveRate[i]! - falsePositiveRate[i - 1]!) * (truePositiveRate[i]! + truePositiveRate[i - 1]!)) / 2;
  return { falsePositiveRate, truePositiveRate, thresholds: [Infinity, ...thresholds], auc };
}

export function recallPoints(positive: (row: number) => boolean, scores: ArrayLike<number>): RecallPoints {
  const { thresholds, found, taken, positives } = counted(positive, scores);
  const precision = found.map((hits, i) => hits / taken[i]!);
  const recall = found.map((hits) => hits / positives);
  let averagePrecision = positives > 0 ? 0 : Number.NaN;
  for (let i = 0; i < recall.length; i++) averagePrecision += (recall[i]! - (recall[i - 1] ?? 0)) * precision[i]!;
  return { precision, recall, thresholds, averagePrecision };
}

/** At most about `most` points of a curve, as evenly along it as they lie: a chart shows no more. */
export function thinned(x: readonly number[], y: readonly number[], most: number): { x: number[]; y: number[] } {
  const step = 2 / most;
  const kept: { x: number[]; y: number[] } = { x: [], y: [] };
  for (let i = 0; i < x.length; i++) {
    const far = Math.abs(x[i]! - (kept.x.at(-1) ?? -9)) + Math.abs(y[i]! - (kept.y.at(-1) ?? -9)) >= step;
    if (!far && i + 1 < x.length) continue;
    kept.x.push(x[i]!);
    kept.y.push(y[i]!);
  }
  return kept;
}
