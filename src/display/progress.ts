// `for (const item of progress(items, 'loading'))`: what is gone through is shown as a bar. The items come as they are, one by one.
import { Bar } from './progress-bars.ts';

export interface ProgressOptions {
  /** What is going on; stands before the bar. */
  readonly label?: string;
  /** How many items will come, where the items do not tell. */
  readonly total?: number;
  /** What the items are, such as `images`: `24 images/s`. */
  readonly unit?: string;
}

/** Counts `0`, `1`, … below a number, and shows how far it is. */
export function progress(count: number, label?: string | ProgressOptions): Iterable<number>;
/** Gives the items of an array, a set, a generator, … and shows how far it is, at most 10 times a second. */
export function progress<T>(items: Iterable<T>, label?: string | ProgressOptions): Iterable<T>;
/** The same of what is gone through by `for await`. */
export function progress<T>(items: AsyncIterable<T>, label?: string | ProgressOptions): AsyncIterable<T>;
/** The same of values by index. */
export function progress<T>(items: ArrayLike<T>, label?: string | ProgressOptions): Iterable<T>;
/**
 * Shows how far a loop is, how fast, and how long still. Loops inside others are lines below theirs. A loop that is left early, by `break`
 * or an error, ends its bar.
 * @throws TypeError for what can't be gone through, RangeError for a count that is not a whole number from 0 on.
 * @example for (const file of progress(files, 'reading')) await read(file);
 */
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T> | ArrayLike<T>,
  label: string | ProgressOptions = {},
): Iterable<T | number> | AsyncIterable<T> {
  const options = optionsOf(label);
  if (typeof items === 'number') {
    if (!Number.isInteger(items) || items < 0)
      throw new RangeError(`progress: a count must be a whole number from 0 on, got ${items}`);
    return { [Symbol.iterator]: () => gone(counting(items), { total: items, ...options }) };
  }
  const many = Object(items ?? undefined) as Partial<AsyncIterable<T> & Iterable<T> & ArrayLike<T>>;
  const known = options.total === undefined ? { ...options, ...totalOf(many) } : options;
  if (typeof many[Symbol.asyncIterator] === 'function')
    return { [Symbol.asyncIterator]: () => goneAsync(many[Symbol.asyncIterator]!(), known) };
  if (typeof many[Symbol.iterator] === 'function')
    return { [Symbol.iterator]: () => gone(many[Symbol.iterator]!(), known) };
  if (typeof items === 'object' && typeof many.length === 'number')
    return { [Symbol.iterator]: () => gone(Array.prototype.values.call(items) as IterableIterator<T>, known) };
  throw new TypeError(
    `progress: items must be a count, an array, or what for … of goes through, got ${items === null ? 'null' : typeof items}`,
  );
}

function optionsOf(label: string | ProgressOptions): ProgressOptions {
  if (typeof label === 'string') return { label };
  if (typeof label !== 'object' || label === null)
    throw new TypeError(`progress: a label must be a string, got ${label === null ? 'null' : typeof label}`);
  const { total } = label;
  if (total !== undefined && !(typeof total === 'number' && total >= 0))
    throw new RangeError(`progress: total must be a number from 0 on, got ${String(total)}`);
  return label;
}

/** Arrays tell their length, sets and maps their size. */
function totalOf({ length, size }: { readonly length?: unknown; readonly size?: unknown }): { total?: number } {
  const total = typeof length === 'number' ? length : size;
  return typeof total === 'number' && total >= 0 ? { total } : {};
}

function counting(count: number): Iterator<number> {
  let next = 0;
  return { next: () => (next < count ? { value: next++, done: false } : { value: undefined, done: true }) };
}

/** An iterator that tells a bar of each item. What it gives is what the inner one gave: nothing is made for an item. */
function gone<T>(inner: Iterator<T>, options: ProgressOptions): Iterator<T> {
  const bar = new Bar(options);
  return {
    next() {
      let result: IteratorResult<T>;
      try {
        result = inner.next();
      } catch (error) {
        bar.end('failed');
        throw error;
      }
      if (result.done) bar.end('done');
      else bar.step();
      return result;
    },
    return(value?: unknown) {
      bar.end('left');
      return inner.return?.(value) ?? { value: value as T, done: true };
    },
  };
}

function goneAsync<T>(inner: AsyncIterator<T>, options: ProgressOptions): AsyncIterator<T> {
  const bar = new Bar(options);
  return {
    async next() {
      try {
        const result = await inner.next();
        if (result.done) bar.end('done');
        else bar.step();
        return result;
      } catch (error) {
        bar.end('failed');
        throw error;
      }
    },
    async return(value?: unknown) {
      bar.end('left');
      return (await inner.return?.(value)) ?? { value: value as T, done: true };
    },
  };
}
