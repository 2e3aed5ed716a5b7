// One line that says what a tensor is: `Tensor float32 [2, 3] · 24 B · 0.1 … 5 · mean 2.5 ± 1.7 · wasm`.
import { byteSize, count, shortNumber } from './numbers.ts';
import type { Statistics, TensorFacts } from './tensor-types.ts';

/** The line of facts; the range and mean are those of the finite values, NaN and infinities are counted. */
export function tensorLine(facts: TensorFacts): string {
  const name = facts.name ? ` "${facts.name}"` : '';
  const parts = [`${facts.kind}${name} ${facts.dtype} ${shapeText(facts.shape)}`];
  if (facts.disposed) return [...parts, 'disposed'].join(' · ');
  parts.push(byteSize(facts.bytes));
  if (facts.statistics) parts.push(...statisticsParts(facts.statistics, facts));
  if (facts.backend) parts.push(facts.backend);
  return parts.join(' · ');
}

function statisticsParts(statistics: Statistics, { dtype, shape }: TensorFacts): string[] {
  const { min, max, mean, std, nan, infinite } = statistics;
  const size = shape.reduce((product, length) => product * length, 1);
  const parts: string[] = [];
  if (dtype === 'bool') parts.push(`${count(Math.round(mean * size))} of ${count(size)} true`);
  else if (size > 1 && Number.isFinite(min)) {
    parts.push(min === max ? `all ${shortNumber(min)}` : `${shortNumber(min)} … ${shortNumber(max)}`);
    if (min !== max) parts.push(`mean ${shortNumber(mean)} ± ${shortNumber(std)}`);
  }
  if (nan > 0) parts.push(`${count(nan)} NaN`);
  if (infinite > 0) parts.push(`${count(infinite)} infinite`);
  return parts;
}

/** A shape as `[60000, 28, 28, 1]`, `null` as `?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => length ?? '?').join(', ')}]`;
}
