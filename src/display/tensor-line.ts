// One line that says what a tensor is: `Tensor float32 [2, 3] · 24 B · 0.1 … 5 · mean 2.5 ± 1.7 · wasm`; two where 80 columns are too few.
import { escapeHtml } from './bundle.ts';
import { histogramText } from './histogram.ts';
import { byteSize, count, shortNumber } from './numbers.ts';
import type { Statistics, TensorFacts } from './tensor-types.ts';

/** A fact; what is wrong with the values is shown in red. */
interface Part {
  readonly text: string;
  readonly bad?: boolean;
}

/** Fewer values than this say more by themselves than their histogram does. */
const histogramFrom = 25;

const lineWidth = 80;

/** The line of facts; the range and mean are those of the finite values, NaN and infinities are counted. */
export function tensorLine(facts: TensorFacts, { width = lineWidth, color = false } = {}): string {
  const lines: string[] = [];
  let length = 0;
  for (const { text, bad } of partsOf(facts)) {
    const shown = bad && color ? `\u001b[31m${text}\u001b[39m` : text;
    if (lines.length > 0 && length + 3 + text.length <= width) {
      lines[lines.length - 1] += ` · ${shown}`;
      length += 3 + text.length;
    } else {
      lines.push(lines.length === 0 ? shown : `  ${shown}`);
      length = text.length + (lines.length === 1 ? 0 : 2);
    }
  }
  return lines.join('\n');
}

/** The same as HTML. */
export function tensorLineHtml(facts: TensorFacts): string {
  const [what, ...rest] = partsOf(facts).map(({ text, bad }) => (bad ? badHtml(text) : escapeHtml(text)));
  return `<div><b>${what}</b>${rest.map((part) => ` · ${part}`).join('')}</div>`;
}

/** Red by its own style too, for who strips the style sheet. */
const badHtml = (text: string): string => `<b class="tc-bad" style="color:#d92d20">${escapeHtml(text)}</b>`;

function partsOf(facts: TensorFacts): Part[] {
  const name = facts.name ? ` "${facts.name}"` : '';
  const parts: Part[] = [{ text: `${facts.kind}${name} ${facts.dtype} ${shapeText(facts.shape)}` }];
  if (facts.disposed) return [...parts, { text: 'disposed' }];
  parts.push({ text: byteSize(facts.bytes) });
  if (facts.statistics) parts.push(...statisticsParts(facts.statistics, facts));
  if (facts.unread) parts.push({ text: `no values: ${facts.unread}` });
  if (facts.backend) parts.push({ text: facts.backend });
  return parts;
}

function statisticsParts(statistics: Statistics, { dtype, shape }: TensorFacts): Part[] {
  const { min, max, mean, std, nan, infinite, histogram, sampled } = statistics;
  const size = shape.reduce((product, length) => product * length, 1);
  const about = sampled === undefined ? '' : '≈ ';
  const parts: Part[] = [];
  if (dtype === 'bool') parts.push({ text: `${about}${count(Math.round(mean * size))} of ${count(size)} true` });
  else if (size > 1 && Number.isFinite(min)) {
    if (min === max) parts.push({ text: about + (min === 0 ? 'all zero' : `all ${shortNumber(min)}`) });
    else {
      const between = histogram && size >= histogramFrom ? histogramText(histogram) : '…';
      parts.push({ text: `${about}${shortNumber(min)} ${between} ${shortNumber(max)}` });
      parts.push({ text: `mean ${about}${shortNumber(mean)} ± ${shortNumber(std)}` });
    }
  }
  if (nan > 0) parts.push({ text: `${about}${count(nan)} NaN`, bad: true });
  if (infinite > 0) parts.push({ text: `${about}${count(infinite)} infinite`, bad: true });
  return parts;
}

/** A shape as `[60000, 28, 28, 1]`, `null` as `?`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => length ?? '?').join(', ')}]`;
}
