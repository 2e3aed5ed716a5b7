// How far the predictions of a regression are off: predicted over true, and the distances themselves.
import { count, shortNumber } from '../display/numbers.ts';
import { sideBySide, textChart } from './braille.ts';
import { seriesColor } from './colors.ts';
import { Evaluation } from './evaluation.ts';
import { type Matrix, numbersOf } from './scores.ts';
import type { Spec } from './vega.ts';

export interface ResidualOptions {
  readonly title?: string;
  /** Points drawn at most, taken evenly; the figures are of all. Default 1,000. */
  readonly limit?: number;
}

/**
 * Predictions of a regression beside the true values, `[n]` each.
 * @throws RangeError for lengths that differ and values that are not finite.
 */
export function residuals(targets: Matrix, predictions: Matrix, options: ResidualOptions = {}): ResidualChart {
  const truth = numbersOf(targets, 'residuals: targets');
  const guesses = numbersOf(predictions, 'residuals: predictions');
  if (truth.length !== guesses.length)
    throw new RangeError(
      `residuals: targets and predictions must have one length, got ${truth.length} and ${guesses.length}`,
    );
  if (truth.length === 0) throw new RangeError('residuals: there must be a value, got none');
  return new ResidualChart(truth, guesses, options);
}

export class ResidualChart extends Evaluation {
  /** Share of the targets' variance that the predictions explain; 1 is perfect, 0 as good as the mean. */
  readonly r2: number;
  /** Mean of the absolute distances, and root of the mean of their squares. */
  readonly mae: number;
  readonly rmse: number;
  /** Mean of prediction minus target. */
  readonly bias: number;
  readonly #truth: ArrayLike<number>;
  readonly #guesses: ArrayLike<number>;
  readonly #options: ResidualOptions;

  constructor(truth: ArrayLike<number>, guesses: ArrayLike<number>, options: ResidualOptions) {
    super();
    this.#truth = truth;
    this.#guesses = guesses;
    this.#options = options;
    const n = truth.length;
    let [mean, absolute, squares, sum, spread] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) mean += truth[i]! / n;
    for (let i = 0; i < n; i++) {
      const off = guesses[i]! - truth[i]!;
      absolute += Math.abs(off);
      squares += off * off;
      sum += off;
      spread += (truth[i]! - mean) ** 2;
    }
    this.mae = absolute / n;
    this.rmse = Math.sqrt(squares / n);
    this.bias = sum / n;
    // Of targets that are all one value, as scikit-learn has it.
    this.r2 = spread > 0 ? 1 - squares / spread : squares === 0 ? 1 : 0;
  }

  get #head(): string {
    const facts = [
      this.#options.title,
      `R² ${shortNumber(this.r2)}`,
      `MAE ${shortNumber(this.mae)}`,
      `RMSE ${shortNumber(this.rmse)}`,
      `bias ${shortNumber(this.bias)}`,
      `${count(this.#truth.length)} samples`,
    ];
    return facts.filter(Boolean).join(' · ');
  }

  /** Rows of the points that are drawn. */
  get #points(): { target: number; prediction: number; residual: number }[] {
    const n = this.#truth.length;
    const shown = Math.min(n, this.#options.limit ?? 1000);
    return Array.from({ length: shown }, (_, i) => {
      const row = Math.floor((i * n) / shown);
      const [target, prediction] = [short(this.#truth[row]!), short(this.#guesses[row]!)];
      return { target, prediction, residual: short(prediction - target) };
    });
  }

  get #range(): [number, number] {
    let [min, max] = [Infinity, -Infinity];
    for (const values of [this.#truth, this.#guesses])
      for (let i = 0; i < values.length; i++) {
        min = Math.min(min, values[i]!);
        max = Math.max(max, values[i]!);
      }
    return [min, max];
  }

  get spec(): Spec {
    const ends = this.#range;
    const grey = '#8a8a8a';
    const number = (field: string) => ({ field, type: 'quantitative', scale: { zero: false } });
    const points = { type: 'point', filled: true, opacity: 0.5, size: 18, color: seriesColor(0), tooltip: true };
    return {
      title: this.#head,
      data: { values: this.#points },
      hconcat: [
        {
          width: 260,
          height: 240,
          layer: [
            {
              data: { values: ends.map((at) => ({ target: at, prediction: at })) },
              mark: { type: 'line', color: grey, strokeDash: [4, 4], strokeWidth: 1 },
              encoding: { x: number('target'), y: number('prediction') },
            },
            { mark: points, encoding: { x: number('target'), y: number('prediction') } },
          ],
        },
        {
          width: 260,
          height: 240,
          layer: [
            { mark: { type: 'rule', color: grey, strokeDash: [4, 4] }, encoding: { y: { datum: 0 } } },
            { mark: points, encoding: { x: number('prediction'), y: number('residual') } },
          ],
        },
        {
          width: 90,
          height: 240,
          mark: { type: 'bar', color: seriesColor(0), tooltip: true },
          encoding: {
            y: { field: 'residual', type: 'quantitative', bin: { maxbins: 24 }, title: null },
            x: { aggregate: 'count', type: 'quantitative', title: 'samples' },
          },
        },
      ],
    };
  }

  toString(): string {
    const points = this.#points.slice(0, 400);
    const [xMin, xMax] = this.#range;
    const prediction = points.map((point) => point.prediction);
    const offs = points.map(({ residual }) => residual);
    const ends = [Math.min(...prediction), Math.max(...prediction)] as const;
    const charts = [
      textChart(
        [
          { x: [xMin, xMax], y: [xMin, xMax] },
          { x: points.map(({ target }) => target), y: prediction, mark: '•' },
        ],
        { title: 'prediction', width: 39, height: 13, xMin, xMax, xTitle: 'target', yRange: [xMin, xMax] },
      ),
      textChart(
        [
          { x: ends, y: [0, 0] },
          { x: prediction, y: offs, mark: '•' },
        ],
        { title: 'residual', width: 39, height: 13, xMin: ends[0], xMax: ends[1], xTitle: 'prediction' },
      ),
    ];
    return [this.#head, ...sideBySide(charts)].join('\n');
  }
}

/** Seven digits are more than a point on a screen needs. */
const short = (value: number): number => Number(value.toPrecision(7));
