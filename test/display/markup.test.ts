import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Drawable, drawSymbol } from '../../src/display/custom.ts';
import { formatters } from '../../src/display/formatters.ts';
import { html, latex, md, svg } from '../../src/display/markup.ts';
import { image, json } from '../../src/display/media.ts';
import { encodePng } from '../../src/display/png.ts';
import { render } from '../../src/display/render.ts';

const bundle = async (value: unknown) => (await render(value, formatters)).data;

test('called with a string, markup is taken as it is', async () => {
  assert.deepEqual(await bundle(html('<p>1 &lt; 2</p><ul><li>a</li><li>b</li></ul><script>x</script>')), {
    'text/plain': '1 < 2\na\nb',
    'text/html': '<p>1 &lt; 2</p><ul><li>a</li><li>b</li></ul><script>x</script>',
  });
  assert.deepEqual(await bundle(md('# *hi*')), { 'text/plain': '# *hi*', 'text/markdown': '# *hi*' });
  assert.deepEqual(await bundle(latex('$x^2$')), { 'text/plain': '$x^2$', 'text/latex': '$x^2$' });
  assert.deepEqual(await bundle(svg('<svg/>')), { 'text/plain': '[SVG, 6 characters]', 'image/svg+xml': '<svg/>' });
});

test('as a template tag, it escapes what is put in', async () => {
  const evil = `<img src=x onerror="alert('&')">`;
  assert.equal(
    (await bundle(html`<b title="${evil}">${evil}</b>`))['text/html'],
    `<b title="&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;">&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;</b>`,
  );
  assert.deepEqual(await bundle(md`**${'a*b_c <i> `d`'}** ${-0.5}`), {
    'text/plain': '**a*b_c <i> `d`** -0.5',
    'text/markdown': '**a\\*b\\_c &lt;i&gt; \\`d\\`** \\-0\\.5',
  });
  assert.equal((await bundle(svg`<text>${'<&'}</text>`))['image/svg+xml'], '<text>&lt;&amp;</text>');
  assert.deepEqual(await bundle(latex`$\frac{${'50%'}}{x_1}$`), {
    'text/plain': '$\\frac{50%}{x_1}$',
    'text/latex': '$\\frac{50\\%}{x_1}$',
  });
});

test('markup of the same kind nests, also in arrays; of another kind it is text', async () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  assert.equal((await bundle(html`<ul>${items}</ul>`))['text/html'], '<ul><li>a</li><li>&lt;b&gt;</li></ul>');
  assert.equal((await bundle(html`${md('<x>')}`))['text/html'], '&lt;x&gt;');
});

test('json is a tree, with the text beside it', async () => {
  assert.deepEqual(await bundle(json({ a: [1, { b: null }] })), {
    'text/plain': '{ a: [ 1, { b: null } ] }',
    'application/json': { a: [1, { b: null }] },
  });
  assert.throws(() => json(() => 1), { name: 'TypeError', message: 'function is not JSON' });
});

test('an image comes from bytes, a data URL, a path or a file URL, at the size that is asked for', async () => {
  const png = encodePng({ width: 2, height: 1, data: Uint8Array.of(0, 255), channels: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  const path = join(folder, 'p.png');
  writeFileSync(path, png);
  const draw = (drawable: Drawable) => drawable[drawSymbol]();
  const expected = {
    data: { 'text/plain': `[a dot: PNG, 2 × 1, ${png.length} bytes]`, 'image/png': png.toString('base64') },
    metadata: { 'image/png': { width: 20, height: 1 } },
  };
  for (const source of [
    png,
    new Uint8Array(png).buffer,
    `data:image/png;base64,${png.toString('base64')}`,
    path,
    pathToFileURL(path),
  ])
    assert.deepEqual(await draw(image(source, { width: 20, alt: 'a dot' })), expected);
  await rm(folder, { recursive: true });
  assert.throws(() => image(path), { code: 'ENOENT' });
  assert.throws(
    () => image(Uint8Array.of(1, 2, 3)),
    /image: must be PNG, JPEG, GIF or WebP, got bytes of another kind/,
  );
});
