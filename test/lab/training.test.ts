// A training seen in JupyterLab: live, after its page was closed and opened again, and in the saved file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelIs, labForTests } from './browser.ts';
import { colours, command, notebookOf, outputAt, runCell } from './page.ts';

const lab = labForTests();
const { skip } = lab;

/** A loop in the background, which goes on until it is told to end. */
const loop = `import { progress, runs, training } from 'tensorcell';
let ending = false;
async function train() {
  const run = training.track({ name: 'in the background', epochs: 1000, steps: 10 });
  for (let epoch = 0; !ending; epoch++) {
    for (let i = 0; i < 10; i++) {
      run.step({ loss: 1 / (1 + epoch + i / 10) });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    run.epoch({ val_loss: 1 / (1 + epoch) });
  }
  run.end();
}
void train();`;

test('a training whose page was closed is shown again, followed, and saved as it ended', { skip }, async () => {
  const first = await lab.rig.open('away.ipynb', notebookOf(loop, 'runs.last!.show()', 'ending = true'));
  await runCell(first, 0);
  await outputAt(first, 0).filter({ hasText: 'in the background' }).locator('svg').first().waitFor();
  await first.close();
  const page = await lab.rig.reopen('away.ipynb');
  await kernelIs('idle', page);
  await runCell(page, 1);
  const shown = outputAt(page, 1);
  await shown
    .filter({ hasText: /epoch \d+\/1,?000/ })
    .locator('svg')
    .first()
    .waitFor();
  const place = (await shown.first().textContent())!;
  await shown.filter({ hasNotText: place }).first().waitFor();
  await runCell(page, 2);
  await shown.locator('img, svg').first().waitFor();
  await shown.filter({ hasText: 'left' }).waitFor({ state: 'detached' });
  assert.ok((await colours(shown.first(), 'training-away')) > 20);
  await command(page, 'File', 'Save Notebook');
  await page.locator('.jp-mod-dirty').waitFor({ state: 'detached' });
  const [output] = lab.rig.saved('away.ipynb').cells[1]!.outputs as [{ data: Record<string, string> }];
  assert.deepEqual(Object.keys(output.data).sort(), ['image/png', 'image/svg+xml', 'text/plain']);
  assert.match([output.data['text/plain']].flat().join(''), /^in the background · \d+ of 1,000 epochs in /);
  await page.close();
});

test('loops are bars that move, in one output', { skip }, async () => {
  const source = `import { progress } from 'tensorcell';
for (const epoch of progress(2, 'epochs'))
  for (const batch of progress(30, 'batches')) await new Promise((resolve) => setTimeout(resolve, 20));`;
  const page = await lab.rig.open('bars.ipynb', notebookOf(source));
  await runCell(page, 0);
  await outputAt(page, 0)
    .filter({ hasText: /batches.*60 in 2 rounds/ })
    .waitFor();
  assert.equal(await outputAt(page, 0).count(), 1);
  assert.match((await outputAt(page, 0).textContent())!, /epochs\s*100 %\s*2\/2 in/);
  assert.ok((await colours(outputAt(page, 0).first(), 'bars')) > 5);
  await page.close();
});
