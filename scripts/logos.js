// Draws the kernelspec's PNG logos from its SVG. Run by hand after the drawing has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';

const folder = new URL('../kernelspec/', import.meta.url);
const svg = readFileSync(new URL('logo-svg.svg', folder), 'utf8');
for (const width of [32, 64]) {
  const png = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
  writeFileSync(new URL(`logo-${width}x${width}.png`, folder), png);
}
