import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeCell } from '../../kernel/notebook.ts';
import { OutputRecorder } from '../../kernel/notebook-outputs.ts';

function cell(): CodeCell {
  return { id: 'a', cell_type: 'code', metadata: {}, source: '', execution_count: null, outputs: [] };
}

const stream = (text: string, name = 'stdout') => ({ type: 'stream', content: { name, text } });
const drawn = (type: string, text: string, id?: string) => ({
  type,
  content: { data: { 'text/plain': text }, metadata: {}, ...(id && { transient: { display_id: id } }) },
});

/** The texts of a cell's outputs. */
function texts({ outputs }: CodeCell): unknown[] {
  return outputs.map((output) =>
    'data' in output ? output.data['text/plain'] : 'text' in output ? output.text : output.ename,
  );
}

test('text of one stream is joined, of two streams kept in order', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  for (const message of [stream('1'), stream('2\n'), stream('e', 'stderr'), stream('3')]) recorder.apply(a, message);
  assert.deepEqual(texts(a), ['12\n', 'e', '3']);
});

test('an update redraws a display in place, in earlier cells too, and adds nothing', () => {
  const recorder = new OutputRecorder();
  const [a, b] = [cell(), cell()];
  recorder.apply(a, drawn('display_data', 'old', 'x'));
  recorder.apply(a, stream('after'));
  recorder.apply(b, drawn('update_display_data', 'new', 'x'));
  assert.deepEqual([texts(a), texts(b)], [['new', 'after'], []]);
});

test('showing a display again under its id redraws the first as well', () => {
  const recorder = new OutputRecorder();
  const [a, b] = [cell(), cell()];
  recorder.apply(a, drawn('display_data', 'one', 'x'));
  recorder.apply(b, drawn('display_data', 'two', 'x'));
  assert.deepEqual([texts(a), texts(b)], [['two'], ['two']]);
});

test('an update of an unknown display and messages without output change nothing', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  recorder.apply(a, drawn('update_display_data', 'new', 'x'));
  recorder.apply(a, { type: 'status', content: { execution_state: 'busy' } });
  recorder.apply(a, { type: 'some_new_type', content: {} });
  assert.deepEqual(a.outputs, []);
});

test('clear_output empties the cell at once, with wait at the next output', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  recorder.apply(a, stream('1'));
  recorder.apply(a, { type: 'clear_output', content: { wait: false } });
  assert.deepEqual(texts(a), []);
  recorder.apply(a, stream('2'));
  recorder.apply(a, { type: 'clear_output', content: { wait: true } });
  assert.deepEqual(texts(a), ['2']);
  recorder.apply(a, stream('3'));
  assert.deepEqual(texts(a), ['3']);
});

test('a display that was cleared away is not brought back by an update', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  recorder.apply(a, drawn('display_data', 'old', 'x'));
  recorder.apply(a, { type: 'clear_output', content: { wait: false } });
  recorder.apply(a, drawn('update_display_data', 'new', 'x'));
  assert.deepEqual(a.outputs, []);
});

test('only displays with an id are live', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  recorder.apply(a, drawn('display_data', 'fixed'));
  recorder.apply(a, drawn('display_data', 'live', 'x'));
  assert.deepEqual(
    a.outputs.map((output) => recorder.isLive(output)),
    [false, true],
  );
});

test('a result and an error are kept with all their fields and nothing of the wire', () => {
  const recorder = new OutputRecorder();
  const a = cell();
  const { content } = drawn('execute_result', '42', 'x');
  recorder.apply(a, { type: 'execute_result', content: { ...content, execution_count: 3 } });
  recorder.apply(a, { type: 'error', content: { ename: 'E', evalue: 'v', traceback: ['t'] } });
  assert.deepEqual(a.outputs, [
    { output_type: 'execute_result', data: { 'text/plain': '42' }, metadata: {}, execution_count: 3 },
    { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] },
  ]);
});
