// JupyterLab as `tensorcell lab` starts it, seen in a browser as a person sees it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { findChromium, kernelIs, LabRig, PICTURES } from './browser.ts';

const chromium = findChromium();
const skip = chromium ? false : 'no Chromium on this machine';
let rig: LabRig;

const quickstart = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../notebooks/quickstart.ipynb', import.meta.url)), 'utf8'),
);

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

function notebookOf(...sources: string[]) {
  const cells = sources.map((source, i) => {
    return { cell_type: 'code', id: `cell-${i}`, metadata: {}, source, outputs: [], execution_count: null };
  });
  return { ...quickstart, cells };
}

/** Runs a command of JupyterLab's menus, of its id. */
async function command(page: Page, menu: string, item: string) {
  await page.getByRole('menuitem', { name: menu, exact: true }).first().click();
  await page.getByRole('menuitem', { name: item }).first().click();
}

/** What is read in an element, without the space around it. */
async function textOf(element: Locator): Promise<string> {
  return (await element.allTextContents()).join('\n').trim();
}

/** Number of distinct colours in what is seen of an element: one for a blank one. */
async function colours(element: Locator, name: string): Promise<number> {
  await element.scrollIntoViewIfNeeded();
  const png = await element.screenshot({ path: join(PICTURES, `${name}.png`) });
  const { data, channels } = decode(png);
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += channels) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return seen.size;
}

before(async () => {
  if (!chromium) return;
  mkdirSync(PICTURES, { recursive: true });
  rig = await LabRig.start(chromium);
});

after(async () => {
  await rig?.close();
});

test('the quickstart runs whole in JupyterLab: chart, pictures, accuracy, no error and no dialog', {
  skip,
}, async () => {
  const page = await rig.open('quickstart.ipynb', smaller({ epochs: 2, trainDigits: 6000, testDigits: 1000 }));
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
  assert.equal(rig.saved('quickstart.ipynb').cells.flatMap((one) => one.outputs ?? []).length > 6, true);
  await page.close();
});

test('the buttons interrupt a cell, whose variables stay, and restart the session, whose variables go', {
  skip,
}, async () => {
  const page = await rig.open(
    'buttons.ipynb',
    notebookOf('var kept = 41; while (true) {}', '++kept', 'typeof kept === "undefined" ? "gone" : "there"'),
  );
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const run = async (index: number) => {
    await cells.nth(index).locator('.cm-content').click();
    await page.keyboard.press('Control+Enter');
  };
  const output = (index: number) => cells.nth(index).locator('.jp-OutputArea-output');
  await run(0);
  await kernelIs('busy', page);
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await output(0).waitFor();
  assert.match(await textOf(output(0)), /interrupt/i);
  await run(1);
  await output(1).waitFor();
  assert.equal(await textOf(output(1)), '42');
  await page.locator('[data-command="notebook:restart-kernel"]').first().click();
  await page.locator('.jp-Dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  await page.locator('.jp-Dialog').waitFor({ state: 'detached' });
  await kernelIs('idle', page);
  await run(2);
  await output(2).waitFor();
  assert.match(await textOf(output(2)), /gone/);
  await page.close();
});

test('a notebook that tensorcell run wrote is not changed by being opened', { skip }, async () => {
  const page = await rig.open('opened.ipynb', await rig.executed(notebookOf('1 + 1')));
  // The language that the kernel names is set when it has answered, which is before it is idle; the mark is drawn a moment after.
  await page.waitForTimeout(1000);
  const dirty = await page.locator('.jp-mod-dirty').count();
  assert.equal(dirty, 0);
  await page.close();
});

test('Ctrl-C ends JupyterLab and all it started', { skip }, async () => {
  assert.equal(await rig.close(), 0);
});
