// Comms between a cell and the page of a real JupyterLab, by the objects that widgets use there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { labForTests } from './browser.ts';
import { colours, notebookOf, outputAt, runCell, textOf } from './page.ts';

const lab = labForTests();
const { skip } = lab;

/** What is used of a comm as JupyterLab gives it to widgets. */
interface LabComm {
  readonly isDisposed: boolean;
  onMsg: (message: LabMessage) => void;
  onClose: (message: LabMessage) => void;
  open(data: object): void;
  send(data: object, metadata?: object, buffers?: ArrayBuffer[]): { readonly done: Promise<unknown> };
  close(data: object): void;
}

interface LabMessage {
  readonly content: { readonly data: Record<string, unknown> };
  readonly buffers: readonly DataView[];
}

/** What the page keeps for its scripts. */
interface LabWindow {
  jupyterapp: { shell: { currentWidget: { sessionContext: { session: { kernel: LabKernel } } } } };
  comm: LabComm;
  heard: unknown[];
}

interface LabKernel {
  registerCommTarget(name: string, handler: (comm: LabComm, opening: LabMessage) => void): void;
  createComm(target: string): LabComm;
}

/** Waits until the page has heard so many things by comms; what they are. */
async function heard(page: Page, count: number): Promise<unknown[]> {
  await page.waitForFunction((least) => (globalThis as unknown as LabWindow).heard.length >= least, count);
  return page.evaluate(() => (globalThis as unknown as LabWindow).heard);
}

test('a comm that a cell opens reaches the page’s target: data and buffers go both ways, and either side closes', {
  skip,
}, async () => {
  const page = await lab.rig.open(
    'opened-by-cell.ipynb',
    notebookOf(
      `import { comm } from 'tensorcell';
const slider = comm.open('slider', { value: 1 }, { buffers: [new Float32Array([1.5, 2.5])] });
slider.onMessage(({ data, buffers }) => console.log('moved to', data.value, [...buffers[0]!]));
slider.onClose(({ data }) => console.log('closed:', data.why));
'opened'`,
      'slider.send({ value: 2 })',
      'slider.closed',
    ),
  );
  await page.evaluate(() => {
    const page = globalThis as unknown as LabWindow;
    page.heard = [];
    page.jupyterapp.shell.currentWidget.sessionContext.session.kernel.registerCommTarget('slider', (comm, opening) => {
      page.comm = comm;
      const floats = new Float32Array(opening.buffers[0]!.buffer.slice(opening.buffers[0]!.byteOffset), 0, 2);
      page.heard.push([opening.content.data, [...floats]]);
      comm.onMsg = ({ content }) => page.heard.push(content.data);
    });
  });
  await runCell(page, 0);
  assert.deepEqual(await heard(page, 1), [[{ value: 1 }, [1.5, 2.5]]]);
  await runCell(page, 1);
  assert.deepEqual((await heard(page, 2))[1], { value: 2 });
  // A handler's print goes to its message, as in ipykernel: the page that sent it gets it there.
  await page.evaluate(() => {
    const { comm } = globalThis as unknown as LabWindow;
    const sent = comm.send({ value: 7 }, {}, [new Uint8Array([4, 5]).buffer]) as unknown as { onIOPub: unknown };
    sent.onIOPub = (message: { content: { text?: string } }) => {
      if (message.content.text) (globalThis as unknown as LabWindow).heard.push(message.content.text);
    };
  });
  assert.equal((await heard(page, 3))[2], 'moved to 7 [ 4, 5 ]\n');
  await page.evaluate(() => (globalThis as unknown as LabWindow).comm.close({ why: 'done' }));
  await runCell(page, 2);
  await outputAt(page, 2).first().waitFor();
  assert.equal(await textOf(outputAt(page, 2)), 'true');
  await page.close();
});

test('a target that a cell registered is reached by the page’s scripts beside a cell that awaits; an unknown one is closed', {
  skip,
}, async () => {
  const page = await lab.rig.open(
    'opened-by-page.ipynb',
    notebookOf(
      `import { comm } from 'tensorcell';
const sum = display('sum: none');
let total = 0;
comm.register('adder', (one, { data }) => {
  total = data.from as number;
  one.onMessage(({ data }) => {
    total += data.add as number;
    sum.update('sum: ' + total);
    one.send({ total });
  });
});`,
      'while (total < 15) await new Promise((resolve) => setTimeout(resolve, 10)); total',
    ),
  );
  await runCell(page, 0);
  await outputAt(page, 0).filter({ hasText: 'sum: none' }).waitFor();
  await runCell(page, 1);
  await page.evaluate(() => {
    const page = globalThis as unknown as LabWindow;
    page.heard = [];
    const { kernel } = page.jupyterapp.shell.currentWidget.sessionContext.session;
    page.comm = kernel.createComm('adder');
    page.comm.onMsg = ({ content }) => page.heard.push(content.data);
    page.comm.open({ from: 10 });
    page.comm.send({ add: 2 });
    page.comm.send({ add: 3 });
  });
  assert.deepEqual(await heard(page, 2), [{ total: 12 }, { total: 15 }]);
  await outputAt(page, 1).first().waitFor();
  assert.equal(await textOf(outputAt(page, 1)), '15');
  await outputAt(page, 0).filter({ hasText: 'sum: 15' }).waitFor();
  assert.ok((await colours(outputAt(page, 0).first(), 'comm')) > 5);
  await page.evaluate(() => {
    const page = globalThis as unknown as LabWindow;
    const stranger = page.jupyterapp.shell.currentWidget.sessionContext.session.kernel.createComm('nobody');
    stranger.onClose = () => page.heard.push('closed');
    stranger.open({});
  });
  assert.equal((await heard(page, 3))[2], 'closed');
  await page.close();
});
