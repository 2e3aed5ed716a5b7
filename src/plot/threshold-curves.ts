// Receiver operating characteristic and precision over recall, with their areas: one curve of two classes, else one for each class
// against the rest.
import { count, shortNumber } from '../display/numbers.ts';
import { textChart } from './braille.ts';
import { Evaluation, namedColor } from './evaluation.ts';
import { type RecallPoints, type RocPoints, recallPoints, rocPoints, thinned } from './ranking.ts';
import { type Matrix, type Scored, scored } from './scores.ts';
import type { Spec } from './vega.ts';

export interface CurveOptions {
  /** Name of each class; default its number. */
  readonly names?: readonly string[];
  readonly title?: string;
}

/** Points of a curve in the chart; all are in `curves`. */
const mostPoints = 300;
/** Curves in the text. */
const mostRows = 12;

/**
 * ROC curve: true positives over false positives at every threshold, and the area under it.
 * `labels`: class numbers or booleans `[n]`, or one-hot `[n, classes]`. `scores`: of the second of two classes `[n]`, or of each class
 * `[n, classes]`, which gives a curve for each class against the rest.
 * @throws RangeError for lengths that differ, scores that are no numbers, labels that are no class.
 */
export function rocCurve(labels: Matrix, scores: Matrix, options: CurveOptions = {}): RocChart {
  return new RocChart(scored(labels, scores, 'rocCurve', options.names), options.title);
}

/** Precision over recall at every threshold, and the average precision; labels and scores as for `rocCurve`. */
export function precisionRecall(labels: Matrix, scores: Matrix, options: CurveOptions = {}): RecallChart {
  return new RecallChart(scored(labels, scores, 'precisionRecall', options.names), options.title);
}

interface Drawn {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly area: number;
}

/** Curves of rates from 0 to 1. */
abstract class ThresholdChart extends Evaluation {
  protected abstract readonly drawn: readonly Drawn[];
  protected abstract readonly titles: { readonly x: string; readonly y: string; readonly area: string };
  /** Where a classifier that knows nothing lies. */
  protected abstract readonly chance: { readonly y0: number; readonly y1: number } | undefined;
  protected readonly n: number;
  readonly #title: string | undefined;

  constructor(n: number, title: string | undefined) {
    super();
    this.n = n;
    this.#title = title;
  }

  protected get head(): string {
    const { area } = this.titles;
    const value = this.drawn.length === 1 ? this.drawn[0]!.area : meanOf(this.drawn.map((curve) => curve.area));
    const figure = `${this.drawn.length === 1 ? area : `mean ${area}`} ${shortNumber(value)}`;
    return [this.#title, figure, `${count(this.n)} samples`].filter(Boolean).join(' · ');
  }

  get spec(): Spec {
    const { x, y } = this.titles;
    const label = ({ name, area }: Drawn) => `${name} (${shortNumber(area, 3)})`;
    const values = this.drawn.flatMap((curve) => {
      const points = thinned(curve.x, curve.y, mostPoints);
      return points.x.map((at, i) => ({ [x]: round(at), [y]: round(points.y[i]!), curve: label(curve), order: i }));
    });
    const { chance } = this;
    const unit = { domain: [0, 1], nice: false };
    return {
      title: this.head,
      width: 300,
      height: 300,
      layer: [
        ...(chance
          ? [
              {
                data: { values: [0, 1].map((at) => ({ [x]: at, [y]: at === 0 ? chance.y0 : chance.y1 })) },
                mark: { type: 'line', color: '#8a8a8a', strokeDash: [4, 4], strokeWidth: 1 },
                encoding: { x: { field: x, type: 'quantitative' }, y: { field: y, type: 'quantitative' } },
              },
            ]
          : []),
        {
          data: { values },
          mark: { type: 'line', strokeWidth: 2, tooltip: true },
          encoding: {
            x: { field: x, type: 'quantitative', scale: unit },
            y: { field: y, type: 'quantitative', scale: unit },
            order: { field: 'order', type: 'quantitative' },
            color: namedColor('curve', this.drawn.map(label)),
          },
        },
      ],
    };
  }

  toString(): string {
    const { x, y, area } = this.titles;
    const lines = this.drawn.slice(0, 6);
    const range: [number, number] = [0, 1];
    const chart = textChart(lines, { title: y, width: 60, height: 14, xMin: 0, xMax: 1, xTitle: x, yRange: range });
    const wide = Math.max(...this.drawn.map(({ name }) => Math.min(40, name.length)));
    const rows = this.drawn
      .slice(0, mostRows)
      .map((curve) => `${curve.name.slice(0, 40).padEnd(wide)}  ${area} ${shortNumber(curve.area)}`);
    const more = this.drawn.length - rows.length;
    return [this.head, ...chart, ...(this.drawn.length > 1 ? rows : []), ...(more > 0 ? [`and ${more} more`] : [])]
      .map((line) => line.trimEnd())
      .join('\n');
  }
}

export class RocChart extends ThresholdChart {
  /** One for each class; of two classes the second's alone. */
  readonly curves: readonly (RocPoints & { readonly name: string })[];
  /** Area under the curve; of several the plain mean over classes that have both positives and negatives. */
  readonly auc: number;
  protected readonly titles = { x: 'false positive rate', y: 'true positive rate', area: 'AUC' };
  protected readonly chance = { y0: 0, y1: 1 };
  protected readonly drawn: readonly Drawn[];

  constructor(given: Scored, title?: string) {
    super(given.n, title);
    this.curves = given.classes.map(({ name, index, scores }) => {
      return { name, ...rocPoints((row) => given.labels[row] === index, scores) };
    });
    this.auc = meanOf(this.curves.map(({ auc }) => auc));
    this.drawn = this.curves.map(({ name, falsePositiveRate, truePositiveRate, auc }) => {
      return { name, x: falsePositiveRate, y: truePositiveRate, area: auc };
    });
  }
}

export class RecallChart extends ThresholdChart {
  /** One for each class; of two classes the second's alone. */
  readonly curves: readonly (RecallPoints & { readonly name: string })[];
  /** Average precision; of several the plain mean over classes that have positives. */
  readonly averagePrecision: number;
  protected readonly titles = { x: 'recall', y: 'precision', area: 'AP' };
  protected readonly chance: { readonly y0: number; readonly y1: number } | undefined;
  protected readonly drawn: readonly Drawn[];

  constructor(given: Scored, title?: string) {
    super(given.n, title);
    this.curves = given.classes.map(({ name, index, scores }) => {
      return { name, ...recallPoints((row) => given.labels[row] === index, scores) };
    });
    this.averagePrecision = meanOf(this.curves.map((curve) => curve.averagePrecision));
    // At a recall of nothing the precision is that of the first to be found.
    this.drawn = this.curves.map(({ name, precision, recall, averagePrecision }) => {
      return { name, x: [0, ...recall], y: [precision[0] ?? 0, ...precision], area: averagePrecision };
    });
    if (given.classes.length > 1 || given.n === 0) return;
    const { index } = given.classes[0]!;
    const share = Array.from(given.labels).filter((label) => label === index).length / given.n;
    this.chance = { y0: share, y1: share };
  }
}

/** Of the numbers among them. */
function meanOf(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

const round = (value: number): number => Number(value.toFixed(4));
