// A tensor as a display: its line of facts, a picture with its values under the pointer, a histogram and the printed values. As text,
// and as HTML without script; at most 50 kB.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { heatMapHtml, heatMapStyle } from './heat-map.ts';
import { histogramSvg } from './histogram.ts';
import { base64 } from './image.ts';
import { tensorLine, tensorLineHtml } from './tensor-line.ts';
import { type PictureOptions, type TensorPicture, tensorPicture } from './tensor-picture.ts';
import { tensorText } from './tensor-text.ts';
import type { TensorFacts, TensorSample } from './tensor-types.ts';
import { cut } from './text.ts';

/** Fewer values than this are better read than looked at. */
const pictureFrom = 25;

/** Bytes of a display; what can be done without is left out one by one. */
const limit = 48_000;

/** Characters of the printed values, which many short axes would make many. */
const textLimit = 8000;

/**
 * Draws a tensor from its facts and the values that `sampleAxes(shape)` asked for; without a sample (a disposed tensor, values
 * that can't be read) the line alone.
 */
export function drawTensor(facts: TensorFacts, sample?: TensorSample, options: PictureOptions = {}): Display {
  const line = tensorLine(facts, { color: true });
  const head = tensorLineHtml(facts);
  if (!sample || facts.disposed) return asDisplay(line, { 'text/html': head });
  const values = cut(tensorText(facts.shape, facts.dtype, sample), textLimit);
  const size = facts.shape.reduce((product, length) => product * length, 1);
  const text = `${line}\n${values}`;
  const printed = `<pre style="margin:4px 0">${escapeHtml(values)}</pre>`;
  const { statistics } = facts;
  const isPlain = size < pictureFrom || (statistics && !(statistics.min < statistics.max) && statistics.nan === 0);
  const picture = isPlain && !options.as && !options.layout ? undefined : tensorPicture(facts, sample, options);
  if (!picture) return asDisplay(text, { 'text/html': `<div>${head}${printed}</div>` });
  const folded = `<details><summary style="opacity:.75">values</summary>${printed}</details>`;
  const html = (hover: boolean) =>
    `<div>${heatMapStyle}${head}<div class="tc-row">${heatMapHtml(picture, facts.shape, { hover })}${histogramOf(facts, picture)}</div>${folded}</div>`;
  const png = base64(picture.png);
  const small = Buffer.byteLength(text) + png.length;
  const whole = html(true);
  const bytes = Buffer.byteLength(whole);
  if (bytes + small <= limit) {
    const { width, height } = picture;
    return asDisplay(text, { 'text/html': whole, 'image/png': png }, { 'image/png': { width, height } });
  }
  return asDisplay(text, { 'text/html': bytes + Buffer.byteLength(text) <= limit ? whole : html(false) });
}

/** Where the colours are told apart by it too; images have no use for it. */
function histogramOf({ statistics }: TensorFacts, { image, scale }: TensorPicture): string {
  if (image || !statistics?.histogram) return '';
  const { histogram, sampled } = statistics;
  return `<div>${histogramSvg(histogram, { scale, sampled: sampled !== undefined })}</div>`;
}
