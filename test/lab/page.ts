// What the tests of JupyterLab do on a page and read from it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { PICTURES } from './browser.ts';

export const quickstart = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../notebooks/quickstart.ipynb', import.meta.url)), 'utf8'),
);

/** A notebook of code cells, with the quickstart's metadata. */
export function notebookOf(...sources: string[]) {
  const cells = sources.map((source, i) => {
    return { cell_type: 'code', id: `cell-${i}`, metadata: {}, source, outputs: [], execution_count: null };
  });
  return { ...quickstart, cells };
}

/** Runs a command of JupyterLab's menus, of its id. */
export async function command(page: Page, menu: string, item: string) {
  await page.getByRole('menuitem', { name: menu, exact: true }).first().click();
  await page.getByRole('menuitem', { name: item }).first().click();
}

export function cellAt(page: Page, index: number): Locator {
  return page.locator('.jp-Notebook .jp-Cell').nth(index);
}

/** The outputs of a cell. */
export function outputAt(page: Page, index: number): Locator {
  return cellAt(page, index).locator('.jp-OutputArea-output');
}

/** Runs one cell as Control+Enter does. */
export async function runCell(page: Page, index: number): Promise<void> {
  await cellAt(page, index).locator('.cm-content').click();
  await page.keyboard.press('Control+Enter');
}

/** What is read in an element, without the space around it. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.allTextContents()).join('\n').trim();
}

/** Number of distinct colours in what is seen of an element, which is kept as a picture: one for a blank one. */
export async function colours(element: Locator, name: string): Promise<number> {
  await element.scrollIntoViewIfNeeded();
  const png = await element.screenshot({ path: join(PICTURES, `${name}.png`) });
  const { data, channels } = decode(png);
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += channels) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return seen.size;
}
