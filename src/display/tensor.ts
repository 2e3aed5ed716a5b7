// A tensor as a display: its line of facts, a small picture and the values, as text and as HTML of at most 50 kB.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { base64 } from './image.ts';
import { shortNumber } from './numbers.ts';
import { tensorLine } from './tensor-line.ts';
import { type TensorPicture, tensorPicture } from './tensor-picture.ts';
import { tensorText } from './tensor-text.ts';
import type { TensorFacts, TensorSample } from './tensor-types.ts';

/** Fewer values than this are better read than looked at. */
const pictureFrom = 25;

/**
 * Draws a tensor from its facts and the values that `sampleAxes(shape)` asked for; without a sample (a disposed tensor, values
 * that can't be read) the line alone.
 */
export function drawTensor(facts: TensorFacts, sample?: TensorSample): Display {
  const line = tensorLine(facts);
  const [what, ...rest] = line.split(' · ').map(escapeHtml);
  const head = `<div><b>${what}</b>${rest.map((part) => ` · ${part}`).join('')}</div>`;
  if (!sample || facts.disposed) return asDisplay(line, { 'text/html': head });
  const values = tensorText(facts.shape, facts.dtype, sample);
  const size = facts.shape.reduce((product, length) => product * length, 1);
  const picture = size < pictureFrom ? undefined : tensorPicture(facts, sample);
  const printed = `<pre style="margin:4px 0">${escapeHtml(values)}</pre>`;
  const html = picture
    ? `${pictureHtml(picture)}<details><summary style="opacity:.7">values</summary>${printed}</details>`
    : printed;
  return asDisplay(`${line}\n${values}`, { 'text/html': `<div>${head}${html}</div>` });
}

function pictureHtml({ png, width, height, key, image }: TensorPicture): string {
  const alt = image ? 'the values as an image' : 'the values as colours';
  const main = img(png, width, height, alt);
  if (!key) return main;
  return `${main}<div style="opacity:.8"><small>${shortNumber(key.low)} ${img(key.png, 122, 8, 'colour scale')} ${shortNumber(key.high)}</small></div>`;
}

/** A picture of square pixels; the attributes survive clients that strip styles. */
function img(png: Buffer, width: number, height: number, alt: string): string {
  const style = 'image-rendering:pixelated;max-width:none;margin:4px 0';
  return `<img src="data:image/png;base64,${base64(png)}" width="${width}" height="${height}" alt="${alt}" style="${style}">`;
}
