// `node dist/bench/typing.js`: what a key costs in a cell of 200 lines, from the event to the bytes for the terminal.
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { Editor } from '../src/repl/editor.ts';
import { Highlighter } from '../src/repl/highlight.ts';
import { Recall } from '../src/repl/recall.ts';
import { Screen } from '../src/repl/screen.ts';
import { completeness } from '../src/session/rewrite/completeness.ts';
import { quantile } from './measures.ts';

const LINES = 200;

let bytes = 0;
const out = new Writable({
  write(chunk: Buffer, _encoding, done) {
    bytes += chunk.length;
    done();
  },
});
const screen = new Screen(Object.assign(out, { columns: 100, rows: 40 }) as unknown as WriteStream);
const editor = new Editor({
  screen,
  recall: new Recall(),
  adviser: { complete: async () => ({ items: [], start: 0, end: 0 }), inspect: async () => undefined },
  completeness,
  prompt: () => 'In [1]: ',
  busy: () => false,
  submit: () => undefined,
  interrupt: () => undefined,
  suspend: () => undefined,
  leave: () => undefined,
});
editor.highlighter = new Highlighter();
const cell = Array.from({ length: LINES }, (_, n) => `const value${n} = Math.sqrt(${n}) + "text".length; // line ${n}`);
editor.input([{ type: 'paste', text: `${cell.join('\n')}\n` }]);
for (const where of ['at the end', 'in the middle'] as const) {
  for (let n = 0; where === 'in the middle' && n < LINES / 2; n++)
    editor.input([{ type: 'key', name: 'up', more: false }]);
  const times: number[] = [];
  bytes = 0;
  for (const character of 'const another = [1, 2, 3].map((n) => n * 2); '.repeat(8)) {
    const begun = performance.now();
    editor.input([{ type: 'text', text: character }]);
    times.push(performance.now() - begun);
  }
  const [middle, slow] = [quantile(times, 0.5), quantile(times, 0.99)];
  console.log(
    `a key ${where} of ${LINES} lines: ${middle.toFixed(2)} ms, 99 % ${slow.toFixed(2)} ms, ${Math.round(bytes / times.length)} bytes`,
  );
}
process.exit(0);
