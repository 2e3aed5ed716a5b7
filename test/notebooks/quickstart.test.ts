// The quickstart, cell by cell through a real kernel, with few digits so that it is quick.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KernelClient } from '../../kernel/client.ts';
import { type CodeCell, formatNotebook, hasTag, type Notebook, parseNotebook } from '../../kernel/notebook.ts';
import { OutputRecorder } from '../../kernel/notebook-outputs.ts';
import { injectParameters } from '../../kernel/notebook-parameters.ts';
import { runCells } from '../../kernel/run-cells.ts';
import { outputText } from '../../kernel/run-text.ts';

const path = fileURLToPath(new URL('../../../notebooks/quickstart.ipynb', import.meta.url));
const text = readFileSync(path, 'utf8');
let notebook: Notebook;

function cell(id: string): CodeCell {
  const found = notebook.cells.find((one) => one.id === id);
  assert.ok(found?.cell_type === 'code', id);
  return found;
}

/** The last output of a cell that draws something. */
function drawn(id: string): Record<string, unknown> {
  const output = cell(id).outputs.at(-1);
  assert.ok(output && 'data' in output, id);
  return output.data;
}

before(async () => {
  const values = new Map(Object.entries({ epochs: 2, trainDigits: 6000, testDigits: 1000 }));
  notebook = injectParameters(parseNotebook(text, path), values);
  await using client = await KernelClient.start({ cwd: fileURLToPath(new URL('../../../notebooks', import.meta.url)) });
  const watcher = { started: () => {}, published: () => {}, ended: () => {} };
  const outcome = await runCells(notebook, client, watcher, new OutputRecorder(), new AbortController().signal);
  assert.equal(outcome.status, 'ok', JSON.stringify(outcome));
});

test('the committed notebook has no outputs, ids of words, and is written as Jupyter writes it', () => {
  const committed = parseNotebook(text, path);
  for (const { id, ...one } of committed.cells) {
    assert.match(id, /^[a-z-]+$/);
    if (one.cell_type === 'code') assert.deepEqual([one.outputs, one.execution_count], [[], null]);
  }
  assert.equal(formatNotebook(committed), text);
});

test('nothing fails and nothing is said on stderr', () => {
  const outputs = notebook.cells.flatMap((one) => (one.cell_type === 'code' ? one.outputs : []));
  assert.ok(outputs.length > 0);
  const noise = outputs.filter(
    (output) => output.output_type === 'error' || (output.output_type === 'stream' && output.name === 'stderr'),
  );
  assert.deepEqual(noise.map(outputText), []);
});

test('it learns: far better than chance after two short epochs', () => {
  assert.ok(hasTag(cell('accuracy'), 'accuracy'));
  const said = /^Test accuracy: (\d+\.\d\d) %$/.exec(cell('accuracy').outputs.map(outputText).join('\n'));
  assert.ok(said, JSON.stringify(cell('accuracy').outputs));
  assert.ok(Number(said[1]) > 75, said[0]);
});

test('the digits, the model, the training, the confusion and the mistakes are drawn', () => {
  assert.match(String(drawn('load')['text/plain']), /6000, 28, 28, 1/);
  assert.match(String(drawn('look')['text/html']), /<img /);
  assert.match(String(drawn('network')['text/html']), /101,770 parameters[\s\S]*<table[\s\S]*100,480/);
  assert.match(String(drawn('train')['text/plain']), /epoch|loss/i);
  assert.ok('image/svg+xml' in drawn('train') || 'text/html' in drawn('train'));
  assert.match(String(drawn('confusion')['text/plain']), /of 1,000 right/);
  assert.match(String(drawn('worst')['text/html']), /\d, not \d/);
});
