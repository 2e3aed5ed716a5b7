// The numbered lessons, cell by cell through a real kernel, with few digits and epochs so that they are quick.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNotebook, hasTag, type Notebook } from '../../kernel/notebook.ts';
import { outputText } from '../../kernel/run-text.ts';
import { codeCell, readLesson, runLesson, typeErrors } from './harness.ts';

const lessons = ['01-layers', '02-modules'];
const few = { epochs: 3, trainDigits: 6000, testDigits: 1000 };

function accuracy(notebook: Notebook): number {
  const cell = codeCell(notebook, 'accuracy');
  const said = /^Test accuracy: (\d+\.\d\d) %$/.exec(cell.outputs.map(outputText).join('\n'));
  assert.ok(said, JSON.stringify(cell.outputs));
  return Number(said[1]);
}

for (const name of ['quickstart', ...lessons]) {
  test(`${name}: its cells are strict TypeScript`, () => {
    assert.equal(typeErrors(readLesson(name).notebook), '');
  });
}

test('a wrong type in a cell is found', () => {
  const { notebook } = readLesson('01-layers');
  codeCell(notebook, 'history').source = "tf.sequential({ layers: 'none' })";
  assert.match(typeErrors(notebook), /TS2322/);
});

for (const name of lessons) {
  test(`${name}: has no outputs, its settings tagged, the Python original beside it, and is written as Jupyter writes it`, () => {
    const { text, notebook } = readLesson(name);
    for (const cell of notebook.cells)
      if (cell.cell_type === 'code') assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
    assert.ok(hasTag(codeCell(notebook, 'settings'), 'parameters'));
    const originals = notebook.cells.filter(
      (cell) => cell.cell_type === 'markdown' && cell.source.includes('```python'),
    );
    assert.ok(originals.length >= 6, String(originals.length));
    assert.equal(formatNotebook(notebook), text);
  });
}

test('both lessons learn, draw their training and say nothing on stderr', async () => {
  const reached: number[] = [];
  for (const name of lessons) {
    const notebook = await runLesson(name, few);
    const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
    const noise = outputs.filter((output) => output.output_type === 'stream' && output.name === 'stderr');
    assert.deepEqual(noise.map(outputText), [], name);
    const drawn = codeCell(notebook, 'train').outputs.at(-1);
    assert.ok(drawn && 'data' in drawn && 'image/svg+xml' in drawn.data, name);
    reached.push(accuracy(notebook));
  }
  for (const one of reached) assert.ok(one > 80, reached.join(' and '));
  assert.ok(Math.abs(reached[0]! - reached[1]!) < 5, reached.join(' and '));
});
