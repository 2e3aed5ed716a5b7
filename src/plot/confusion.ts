// How often each class was taken for which: counts, accuracy and a chart of them.
import { asDisplay, type Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { count, shortNumber } from '../display/numbers.ts';
import { type Column, valuesOf } from './rows.ts';
import { drawVega, type Spec } from './vega.ts';

export interface ConfusionOptions {
  /** Name of each class; default its number. */
  readonly names?: readonly string[];
  readonly title?: string;
}

/**
 * Counts how often each class was predicted as which. `labels` and `predictions` hold class numbers (0, 1, …), n of each: arrays,
 * typed arrays or tensors `[n]`; predictions may also be a tensor `[n, classes]` of scores, whose greatest counts.
 * @throws RangeError for lengths that differ, and for what is no class number.
 */
export function confusionMatrix(labels: Column, predictions: Column, options: ConfusionOptions = {}): ConfusionMatrix {
  const truth = valuesOf(labels, 'confusionMatrix: labels');
  const guesses = classNumbers(valuesOf(predictions, 'confusionMatrix: predictions'), shapeOf(predictions));
  if (truth.length !== guesses.length)
    throw new RangeError(
      `confusionMatrix: labels and predictions must have one length, got ${truth.length} and ${guesses.length}`,
    );
  let classes = options.names?.length ?? 0;
  for (const values of [truth, guesses])
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]);
      if (!Number.isInteger(value) || value < 0 || value > 1000)
        throw new RangeError(
          `confusionMatrix: a class must be a whole number from 0 to 1000, got ${String(values[i])}`,
        );
      classes = Math.max(classes, value + 1);
    }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[Number(truth[i])]![Number(guesses[i])]!++;
  const names = Array.from({ length: classes }, (_, i) => options.names?.[i] ?? String(i));
  return new ConfusionMatrix(counts, names, options.title);
}

export class ConfusionMatrix implements Drawable {
  /** `counts[label][prediction]`. */
  readonly counts: readonly (readonly number[])[];
  readonly names: readonly string[];
  /** Share of predictions that were right, 0…1; NaN without any. */
  readonly accuracy: number;
  readonly #title: string;

  constructor(counts: readonly (readonly number[])[], names: readonly string[], title?: string) {
    this.counts = counts;
    this.names = names;
    const total = counts.flat().reduce((sum, n) => sum + n, 0);
    this.accuracy = counts.reduce((sum, row, i) => sum + row[i]!, 0) / total;
    this.#title = title ?? `${shortNumber(this.accuracy * 100)} % of ${count(total)} right`;
  }

  /** The chart as a Vega-Lite spec: share of each label's row as colour, counts as text. */
  get spec(): Spec {
    const values = this.counts.flatMap((row, label) => {
      const total = row.reduce((sum, n) => sum + n, 0);
      return row.map((n, prediction) => ({
        label: this.names[label]!,
        prediction: this.names[prediction]!,
        count: n,
        share: total > 0 ? n / total : 0,
      }));
    });
    const size = Math.min(440, Math.max(160, this.names.length * 34));
    const fontSize = this.names.length > 20 ? 0 : this.names.length > 12 ? 9 : 11;
    return {
      title: this.#title,
      width: size,
      height: size,
      data: { values },
      encoding: {
        x: {
          field: 'prediction',
          type: 'nominal',
          sort: this.names,
          axis: { labelAngle: this.names.some((name) => name.length > 3) ? -40 : 0 },
        },
        y: { field: 'label', type: 'nominal', sort: this.names },
      },
      layer: [
        {
          mark: { type: 'rect', tooltip: true },
          encoding: {
            color: {
              field: 'share',
              type: 'quantitative',
              // The root shows rare mistakes beside the many that were right.
              scale: { type: 'sqrt', range: ['#f7fbff', '#9ecae1', '#08519c'], interpolate: 'rgb', domain: [0, 1] },
              title: 'share of label',
              legend: { format: '.0%' },
            },
          },
        },
        ...(fontSize > 0
          ? [
              {
                transform: [{ filter: 'datum.count > 0' }],
                mark: { type: 'text', fontSize },
                encoding: {
                  text: { field: 'count', type: 'quantitative' },
                  color: { condition: { test: 'datum.share > 0.4', value: 'white' }, value: 'black' },
                },
              },
            ]
          : []),
      ],
    };
  }

  [drawSymbol](): Display {
    const { data, metadata } = drawVega(this.spec) as Display; // loads no URL, so it is there at once
    const { 'text/plain': _, ...richer } = data;
    return asDisplay(this.toString(), richer, metadata);
  }

  /** The counts in columns: a row for each label, a column for each prediction. */
  toString(): string {
    const width =
      Math.max(
        ...this.names.map((name) => Math.min(name.length, 8)),
        ...this.counts.flat().map((n) => String(n).length),
      ) + 1;
    const left = Math.max(...this.names.map((name) => name.length), 5);
    const head = `${'label'.padEnd(left)} │${this.names.map((name) => name.slice(0, 8).padStart(width)).join('')}   ← prediction`;
    const rows = this.counts.map(
      (row, i) =>
        `${this.names[i]!.padEnd(left)} │${row.map((n) => (n === 0 ? '·' : String(n)).padStart(width)).join('')}`,
    );
    return [this.#title, head, ...rows].join('\n');
  }
}

function shapeOf(column: Column): readonly number[] | undefined {
  const { shape } = column as { shape?: unknown };
  return Array.isArray(shape) ? shape : undefined;
}

/** Scores `[n, classes]` → the class of the greatest; class numbers as they are. */
function classNumbers(values: ArrayLike<unknown>, shape: readonly number[] | undefined): ArrayLike<unknown> {
  if (shape?.length !== 2 || shape[1]! < 2) return values;
  const [n, classes] = shape as [number, number];
  return Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (Number(values[i * classes + c]) > Number(values[i * classes + best])) best = c;
    return best;
  });
}
