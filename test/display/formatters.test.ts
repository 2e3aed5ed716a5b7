import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Display } from '../../src/display/bundle.ts';
import { displaySymbol, drawSymbol } from '../../src/display/custom.ts';
import { formatters, formatterTable } from '../../src/display/formatters.ts';
import { encodePng } from '../../src/display/png.ts';
import { render } from '../../src/display/render.ts';

const bundle = async (value: unknown): Promise<Display['data']> => (await render(value, formatters)).data;

/** A PNG of 2 × 1 pixels, a GIF and a JPEG head of 3 × 2. */
const png = encodePng({ width: 2, height: 1, data: Uint8Array.of(0, 255), channels: 1 });
const gif = Buffer.from('GIF89a\x03\0\x02\0', 'latin1');
const jpeg = Buffer.from('ffd8ffe000044a46ffc0001108000200030103', 'hex');

test('Jupyter.display gives the bundle: bytes as base64, JSON as plain data, text from the value', async () => {
  class Plot {
    kind = 'bar';
    [displaySymbol]() {
      return {
        'image/png': png,
        'application/json': { when: new Date(0), f: () => 1 },
        'text/html': '<b>',
        'text/x': undefined,
      };
    }
  }
  assert.deepEqual(await bundle(new Plot()), {
    'text/plain': "Plot { kind: 'bar' }",
    'image/png': png.toString('base64'),
    'application/json': { when: '1970-01-01T00:00:00.000Z' },
    'text/html': '<b>',
  });
});

test('Jupyter.display may be asynchronous, inherited, and on a function or class', async () => {
  const late = { [displaySymbol]: async () => ({ 'text/plain': 'late' }) };
  assert.deepEqual(await bundle(late), { 'text/plain': 'late' });
  assert.deepEqual(await bundle(Object.create(late)), { 'text/plain': 'late' });
  const drawn = Object.assign(() => 1, { [displaySymbol]: () => ({ 'text/plain': 'function' }) });
  assert.deepEqual(await bundle(drawn), { 'text/plain': 'function' });
});

test('Jupyter.display that gives no bundle falls back with a note', async () => {
  for (const result of [null, 'text', 5, Promise.resolve(undefined)]) {
    const { 'text/plain': text } = await bundle({ [displaySymbol]: () => result });
    assert.match(
      text,
      /\(Jupyter\.display could not draw this: TypeError: the bundle must be an object of MIME types, got /,
    );
  }
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const { 'text/plain': text } = await bundle({ [displaySymbol]: () => ({ 'application/json': cyclic }) });
  assert.match(text, /could not draw this: TypeError: Converting circular/);
});

test('JSON with lone surrogates is made well-formed', async () => {
  const value = {
    [displaySymbol]: () => ({ 'text/plain': '', 'application/json': { 'a\ud800': '\\ud800\udc00\ud83d\ude00' } }),
  };
  assert.deepEqual((await bundle(value))['application/json'], { 'a\ufffd': '\\ud800\ufffd\ud83d\ude00' });
});

test('a value that draws itself comes before rows of other folders, and those before its shape', async () => {
  const table = formatterTable([
    {
      name: 'row',
      matches: (value) => typeof value === 'object',
      format: () => ({ data: { 'text/plain': 'row' }, metadata: {} }),
    },
  ]);
  const drawn = async (value: unknown) => (await render(value, table)).data['text/plain'];
  assert.equal(await drawn({ [displaySymbol]: () => ({ 'text/plain': 'own' }) }), 'own');
  assert.equal(await drawn({ [drawSymbol]: () => ({ data: { 'text/plain': 'drawing' }, metadata: {} }) }), 'drawing');
  assert.equal(await drawn({ toHTML: () => '<i>' }), 'row');
  assert.equal(await drawn('text'), "'text'");
});

test('toHTML and outerHTML are shown as HTML beside the text', async () => {
  assert.deepEqual(await bundle({ n: 1, toHTML: () => '<i>x</i>' }), {
    'text/plain': '{ n: 1, toHTML: [Function: toHTML] }',
    'text/html': '<i>x</i>',
  });
  class Element {
    get outerHTML() {
      return '<p></p>';
    }
  }
  assert.deepEqual(await bundle(new Element()), { 'text/plain': 'Element {}', 'text/html': '<p></p>' });
  assert.match(
    (await bundle({ toHTML: () => 5 }))['text/plain'],
    /toHTML could not draw this: TypeError: HTML must be a string, got number/,
  );
});

test('a canvas is shown as its picture', async () => {
  const url = `data:image/png;base64,${png.toString('base64')}`;
  assert.deepEqual(await render({ toDataURL: () => url, outerHTML: '<canvas>' }, formatters), {
    data: { 'text/plain': `[PNG, 2 × 1, ${png.length} bytes]`, 'image/png': png.toString('base64') },
    metadata: { 'image/png': { width: 2, height: 1 } },
  });
});

test('the bytes of a picture file are shown as the picture, with its size', async () => {
  const kinds: [Uint8Array | ArrayBuffer, string, object][] = [
    [png, 'image/png', { width: 2, height: 1 }],
    [new Uint8Array(png).buffer, 'image/png', { width: 2, height: 1 }],
    [gif, 'image/gif', { width: 3, height: 2 }],
    [jpeg, 'image/jpeg', { width: 3, height: 2 }],
    [Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), 'image/webp', {}],
  ];
  for (const [bytes, mime, size] of kinds) {
    const { data, metadata } = await render(bytes, formatters);
    assert.equal(data[mime], Buffer.from(bytes as Uint8Array).toString('base64'));
    assert.deepEqual(metadata, { [mime]: size });
  }
  const { data } = await render(new Blob([png], { type: 'image/png' }), formatters);
  assert.equal(data['image/png'], png.toString('base64'));
});

test('other bytes, and the head of a picture alone, are text', async () => {
  assert.deepEqual(await bundle(Uint8Array.of(1, 2, 3)), { 'text/plain': 'Uint8Array(3) [ 1, 2, 3 ]' });
  assert.deepEqual(Object.keys(await bundle(new Uint8Array())), ['text/plain']);
  assert.equal(typeof (await bundle(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')))['text/plain'], 'string');
});

test('records are shown as a table, escaped, numbers right', async () => {
  const rows = [
    { name: '<b>', n: 1.5 },
    { n: null, extra: { deep: [1, { a: 1 }] } },
  ];
  const html = String((await bundle(rows))['text/html']);
  assert.match(html, /<th>name<br><small>string, 1 missing<\/small><\/th><th>n<br><small>number, 1 missing</);
  assert.match(html, /<td align="left" style="text-align:left">&lt;b&gt;<\/td><td align="right">1.5<\/td>/);
  assert.match(html, /<i>null<\/i>.*\{ deep: \[Array\] \}<\/td><\/tr><\/tbody>/);
  assert.match(html, /<small>2 rows × 3 columns<\/small>/);
  assert.match((await bundle(rows))['text/plain'], /^\[\n {2}\{ name: '<b>', n: 1\.5 \},/);
});

test('a long and wide table is bounded and says so', async () => {
  const row = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`c${i}`, 'x'.repeat(1000)]));
  const html = String((await bundle(Array.from({ length: 100_000 }, () => row)))['text/html']);
  assert.match(html, /<tr><td>⋮<\/td>/);
  assert.match(html, /100,000 rows × 50 columns · first \d+ and last \d+ sent, others: table\(…, \{ from: \d+ \}\)/);
  assert.ok(Buffer.byteLength(JSON.stringify(await bundle(Array.from({ length: 100_000 }, () => row)))) <= 50_000);
});

test('arrays of anything but records are no table', async () => {
  for (const value of [[], [1], [{ a: 1 }, 2], [[1]], [new Map()], [null], [new (class A {})()], new Array(5)])
    assert.deepEqual(Object.keys(await bundle(value)), ['text/plain']);
});

test("a record's getter is named in the table, not run", async () => {
  const html = (
    await bundle([
      {
        get a() {
          throw new Error('run');
        },
      },
    ])
  )['text/html'];
  assert.match(String(html), />\[Getter\]<\/td>/);
});
