// What a run leaves on a terminal, as a small terminal of our own understands it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { WriteStream } from 'node:tty';
import type { Published } from '../../kernel/client-types.ts';
import type { CodeCell } from '../../kernel/notebook.ts';
import { OutputRecorder } from '../../kernel/notebook-outputs.ts';
import { TerminalProgress } from '../../kernel/run-progress.ts';
import { stripAnsi } from '../../src/repl/terminal-text.ts';

/** Scroll-back and screen as lines; knows newline, return, cursor up, erase below and to the right, which is all that is used. */
class Terminal {
  readonly columns = 40;
  readonly rows = 10;
  lines: string[] = [''];
  row = 0;
  column = 0;
  write(text: string): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
    for (const [part, count] of text.matchAll(/\u001b\[(\d*)A|\u001b\[[JK]|\u001b\[\??[\d;]*[a-z]|[\s\S]/g)) {
      if (part === '\n') {
        this.row++;
        this.column = 0;
        this.lines[this.row] ??= '';
      } else if (part === '\r') this.column = 0;
      else if (count !== undefined) {
        this.row -= Number(count);
        assert.ok(this.row >= this.lines.length - this.rows, 'a line that scrolled away can not be redrawn');
      } else if (part === '\u001b[J') this.lines.length = this.row + 1;
      else if (!part.startsWith('\u001b')) {
        const line = this.lines[this.row]!.padEnd(this.column);
        this.lines[this.row] = line.slice(0, this.column) + part + line.slice(this.column + 1);
        this.column++;
      }
      if (/\[[JK]$/.test(part)) this.lines[this.row] = this.lines[this.row]!.slice(0, this.column);
    }
    return true;
  }
  get text(): string {
    return this.lines.join('\n').replace(/\d+\.\d s/g, '… s');
  }
}

let terminal: Terminal;
let recorder: OutputRecorder;
let progress: TerminalProgress;
const frame = () => mock.timers.tick(80);

beforeEach(() => {
  mock.timers.enable({ apis: ['setInterval'] });
  terminal = new Terminal();
  recorder = new OutputRecorder();
  const headings = new Map([['b', ['Part two']]]);
  progress = new TerminalProgress(terminal as unknown as WriteStream, recorder, headings, false);
});
afterEach(() => {
  progress[Symbol.dispose]();
  mock.timers.reset();
});

function begin(id: string, source: string, number = 1): { cell: CodeCell; end: () => void } {
  const cell: CodeCell = { id, cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] };
  const run = { cell, number, total: 2 };
  progress.started(run);
  return { cell, end: () => progress.ended(run, 100) };
}

function publish(cell: CodeCell, type: Published['type'], content: object): void {
  recorder.apply(cell, { type, content });
}
const print = (cell: CodeCell, text: string) => publish(cell, 'stream', { name: 'stdout', text });
const draw = (cell: CodeCell, type: Published['type'], text: string) =>
  publish(cell, type, { data: { 'text/plain': text }, metadata: {}, transient: { display_id: 'x' } });

test('cells without output are a line each, under the headings of the notebook', () => {
  begin('a', 'const a = 1').end();
  const second = begin('b', '// why\nconst b = 2', 2);
  assert.match(terminal.text, /⠙ 2\/2 {2}const b = 2 {2}… s\n$/);
  second.end();
  assert.equal(terminal.text, '✓ 1/2  const a = 1  … s\n\nPart two\n✓ 2/2  const b = 2  … s\n');
});

test('whole lines are printed as they come, a half one stays open', () => {
  const { cell, end } = begin('a', 'f()');
  print(cell, 'one\ntw');
  frame();
  assert.match(terminal.text, /^▸ 1\/2 {2}f\(\)\none\ntw\n. … s\n$/);
  print(cell, 'o\n');
  frame();
  end();
  assert.equal(terminal.text, '▸ 1/2  f()\none\ntwo\n✓ … s\n');
});

test('a display is redrawn in place, also when text came after it', () => {
  const { cell, end } = begin('a', 'fit()');
  draw(cell, 'display_data', 'epoch 1\n###');
  frame();
  print(cell, 'note\n');
  draw(cell, 'update_display_data', 'epoch 2\n######');
  frame();
  assert.match(terminal.text, /fit\(\) {2}… s\nepoch 2\n######\nnote\n$/);
  draw(cell, 'update_display_data', 'done');
  end();
  assert.equal(terminal.text, '✓ 1/2  fit()  … s\ndone\nnote\n');
});

test('a display longer than the screen shows its end while it is live, and all of it at last', () => {
  const { cell, end } = begin('a', 'fit()');
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
  draw(cell, 'display_data', lines);
  for (let i = 0; i < 3; i++) {
    draw(cell, 'update_display_data', `${lines}\n${i}`);
    frame();
  }
  assert.ok(terminal.text.endsWith('line 29\n2\n'));
  assert.ok(terminal.lines.length <= 10);
  end();
  assert.equal(terminal.text, `✓ 1/2  fit()  … s\n${lines}\n2\n`);
});

test('a cell that clears its output animates in place', () => {
  const { cell, end } = begin('a', 'spin()');
  print(cell, 'start\n');
  frame();
  for (let i = 0; i < 3; i++) {
    publish(cell, 'clear_output', { wait: true });
    print(cell, `frame ${i}\n`);
    frame();
  }
  assert.match(terminal.text, /^▸ 1\/2 {2}spin\(\)\nstart\nframe 2\n. … s\n$/);
  end();
  assert.equal(terminal.text, '▸ 1/2  spin()\nstart\nframe 2\n✓ … s\n');
});

test('a failed cell is marked, long lines of what is live are cut to the terminal', () => {
  const { cell, end } = begin('a', 'f()');
  draw(cell, 'display_data', 'x'.repeat(60));
  frame();
  assert.ok(terminal.lines.every((line) => line.length <= 40));
  publish(cell, 'error', { ename: 'E', evalue: 'v', traceback: ['E: v'] });
  end();
  assert.equal(terminal.text, `✗ 1/2  f()  … s\n${'x'.repeat(60)}\nE: v\n`);
});

test('a notice stands below the running cell until its end', () => {
  const { end } = begin('a', 'f()');
  progress.notify('Interrupting …');
  assert.match(terminal.text, /f\(\) {2}… s\nInterrupting …\n$/);
  end();
  assert.equal(stripAnsi(terminal.text), '✓ 1/2  f()  … s\n');
});
