import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { displaySymbol } from '../../src/display/custom.ts';
import { clearOutput, display, stillDrawing, useFormatters } from '../../src/display/display.ts';
import { formatterTable } from '../../src/display/formatters.ts';
import { connectOutputs } from '../../src/session/outputs.ts';
import type { CellOutput } from '../../src/session/types.ts';

let outputs: CellOutput[] = [];
connectOutputs((output) => outputs.push(output));
beforeEach(() => {
  outputs = [];
});

/** What was sent, in short: `display 1`, `update_display 2`. */
const sent = () =>
  outputs.map((output) => ('data' in output ? `${output.type} ${output.data['text/plain']}` : output.type));

test('a value is shown at once and redrawn in place', () => {
  const handle = display(1);
  handle.update('two');
  handle.clear();
  assert.deepEqual(sent(), ['display 1', "update_display 'two'", 'update_display ']);
  assert.ok(outputs.every((output) => 'displayId' in output && output.displayId === handle.id));
  assert.notEqual(display(1).id, handle.id);
});

test('an asynchronous drawing keeps its place and is waited for', async () => {
  display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) });
  display(2);
  assert.deepEqual(sent(), ['display …', 'display 2']);
  await stillDrawing();
  assert.deepEqual(sent(), ['display …', 'display 2', 'update_display late']);
  assert.equal(stillDrawing(), undefined);
});

test('a slow drawing does not cover a newer one', async () => {
  const after = (ms: number, text: string) => ({
    [displaySymbol]: () => new Promise((resolve) => setTimeout(resolve, ms, { 'text/plain': text })),
  });
  const handle = display(after(30, 'old'));
  handle.update(after(1, 'new'));
  await stillDrawing();
  assert.deepEqual(sent(), ['display …', 'update_display new']);
});

test('a slow drawing does not come back after it was cleared', async () => {
  display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) }).clear();
  await stillDrawing();
  assert.deepEqual(sent(), ['display …', 'update_display ']);
});

test('a raw bundle is shown as it is, bytes as base64, and needs no text', () => {
  display({ 'text/html': '<b>', 'image/png': Uint8Array.of(1, 2) }, { raw: true });
  const [output] = outputs;
  assert.ok(output?.type === 'display');
  assert.equal(output.data['text/html'], '<b>');
  assert.equal(output.data['image/png'], 'AQI=');
  assert.match(output.data['text/plain'], /text\/html/);
});

test('what is no bundle is shown as the value that it is', () => {
  display(5, { raw: true });
  assert.match(sent()[0]!, /^display 5\n\(MIME bundle could not draw this: TypeError/);
});

test("the session's table draws", () => {
  useFormatters(
    formatterTable([
      { name: 'n', matches: (value) => value === 7, format: () => ({ data: { 'text/plain': 'seven' }, metadata: {} }) },
    ]),
  );
  display(7);
  useFormatters(formatterTable([]));
  display(7);
  assert.deepEqual(sent(), ['display seven', 'display 7']);
});

test('clearOutput asks to clear now or with the next output', () => {
  clearOutput();
  clearOutput({ wait: true });
  assert.deepEqual(outputs, [
    { type: 'clear_output', wait: false },
    { type: 'clear_output', wait: true },
  ]);
});
