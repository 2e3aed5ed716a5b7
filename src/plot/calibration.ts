// Whether probabilities mean what they say: how often each was right, over what was said.
import { count, shortNumber } from '../display/numbers.ts';
import { textChart } from './braille.ts';
import { seriesColor } from './colors.ts';
import { Evaluation } from './evaluation.ts';
import { bestOf, type Matrix, type Scored, scored } from './scores.ts';
import type { Spec } from './vega.ts';

export interface CalibrationOptions {
  /** Intervals of probability; default 10. */
  readonly bins?: number;
  readonly title?: string;
}

/** Samples whose probability fell into one interval. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean of what was said, and how often it was so. */
  readonly predicted: number;
  readonly observed: number;
}

/**
 * A reliability diagram. `probabilities`: of the second of two classes `[n]`, or of each class `[n, classes]`, where the surest class of
 * each sample is looked at. Labels as for `rocCurve`.
 * @throws RangeError for probabilities outside 0…1, and as `rocCurve`.
 */
export function calibration(labels: Matrix, probabilities: Matrix, options: CalibrationOptions = {}): CalibrationChart {
  const { bins = 10 } = options;
  if (!Number.isInteger(bins) || bins < 1 || bins > 1000)
    throw new RangeError(`calibration: bins must be a whole number from 1 to 1000, got ${bins}`);
  const given = scored(labels, probabilities, 'calibration');
  const { values, columns } = given.scores;
  for (let i = 0; i < values.length; i++)
    if (!(values[i]! >= 0 && values[i]! <= 1 + 1e-6))
      throw new RangeError(
        `calibration: probabilities must be from 0 to 1, got ${values[i]} in row ${Math.floor(i / columns)}`,
      );
  return new CalibrationChart(given, bins, options.title);
}

export class CalibrationChart extends Evaluation {
  /** Intervals that hold samples. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: distance of what was said from what was, weighed by the samples of each interval. */
  readonly error: number;
  /** Brier score: mean squared distance of the probabilities from what was; over all classes where there are several. */
  readonly brier: number;
  readonly #n: number;
  readonly #surest: boolean;
  readonly #title: string | undefined;

  constructor(given: Scored, bins: number, title?: string) {
    super();
    const { n, labels, scores } = given;
    this.#n = n;
    this.#title = title;
    this.#surest = scores.columns > 2;
    const best = this.#surest ? bestOf(scores) : undefined;
    const sums = Array.from({ length: bins }, () => ({ count: 0, said: 0, was: 0 }));
    for (let row = 0; row < n; row++) {
      const said = best ? scores.values[row * scores.columns + best[row]!]! : given.classes[0]!.scores[row]!;
      const was = labels[row] === (best ? best[row] : 1);
      const sum = sums[Math.min(bins - 1, Math.floor(said * bins))]!;
      sum.count++;
      sum.said += said;
      sum.was += was ? 1 : 0;
    }
    this.bins = sums.flatMap(({ count, said, was }, i) =>
      count > 0 ? [{ from: i / bins, to: (i + 1) / bins, count, predicted: said / count, observed: was / count }] : [],
    );
    this.error = this.bins.reduce((sum, bin) => sum + (bin.count / n) * Math.abs(bin.predicted - bin.observed), 0);
    this.brier = brierOf(given);
  }

  get #head(): string {
    const facts = [
      this.#title,
      `calibration error ${shortNumber(this.error)}`,
      `Brier score ${shortNumber(this.brier)}`,
      `${count(this.#n)} samples`,
    ];
    return facts.filter(Boolean).join(' · ');
  }

  get #titles(): { said: string; was: string } {
    return this.#surest
      ? { said: 'confidence of the surest class', was: 'share that was right' }
      : { said: 'predicted probability', was: 'share that was positive' };
  }

  get spec(): Spec {
    const { said, was } = this.#titles;
    const unit = { domain: [0, 1], nice: false };
    const values = this.bins.map(({ from, to, predicted, observed, count }) => ({
      from,
      to,
      samples: count,
      [said]: Number(predicted.toFixed(4)),
      [was]: Number(observed.toFixed(4)),
    }));
    const line = { data: { values: [0, 1].map((at) => ({ [said]: at, [was]: at })) } };
    const xy = {
      x: { field: said, type: 'quantitative', scale: unit },
      y: { field: was, type: 'quantitative', scale: unit },
    };
    return {
      title: this.#head,
      data: { values },
      vconcat: [
        {
          width: 300,
          height: 260,
          layer: [
            { ...line, mark: { type: 'line', color: '#8a8a8a', strokeDash: [4, 4], strokeWidth: 1 }, encoding: xy },
            {
              mark: {
                type: 'line',
                color: seriesColor(0),
                strokeWidth: 2,
                point: { color: seriesColor(0), size: 50 },
                tooltip: true,
              },
              encoding: xy,
            },
          ],
        },
        {
          width: 300,
          height: 50,
          mark: { type: 'bar', color: seriesColor(0), opacity: 0.6, tooltip: true },
          encoding: {
            x: {
              field: 'from',
              type: 'quantitative',
              bin: 'binned',
              scale: unit,
              title: null,
              axis: { labels: false },
            },
            x2: { field: 'to' },
            y: { field: 'samples', type: 'quantitative', axis: { tickCount: 2 } },
          },
        },
      ],
    };
  }

  toString(): string {
    const { said, was } = this.#titles;
    const chart = textChart(
      [
        { x: [0, 1], y: [0, 1] },
        { x: this.bins.map(({ predicted }) => predicted), y: this.bins.map(({ observed }) => observed), mark: '○' },
      ],
      { title: was, width: 60, height: 14, xMin: 0, xMax: 1, xTitle: said, yRange: [0, 1] },
    );
    return [this.#head, ...chart].map((row) => row.trimEnd()).join('\n');
  }
}

function brierOf({ n, labels, classes, scores: { columns, values } }: Scored): number {
  let sum = 0;
  for (let row = 0; row < n; row++) {
    if (columns <= 2) sum += ((labels[row] === 1 ? 1 : 0) - classes[0]!.scores[row]!) ** 2;
    else
      for (let column = 0; column < columns; column++)
        sum += ((labels[row] === column ? 1 : 0) - values[row * columns + column]!) ** 2;
  }
  return sum / n;
}
