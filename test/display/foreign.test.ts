// Cells written for other kernels, shown by this one: `Deno.jupyter` and the package `tslab`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, TestSession } from '../session/harness.ts';

const session = new TestSession();

async function shown(code: string) {
  const ran = await session.run(code);
  assert.equal(ran.result.status, 'ok', errorOf(ran));
  return ran.outputs.flatMap((output) => ('data' in output ? [output] : []));
}

test('Deno.jupyter shows bundles, values and markup, and draws anew what has an id', async () => {
  const [raw] = await shown('await Deno.jupyter.display({ "text/html": "<b>kb</b>" }, { raw: true });');
  assert.equal(raw!.type, 'display');
  assert.equal(raw!.data['text/html'], '<b>kb</b>');
  const [first] = await shown('await Deno.jupyter.display(Deno.jupyter.md`# ${1}`, { display_id: "d1" });');
  assert.equal(first!.data['text/markdown'], '# 1');
  const [update] = await shown('await Deno.jupyter.display("later", { display_id: "d1", update: true });');
  assert.deepEqual(
    [first, update].map((output) => output && 'displayId' in output && [output.type, output.displayId]),
    [
      ['display', 'd1'],
      ['update_display', 'd1'],
    ],
  );
  const [own] = await shown('({ [Deno.jupyter.$display]: () => ({ "text/html": "<i>own</i>" }) })');
  assert.equal(own!.data['text/html'], '<i>own</i>');
  const missing = await session.run('await Deno.jupyter.display(1, { update: true })');
  assert.match(errorOf(missing)!, /^TypeError: Deno\.jupyter\.display: .*display_id/);
});

test('what packages take for Deno’s runtime is not there', async () => {
  assert.equal((await session.run('"Deno" in globalThis')).value, 'false');
});

test('tslab’s display shows content of each type, and newDisplay in one place', async () => {
  const all = await shown(`
    import { display, newDisplay } from "tslab";
    display.html("<b>kb</b>");
    display.png(new Uint8Array([137, 80]));
    display.raw("text/x-own", "mine");
    const place = newDisplay();
    place.text("one");
    place.markdown("*two*");`);
  assert.deepEqual(
    all.slice(0, 3).map(({ data }) => [data['text/html'], data['image/png'], data['text/x-own']]),
    [
      ['<b>kb</b>', undefined, undefined],
      [undefined, 'iVA=', undefined],
      [undefined, undefined, 'mine'],
    ],
  );
  const [one, two] = all.slice(3);
  assert.equal(one!.data['text/plain'], 'one');
  assert.equal(two!.data['text/markdown'], '*two*');
  assert.ok('displayId' in one! && 'displayId' in two! && one.displayId === two.displayId);
});
