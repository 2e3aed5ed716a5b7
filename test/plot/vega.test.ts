import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { formatterTable } from '../../src/display/formatters.ts';
import { render } from '../../src/display/render.ts';
import { vegaLite } from '../../src/plot/chart.ts';
import { plotFormatters } from '../../src/plot/formatters.ts';
import { drawVega } from '../../src/plot/vega.ts';
import { decodePng } from '../display/pixels.ts';

const table = formatterTable(plotFormatters);
const bars = {
  title: 'Größe & <Zahl>',
  data: {
    values: [
      { a: 'cat', b: 28 },
      { a: 'dog', b: 55 },
    ],
  },
  mark: 'bar',
  encoding: { x: { field: 'a', type: 'nominal' }, y: { field: 'b', type: 'quantitative' } },
};
const schema = 'https://vega.github.io/schema/vega-lite/v5.json';

function now(display: Display | Promise<Display>): Display {
  assert.ok(!(display instanceof Promise), 'drawn at once');
  return display;
}

const png = (display: Display) => decodePng(Buffer.from(String(display.data['image/png']), 'base64'));

test('a spec is shown as itself, as SVG and as PNG, at once', () => {
  const display = now(drawVega(bars));
  assert.deepEqual(Object.keys(display.data), [
    'text/plain',
    'application/vnd.vegalite.v5+json',
    'image/svg+xml',
    'image/png',
  ]);
  assert.equal(display.data['text/plain'], '[bar chart "Größe & <Zahl>": b by a · 2 rows]');
  // As it is sent: Vega marks the rows with symbols.
  const sent = JSON.parse(JSON.stringify(display.data['application/vnd.vegalite.v5+json']));
  assert.deepEqual(sent, { $schema: schema, ...bars });
  const svg = String(display.data['image/svg+xml']);
  for (const text of ['Größe &amp; &lt;Zahl&gt;', 'cat', 'dog', '>50<']) assert.ok(svg.includes(text), text);
  const { width, height } = display.metadata['image/png'] as { width: number; height: number };
  const { width: pixels } = png(display);
  assert.ok(Math.abs(pixels - 2 * width) <= 2 && height > 200, 'two pixels for each px');
});

test('the PNG has its text, in Latin, Greek and Cyrillic letters', () => {
  const inked = (title: string) => {
    const picture = png(now(drawVega({ ...bars, title })));
    let dark = 0;
    // The title is what stands in the top rows.
    for (let y = 0; y < 36; y++) for (let x = 0; x < picture.width; x++) if (picture.at(x, y)[0] < 100) dark++;
    return dark;
  };
  assert.equal(inked(' '), 0);
  const one = inked('M');
  assert.ok(one > 50, `a letter has ink: ${one}`);
  for (const title of ['MMMM', 'ΩΩΩΩ', 'ЖЖЖЖ', 'éééé']) assert.ok(inked(title) > 150, title);
});

test('charts of several kinds are what the library itself draws', async () => {
  const values = Array.from({ length: 40 }, (_, i) => ({ a: i % 7, b: (i * i) % 13, c: `s${i % 3}` }));
  const xy = { x: { field: 'a', type: 'quantitative' }, y: { field: 'b', type: 'quantitative' } };
  const color = { field: 'c', type: 'nominal' };
  const specs = [
    { mark: 'point', encoding: { ...xy, row: color } },
    { mark: 'arc', encoding: { theta: { aggregate: 'count' }, color } },
    {
      layer: [
        { mark: 'line', encoding: { ...xy, color } },
        { mark: 'rule', encoding: { y: { datum: 3 } } },
      ],
    },
    {
      hconcat: [
        { mark: 'area', encoding: xy },
        { mark: 'rect', encoding: { x: { field: 'a', bin: true }, color: { aggregate: 'count' } } },
      ],
    },
  ];
  const { loadVega } = await import('../../src/plot/vega-library.ts');
  const { vega, vegaLite: compiler } = loadVega();
  // Vega numbers clip paths and gradients over the whole process.
  const unnumbered = (svg: unknown) => String(svg).replace(/(clip|gradient_)\d+/g, '$1');
  for (const spec of specs) {
    const whole = { data: { values }, ...spec };
    const own = await new vega.View(vega.parse(compiler.compile(whole as never).spec), { renderer: 'none' }).toSVG();
    assert.equal(unnumbered(now(drawVega(whole)).data['image/svg+xml']), unnumbered(own));
  }
});

test('plain specs and builders are charts by the table; a Vega spec has its own MIME type', async () => {
  const drawn = async (value: unknown) => Object.keys((await render(value, table)).data);
  assert.ok((await drawn({ $schema: schema, ...bars })).includes('application/vnd.vegalite.v5+json'));
  assert.ok((await drawn({ toSpec: () => bars })).includes('application/vnd.vegalite.v5+json'));
  assert.ok((await drawn(vegaLite(bars))).includes('image/png'));
  const vega = {
    $schema: 'https://vega.github.io/schema/vega/v5.json',
    width: 50,
    height: 50,
    marks: [
      { type: 'rect', encode: { enter: { width: { value: 50 }, height: { value: 50 }, fill: { value: 'red' } } } },
    ],
  };
  assert.ok((await drawn(vega)).includes('application/vnd.vega.v5+json'));
  for (const value of [bars, { $schema: 'https://json-schema.org/draft/2020-12/schema' }, { $schema: 5 }])
    assert.deepEqual(await drawn(value), ['text/plain']);
});

test('a spec that does not compile is a note, not a throw', async () => {
  for (const spec of [{ mark: 'nonsense', encoding: { x: { field: 3 } } }, { mark: 5 }, { layer: [{}] }]) {
    const { data } = await render(vegaLite(spec), table);
    assert.match(data['text/plain'], /could not draw this: TypeError: vega-lite: /);
  }
  assert.throws(() => vegaLite(5 as never), {
    name: 'TypeError',
    message: 'vegaLite: spec must be an object, got number',
  });
});

test("the compiler's warnings stand in the text, not on the console", () => {
  const spec = {
    ...bars,
    encoding: { ...bars.encoding, size: { field: 'a', type: 'nominal' }, shape: { value: 'square' } },
  };
  assert.match(String(now(drawVega(spec)).data['text/plain']), /\n\(.*shape.*\)/);
});

test('data from a file and from the web is drawn; what can not be reached leaves the spec and the reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vega-'));
  const path = join(folder, 'd.csv');
  writeFileSync(path, 'a,b\nfromfile,3\n');
  const server = createServer((_, response) => response.end('[{"a":"fromweb","b":2}]')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const draw = async (url: string) => drawVega({ ...bars, data: { url } });
  assert.match(String((await draw(path)).data['image/svg+xml']), />fromfile</);
  assert.match(String((await draw(`http://127.0.0.1:${port}/d.json`)).data['image/svg+xml']), />fromweb</);
  server.close();
  const { data } = await draw(join(folder, 'absent.csv'));
  assert.ok(data['application/vnd.vegalite.v5+json']);
  assert.match(data['text/plain'], /\n\(Loading failed .*absent\.csv.*ENOENT/);
  await rm(folder, { recursive: true });
});

test('a chart with very many marks is sent as PNG alone', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => ({ a: i, b: i % 100 }));
  const spec = {
    data: { values },
    mark: 'point',
    encoding: { x: { field: 'a', type: 'quantitative' }, y: { field: 'b', type: 'quantitative' } },
  };
  const { data } = now(drawVega(spec));
  assert.equal(data['image/svg+xml'], undefined);
  assert.ok(data['image/png']);
});

test("a container's width is left to the client", () => {
  const { data, metadata } = now(drawVega({ ...bars, width: 'container' }));
  assert.equal((data['application/vnd.vegalite.v5+json'] as { width: unknown }).width, 'container');
  assert.ok((metadata['image/png'] as { width: number }).width < 400);
});
