// The values of a tensor as nested brackets in aligned columns, as NumPy prints them, but with commas: a tensor that is shown
// whole can be pasted into code. Long axes show three values at each end.
import { shortNumber } from './numbers.ts';
import { isPrintedWhole, printedEdge, stridesOf } from './tensor-sample.ts';
import type { TensorSample } from './tensor-types.ts';

const lineWidth = 80;
/** Digits after the point. */
const decimals = 4;

/** Brackets of the values of a tensor of `shape`: all of a small tensor, else 3 at each end of an axis. */
export function tensorText(shape: readonly number[], dtype: string, sample: TensorSample): string {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) return '[]';
  // Positions into the sample, not into the tensor: `null` stands for the ellipsis.
  const edge = isPrintedWhole(shape) ? Infinity : printedEdge(shape);
  const shown = shape.map((length, axis) => axisPositions(length, edge, sample.axes[axis]!.length));
  const strides = stridesOf(sample.axes.map((indices) => indices.length));
  const offsets = shown.reduce<number[]>(
    (found, positions, axis) =>
      found.flatMap((offset) => positions.flatMap((at) => (at === null ? [] : [offset + at * strides[axis]!]))),
    [0],
  );
  const texts = valueTexts(offsets, dtype, sample.values);
  const width = Math.max(...[...texts.values()].map((text) => text.length), 0);
  const cell = (offset: number) => (dtype === 'string' ? texts.get(offset)! : texts.get(offset)!.padStart(width));

  const block = (axis: number, offset: number): string => {
    if (axis === shape.length) return cell(offset).trim();
    const indent = ' '.repeat(axis + 1);
    const last = axis === shape.length - 1;
    const items = shown[axis]!.map((at) =>
      at === null ? '…' : last ? cell(offset + at * strides[axis]!) : block(axis + 1, offset + at * strides[axis]!),
    );
    if (last) return `[${wrapped(items, indent, shape.length + 1)}]`;
    const gap = `,${'\n'.repeat(shape.length - 1 - axis)}${indent}`;
    return `[${items.join(gap)}]`;
  };
  return block(0, 0);
}

/** Positions along an axis of the sample: all of a short axis, else its two ends about an ellipsis (`null`). */
function axisPositions(length: number, edge: number, sampled: number): (number | null)[] {
  if (length <= 2 * edge + 1) return Array.from({ length: sampled }, (_, at) => at);
  const end = Array.from({ length: edge }, (_, at) => at);
  return [...end, null, ...end.map((at) => sampled - edge + at)];
}

/** Items joined by commas, broken into lines of at most 80 columns; behind the last one `closing` columns are kept for brackets. */
function wrapped(items: readonly string[], indent: string, closing: number): string {
  let line = '';
  const lines: string[] = [];
  for (const [at, item] of items.entries()) {
    const isLast = at === items.length - 1;
    const text = isLast ? item : `${item}, `;
    const length = isLast ? item.length + closing : item.length + 1;
    if (line !== '' && indent.length + line.length + length > lineWidth) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += text;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** Offset into the sample → text, all numbers in one notation. */
function valueTexts(offsets: readonly number[], dtype: string, values: TensorSample['values']): Map<number, string> {
  if (dtype === 'string') return mapped(offsets, (at) => quoted(String(values[at])));
  const numbers = values as ArrayLike<number>;
  if (dtype === 'bool') return mapped(offsets, (at) => (numbers[at] ? 'true' : 'false'));
  if (dtype === 'complex64') {
    const notation = notationOf(offsets.flatMap((at) => [numbers[2 * at]!, numbers[2 * at + 1]!]));
    return mapped(offsets, (at) => {
      const imaginary = numbers[2 * at + 1]!;
      return `${notation(numbers[2 * at]!)}${imaginary < 0 ? '-' : '+'}${notation(Math.abs(imaginary))}i`;
    });
  }
  const notation = notationOf(offsets.map((at) => numbers[at]!));
  return mapped(offsets, (at) => notation(numbers[at]!));
}

function mapped(offsets: readonly number[], text: (at: number) => string): Map<number, string> {
  return new Map(offsets.map((at) => [at, text(at)]));
}

/** One way of writing all of these numbers: whole, with a common number of decimals, or with exponents. */
function notationOf(numbers: readonly number[]): (value: number) => string {
  const finite = numbers.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  const largest = Math.max(0, ...sizes);
  const whole = finite.every(Number.isInteger);
  // One tiny value among many is noise, among few it is what was asked for.
  const tiny = !whole && (largest < 1e-3 || (finite.length <= 20 && Math.min(...sizes) < 1e-4));
  const special = (value: number) => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity');
  if (largest >= 1e8 || tiny) return (value) => (Number.isFinite(value) ? exponential(value) : special(value));
  // float32 shows its rounding (0.1 is 0.10000000149) only past the decimals that are shown.
  const needed = whole
    ? 0
    : Math.max(...finite.map((value) => Number(value.toFixed(decimals)).toString().split('.')[1]?.length ?? 0));
  return (value) => (Number.isFinite(value) ? value.toFixed(needed) : special(value));
}

function exponential(value: number): string {
  return value === 0 ? '0' : value.toExponential(decimals);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

/** A scalar's value as it stands in a line. */
export function scalarText(dtype: string, sample: TensorSample): string {
  const value = sample.values[0];
  return typeof value === 'number' && dtype !== 'bool' && dtype !== 'complex64'
    ? shortNumber(value, 7)
    : tensorText([], dtype, sample);
}
