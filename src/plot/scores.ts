// Labels and scores of a classifier, and numbers of a regression, out of tensors and arrays: checked, and in one form.
import { type Column, valuesOf } from './rows.ts';

/** Rows of numbers: a tensor `[n, m]` (or `[n]`: one column), or arrays of arrays. */
export type Matrix = Column | readonly ArrayLike<number>[];

/** Values by row, `columns` of each. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/** Numbers in rows. @throws TypeError, RangeError for what is none. */
export function rowsOfNumbers(given: Matrix, what: string): Rows {
  const { shape } = Object(given ?? undefined) as { shape?: unknown };
  if (Array.isArray(shape)) {
    if (shape.length < 1 || shape.length > 2)
      throw new RangeError(`${what} must be a tensor [n] or [n, m], got [${shape.join(', ')}]`);
    const values = valuesOf(given as Column, what) as ArrayLike<number>;
    return { rows: shape[0] as number, columns: (shape[1] as number | undefined) ?? 1, values };
  }
  const list = valuesOf(given as Column, what);
  const first = list[0];
  if (typeof first !== 'object' || first === null)
    return { rows: list.length, columns: 1, values: Float64Array.from(list, Number) };
  const columns = (first as ArrayLike<number>).length;
  const values = new Float64Array(list.length * columns);
  for (let row = 0; row < list.length; row++) {
    const numbers = list[row] as ArrayLike<number>;
    if (numbers?.length !== columns)
      throw new RangeError(`${what} must have rows of one length, got ${columns} and ${numbers?.length}`);
    for (let column = 0; column < columns; column++) values[row * columns + column] = Number(numbers[column]);
  }
  return { rows: list.length, columns, values };
}

/** Finite numbers, one a row. */
export function numbersOf(given: Matrix, what: string): ArrayLike<number> {
  const { rows, columns, values } = rowsOfNumbers(given, what);
  if (columns !== 1) throw new RangeError(`${what} must be one number a row, got rows of ${columns}`);
  for (let i = 0; i < rows; i++)
    if (!Number.isFinite(Number(values[i])))
      throw new RangeError(`${what} must be finite numbers, got ${values[i]} in row ${i}`);
  return values;
}

/** What a classifier was asked and answered. */
export interface Scored {
  readonly n: number;
  /** Class number of each sample. */
  readonly labels: ArrayLike<number>;
  /** Scores of each class that has a curve, and its number: of two classes the second alone. */
  readonly classes: readonly { readonly index: number; readonly name: string; readonly scores: ArrayLike<number> }[];
  /** Scores as they came. */
  readonly scores: Rows;
}

/**
 * Labels and scores of one length. Labels: class numbers or booleans `[n]`, or one-hot rows `[n, classes]`. Scores: of the second of two
 * classes `[n]`, or of each class `[n, classes]`; greater is surer.
 * @throws RangeError for lengths that differ, scores that are no numbers, labels that are no class.
 */
export function scored(given: Matrix, scores: Matrix, caller: string, names?: readonly string[]): Scored {
  const answers = rowsOfNumbers(scores, `${caller}: scores`);
  const asked = rowsOfNumbers(given, `${caller}: labels`);
  const n = answers.rows;
  if (asked.rows !== n)
    throw new RangeError(`${caller}: labels and scores must have one length, got ${asked.rows} and ${n}`);
  for (let i = 0; i < answers.values.length; i++)
    if (Number.isNaN(answers.values[i]))
      throw new RangeError(`${caller}: scores must be numbers, got NaN in row ${Math.floor(i / answers.columns)}`);
  const classes = Math.max(2, answers.columns);
  const labels = asked.columns > 1 ? bestOf(asked) : Float64Array.from(asked.values as ArrayLike<number>, Number);
  for (let i = 0; i < n; i++)
    if (!Number.isInteger(labels[i]) || labels[i]! < 0 || labels[i]! >= classes)
      throw new RangeError(`${caller}: a label must be a class from 0 to ${classes - 1}, got ${labels[i]} in row ${i}`);
  const name = (index: number) => names?.[index] ?? (classes === 2 ? 'positive' : String(index));
  const indices = classes === 2 ? [1] : Array.from({ length: classes }, (_, index) => index);
  const column = (index: number) =>
    answers.columns === 1
      ? answers.values
      : Float64Array.from({ length: n }, (_, row) => answers.values[row * answers.columns + index]!);
  return {
    n,
    labels,
    scores: answers,
    classes: indices.map((index) => ({ index, name: name(index), scores: column(index) })),
  };
}

/** The column of each row's greatest value. */
export function bestOf({ rows, columns, values }: Rows): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++)
      if (values[row * columns + column]! > values[row * columns + best]!) best = column;
    return best;
  });
}
