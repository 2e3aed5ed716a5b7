// A column in a few words: its type, how many values are missing, a histogram in eight heights. Of a long table's values a sample is
// looked at, spread over the whole of it.
import { types } from 'node:util';
import { bars } from '../bars.ts';
import { count, shortNumber } from '../numbers.ts';
import { cellText, isMissing, typeOf } from './cell.ts';
import type { Frame } from './frame.ts';
import { range } from './frame.ts';

export interface ColumnSummary {
  readonly name: string;
  readonly type: string;
  /** `3 missing`, `≈ 12 % missing`; absent for none. */
  readonly missing?: string;
  /** Counts as bars, left to right from the least value to the greatest; for texts, of the commonest first. */
  readonly histogram?: string;
  /** What the bars range over: `0.1 … 5`, `12 different`. */
  readonly spread?: string;
}

/** Values looked at, all columns together. */
const sampleLimit = 100_000;
/** Steps of the sample within its strides, so that it keeps no step with what repeats. */
const golden = 0.6180339887498949;
const binCount = 12;
/** Texts counted one by one; more than that are just many. */
const distinctLimit = 1_000;
/** Of fewer values no histogram is drawn: they are all in sight. */
const distributionLeast = 10;

/** The summaries of columns, by their numbers. */
export function summarize(frame: Frame, columns: readonly number[]): ColumnSummary[] {
  const wanted = Math.max(100, Math.floor(sampleLimit / Math.max(1, columns.length)));
  const exact = frame.rows <= wanted && !frame.more;
  const stride = frame.rows / wanted;
  const rows =
    frame.rows <= wanted
      ? range(0, frame.rows)
      : range(0, wanted).map((at) => Math.floor((at + ((at * golden) % 1)) * stride));
  return columns.map((column) => summarizeColumn(frame, column, rows, exact));
}

function summarizeColumn(frame: Frame, column: number, rows: readonly number[], exact: boolean): ColumnSummary {
  const { name, type, missing: known } = frame.columns[column]!;
  const values = frame.values(column, rows);
  const there = values.filter((value) => !isMissing(value));
  const missing = missingText(known ?? values.length - there.length, values.length, exact || known !== undefined);
  return {
    name,
    type: type || typesOf(there),
    ...(missing && { missing }),
    ...distribution(there, exact),
  };
}

function missingText(missing: number, looked: number, exact: boolean): string | undefined {
  if (missing === 0) return undefined;
  return exact ? `${count(missing)} missing` : `≈ ${shortNumber((missing / looked) * 100, 2)} % missing`;
}

function typesOf(values: readonly unknown[]): string {
  const names = new Set<string>();
  for (const value of values) {
    names.add(typeOf(value));
    if (names.size > 3) return 'mixed';
  }
  return [...names].join(' | ') || 'empty';
}

function distribution(values: readonly unknown[], exact: boolean): { histogram?: string; spread?: string } {
  const first = values[0];
  if (values.length < distributionLeast) return {};
  if (values.every((value) => typeof value === 'number' || typeof value === 'bigint'))
    return spreadOf(values.map(Number), shortNumber, exact);
  if (values.every((value) => types.isDate(value)))
    return spreadOf(values.map(Number), (time) => cellText(new Date(time), 20), exact);
  if (typeof first === 'string' || typeof first === 'boolean') return commonest(values, exact);
  return {};
}

function spreadOf(
  numbers: readonly number[],
  text: (value: number) => string,
  exact: boolean,
): { histogram?: string; spread?: string } {
  let [min, max] = [Infinity, -Infinity];
  for (const value of numbers)
    if (Number.isFinite(value)) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  if (min > max) return {};
  if (min === max) return { spread: `${exact ? '' : '≈ '}all ${text(min)}` };
  const counts = new Array<number>(binCount).fill(0);
  const factor = binCount / (max - min);
  for (const value of numbers)
    if (Number.isFinite(value)) counts[Math.min(binCount - 1, Math.floor((value - min) * factor))]!++;
  return { histogram: bars(counts), spread: `${text(min)} … ${text(max)}` };
}

function commonest(values: readonly unknown[], exact: boolean): { histogram?: string; spread?: string } {
  const counts = new Map<unknown, number>();
  for (const value of values) {
    if (counts.size >= distinctLimit && !counts.has(value)) return { spread: `over ${count(distinctLimit)} different` };
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size === 1) return { spread: `${exact ? '' : '≈ '}all ${cellText(values[0], 20)}` };
  const spread = `${exact ? '' : '≈ '}${count(counts.size)} different`;
  if (counts.size === values.length || counts.size > 3 * binCount) return { spread };
  const most = [...counts.values()].sort((a, b) => b - a).slice(0, binCount);
  return { histogram: bars(most), spread };
}
