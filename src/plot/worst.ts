// The samples that a classifier was most wrong about, as pictures.
import type { ImageData } from './image-data.ts';
import { imagePixels } from './image-data.ts';
import { Images, type ImagesOptions } from './images.ts';
import { bestOf, type Matrix, scored } from './scores.ts';

export interface WorstOptions extends Omit<ImagesOptions, 'labels' | 'limit'> {
  /** How many; default 20. */
  readonly count?: number;
  /** Name of each class; default its number. */
  readonly names?: readonly string[];
}

/**
 * The pictures whose label was thought least likely, worst first, each with its label, what it was taken for and how surely.
 * `data`: images as for `images`. `probabilities`: of each class `[n, classes]`, or of the second of two `[n]`. Labels as for `rocCurve`.
 * @throws RangeError for lengths that differ, and as `rocCurve`.
 */
export function worstExamples(
  data: ImageData,
  labels: Matrix,
  probabilities: Matrix,
  options: WorstOptions = {},
): WorstExamples {
  const { count = 20, names } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`worstExamples: count must be a whole number from 1 on, got ${count}`);
  const given = scored(labels, probabilities, 'worstExamples', names);
  const { columns, values } = given.scores;
  const likely = (row: number, index: number) =>
    columns > 1 ? values[row * columns + index]! : index === 1 ? values[row]! : 1 - values[row]!;
  const best = columns > 1 ? bestOf(given.scores) : Float64Array.from(values, (value) => (value > 0.5 ? 1 : 0));
  const order = Array.from({ length: given.n }, (_, row) => row)
    .sort((a, b) => likely(a, given.labels[a]!) - likely(b, given.labels[b]!))
    .slice(0, count);
  const { pictures, total } = imagePixels(data, order);
  if (total !== given.n)
    throw new RangeError(`worstExamples: there must be an image for each label, got ${total} for ${given.n}`);
  const name = (index: number) => names?.[index] ?? String(index);
  const captions = order.map((row) => {
    const [label, guess] = [given.labels[row]!, best[row]!];
    const sure = `${Math.round(likely(row, guess) * 100)} %`;
    return label === guess ? `${name(label)}\nonly ${sure}` : `${name(label)}, not ${name(guess)}\n${sure}`;
  });
  const wrong = best.reduce((sum, guess, row) => sum + (guess === given.labels[row] ? 0 : 1), 0);
  const title = options.title ?? `${wrong} of ${given.n} wrong; the worst ${order.length} first`;
  return new WorstExamples(order, pictures, captions, { ...options, title });
}

/** A grid of pictures, with the rows that they are. */
export class WorstExamples extends Images {
  /** Rows of the samples shown, worst first. */
  readonly rows: readonly number[];

  constructor(
    rows: readonly number[],
    pictures: ReturnType<typeof imagePixels>['pictures'],
    captions: readonly string[],
    options: ImagesOptions,
  ) {
    super(pictures, captions, pictures.length, options);
    this.rows = rows;
  }
}
