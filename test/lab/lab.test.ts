// JupyterLab as `tensorcell lab` starts it, seen in a browser as a person sees it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kernelIs, labForTests, PICTURES } from './browser.ts';
import { cellAt, colours, command, notebookOf, outputAt, quickstart, runCell, textOf } from './page.ts';

const lab = labForTests();
const { skip } = lab;

/** The quickstart with other settings, in the cell that is there for it. */
function smaller(settings: Record<string, number>) {
  const cells = quickstart.cells.map((cell: { id: string; source: string | string[] }) => {
    if (cell.id !== 'settings') return cell;
    let source = [cell.source].flat().join('');
    for (const [name, value] of Object.entries(settings))
      source = source.replace(new RegExp(`let ${name} = [\\d_.]+`), `let ${name} = ${value}`);
    return { ...cell, source };
  });
  return { ...quickstart, cells };
}

test('the quickstart runs whole in JupyterLab: chart, pictures, accuracy, no error and no dialog', {
  skip,
}, async () => {
  const page = await lab.rig.open('quickstart.ipynb', smaller({ epochs: 2, trainDigits: 6000, testDigits: 1000 }));
  const cell = (id: string) =>
    page.locator('.jp-Notebook .jp-Cell').nth(quickstart.cells.findIndex((one: { id: string }) => one.id === id));
  const shown = (id: string) => cell(id).locator('.jp-OutputArea-output');
  await command(page, 'Run', 'Run All Cells');
  await shown('worst').first().waitFor();
  await shown('train').locator('svg, img').first().waitFor();
  assert.match(await textOf(shown('accuracy')), /^Test accuracy: (7[5-9]|8\d|9\d)\.\d\d %$/);
  assert.match(await textOf(shown('network')), /101,770 parameters/);
  assert.ok((await colours(shown('train').first(), 'training')) > 20);
  assert.ok((await colours(shown('confusion').first(), 'confusion')) > 20);
  assert.ok((await colours(shown('look').first(), 'digits')) > 20);
  assert.equal(await page.locator('.jp-Dialog').count(), 0);
  assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
  assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), 0);
  await page.screenshot({ path: join(PICTURES, 'quickstart.png') });
  await page.locator('.jp-mod-dirty').first().waitFor({ state: 'attached' });
  await command(page, 'File', 'Save Notebook');
  await page.locator('.jp-mod-dirty').waitFor({ state: 'detached' });
  assert.equal(lab.rig.saved('quickstart.ipynb').cells.flatMap((one) => one.outputs ?? []).length > 6, true);
  await page.close();
});

test('the buttons interrupt a cell, whose variables stay, and restart the session, whose variables go', {
  skip,
}, async () => {
  const page = await lab.rig.open(
    'buttons.ipynb',
    notebookOf(
      'var kept = 41; console.log("runs"); while (true) {}',
      '++kept',
      'typeof kept === "undefined" ? "gone" : "there"',
    ),
  );
  await runCell(page, 0);
  // Until its types are checked there is no cell whose variables could stay.
  await outputAt(page, 0).filter({ hasText: 'runs' }).waitFor();
  await kernelIs('busy', page);
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await outputAt(page, 0)
    .filter({ hasText: /interrupt/i })
    .waitFor();
  await runCell(page, 1);
  await outputAt(page, 1).waitFor();
  assert.equal(await textOf(outputAt(page, 1)), '42');
  await page.locator('[data-command="notebook:restart-kernel"]').first().click();
  await page.locator('.jp-Dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  await page.locator('.jp-Dialog').waitFor({ state: 'detached' });
  await kernelIs('idle', page);
  await runCell(page, 2);
  await outputAt(page, 2).waitFor();
  assert.match(await textOf(outputAt(page, 2)), /gone/);
  await page.close();
});

test('a notebook that tensorcell run wrote is not changed by being opened', { skip }, async () => {
  const page = await lab.rig.open('opened.ipynb', await lab.rig.executed(notebookOf('1 + 1')));
  // The language that the kernel names is set when it has answered, which is before it is idle; the mark is drawn a moment after.
  await page.waitForTimeout(1000);
  const dirty = await page.locator('.jp-mod-dirty').count();
  assert.equal(dirty, 0);
  await page.close();
});

test('a question is answered in its cell, and again by the next one', { skip }, async () => {
  const page = await lab.rig.open(
    'question.ipynb',
    notebookOf('const who = prompt("Your name? "); `${who}, ${prompt("And age? ")}`'),
  );
  await runCell(page, 0);
  const box = page.locator('.jp-Stdin-input');
  for (const [question, answer] of [
    ['Your name?', 'Ada'],
    ['And age?', '36'],
  ] as const) {
    await page.locator('.jp-Stdin-prompt', { hasText: question }).waitFor();
    await box.last().fill(answer);
    assert.ok((await colours(outputAt(page, 0).last(), 'question')) > 5);
    await box.last().press('Enter');
  }
  const result = outputAt(page, 0).filter({ hasText: "'Ada, 36'" });
  await result.waitFor();
  await kernelIs('idle', page);
  await page.close();
});

test('a password is asked for in a box that hides it, and stays out of the page', { skip }, async () => {
  const page = await lab.rig.open('password.ipynb', notebookOf('prompt("Token? ", { password: true }).length'));
  await runCell(page, 0);
  const box = page.locator('.jp-Stdin-input');
  await box.waitFor();
  assert.equal(await box.getAttribute('type'), 'password');
  await box.fill('open sesame');
  await box.press('Enter');
  await outputAt(page, 0).filter({ hasText: '11' }).waitFor();
  assert.doesNotMatch((await page.locator('.jp-Notebook').textContent()) ?? '', /sesame/);
  await page.close();
});

test('prints are seen while their cell still runs, and a display is updated in place', { skip }, async () => {
  const page = await lab.rig.open(
    'live.ipynb',
    notebookOf(
      'const shown = display("step 0"); let on = true; console.log("first"); while (on) await new Promise((r) => setTimeout(r, 20)); console.log("last");',
      'for (let i = 0; ; i++) if (i % 1e8 === 0) console.log("turn " + i / 1e8);',
    ),
  );
  await runCell(page, 0);
  await outputAt(page, 0).filter({ hasText: 'first' }).waitFor();
  await kernelIs('busy', page);
  assert.doesNotMatch(await textOf(outputAt(page, 0)), /last/);
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await outputAt(page, 0).filter({ hasText: 'KeyboardInterrupt' }).waitFor();
  // A loop that never lets go of the thread shows its lines all the same.
  await runCell(page, 1);
  await outputAt(page, 1).filter({ hasText: 'turn 2' }).waitFor();
  await kernelIs('busy', page);
  assert.ok((await colours(cellAt(page, 1), 'live')) > 20);
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await outputAt(page, 1).filter({ hasText: 'KeyboardInterrupt' }).waitFor();
  await page.close();
});

test('a Vega-Lite chart is drawn by JupyterLab, an SVG as it is', { skip }, async () => {
  const chart = `console.log('Four bars:'); ({
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json', title: 'Four bars', width: 300, height: 200,
    data: { values: [1, 2, 3, 4].map((x) => ({ x, y: x * x })) },
    mark: 'bar',
    encoding: { x: { field: 'x', type: 'ordinal' }, y: { field: 'y', type: 'quantitative' }, color: { field: 'x', type: 'nominal' } },
  })`;
  const svg = `display({ "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="45" height="40" fill="#c00"/><circle cx="65" cy="20" r="15" fill="#06c"/></svg>' }, { raw: true })`;
  const page = await lab.rig.open('chart.ipynb', notebookOf(chart, svg));
  await command(page, 'Run', 'Run All Cells');
  const drawn = outputAt(page, 0).locator('.vega-embed').locator('canvas, svg').first();
  await drawn.waitFor();
  assert.match(await textOf(outputAt(page, 0)), /^Four bars:/);
  assert.ok((await colours(drawn, 'vega-lite')) > 20);
  await outputAt(page, 1).first().waitFor();
  assert.ok((await colours(outputAt(page, 1).first(), 'svg')) > 5);
  await page.close();
});

test('Tab opens a menu of what is there, and Enter takes the entry', { skip }, async () => {
  const page = await lab.rig.open(
    'tab.ipynb',
    notebookOf('const point = { latitude: 1, latency: 2 };\n"made"', 'point.lat'),
  );
  await runCell(page, 0);
  // The kernel is shown as idle also before it has the cell.
  await outputAt(page, 0).filter({ hasText: 'made' }).waitFor();
  await cellAt(page, 1).locator('.cm-content').click();
  await page.keyboard.press('End');
  await page.keyboard.press('Tab');
  const menu = page.locator('.jp-Completer');
  await menu.getByText('latency').first().waitFor();
  assert.match(await textOf(menu), /latitude/);
  assert.ok((await colours(menu, 'completion')) > 20);
  await menu.getByText('latitude').first().click();
  await page.keyboard.press('Control+Enter');
  await outputAt(page, 1).first().waitFor();
  assert.equal(await textOf(outputAt(page, 1)), '1');
  await page.close();
});

const TICKING =
  'var ticks = 0; while (ticks < 1000) { console.log("tick " + ++ticks + "."); await new Promise((r) => setTimeout(r, 50)); }';

test('a page whose connection is lost while a cell runs shows, once it is back, all that was printed', {
  skip,
}, async () => {
  const page = await lab.rig.open('lost.ipynb', notebookOf(TICKING));
  await runCell(page, 0);
  await outputAt(page, 0).filter({ hasText: 'tick 3.' }).waitFor();
  lab.rig.cutLine(1000);
  const seen = (await textOf(outputAt(page, 0))).split('\n').length;
  await outputAt(page, 0)
    .filter({ hasText: `tick ${seen + 40}` })
    .waitFor();
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await outputAt(page, 0).filter({ hasText: 'KeyboardInterrupt' }).waitFor();
  const ticks = [...(await textOf(outputAt(page, 0))).matchAll(/tick (\d+)\./g)].map(([, tick]) => Number(tick));
  assert.deepEqual(
    ticks,
    ticks.slice().sort((a, b) => a - b),
  );
  // The 20 of that second are all there, but for one that may have been on the line as it was cut.
  assert.ok(ticks.at(-1)! - ticks.length <= 1, ticks.join());
  await page.close();
});

test('a page that is closed while a cell runs and opened again finds the kernel busy, what was saved, and the state', {
  skip,
}, async () => {
  const page = await lab.rig.open('again.ipynb', notebookOf(TICKING, 'ticks > 30 && ticks < 1000'));
  await runCell(page, 0);
  await outputAt(page, 0).filter({ hasText: 'tick 2.' }).waitFor();
  await command(page, 'File', 'Save Notebook');
  // As text: JupyterLab is in the middle of writing it.
  while (!readFileSync(join(lab.rig.folder, 'again.ipynb'), 'utf8').includes('tick 2.')) await page.waitForTimeout(50);
  await page.close();
  const again = await lab.rig.reopen('again.ipynb');
  await kernelIs('busy', again);
  // JupyterLab leaves out what a running cell prints when another page has started it; the kernel goes on.
  assert.match(await textOf(outputAt(again, 0)), /^tick 1\.\ntick 2\./);
  await again.waitForTimeout(1500);
  await again.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await kernelIs('idle', again);
  await runCell(again, 1);
  await outputAt(again, 1).first().waitFor();
  assert.equal(await textOf(outputAt(again, 1)), 'true');
  await again.close();
});

test('magics in JupyterLab: a file comes into its cell, HTML is drawn, an error is coloured with its operands underlined', {
  skip,
}, async () => {
  const page = await lab.rig.open(
    'magics.ipynb',
    notebookOf(
      '%%writefile loaded.ts\nexport const loaded = 5',
      '%load loaded.ts',
      '%%html\n<b id="drawn">drawn</b>',
      'const a = tf.zeros([2, 3]), b = tf.ones([4, 5])\ntf.matMul(a, b)',
    ),
  );
  await runCell(page, 0);
  await runCell(page, 1);
  await cellAt(page, 1).locator('.cm-content', { hasText: 'export const loaded = 5' }).waitFor();
  await runCell(page, 2);
  await page.locator('#drawn').waitFor();
  await runCell(page, 3);
  const error = outputAt(page, 3).filter({ hasText: 'a is float32 [2, 3], b is float32 [4, 5]' });
  await error.waitFor();
  assert.ok((await error.locator('span[class^=ansi]').count()) > 5);
  assert.ok((await colours(error, 'tensor-error')) > 10);
  await page.close();
});

test('Ctrl-C ends JupyterLab and all it started', { skip }, async () => {
  assert.equal(await lab.rig.close(), 0);
});
