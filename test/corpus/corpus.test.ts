// Runs the corpus: every sequence in a session that has forgotten the ones before. UPDATE_CORPUS=1 writes what came anew, to be read.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Checker } from '../../src/language/checker.ts';
import { completeTyped } from '../../src/language/questions.ts';
import { offsetOf, placeOf } from '../../src/session/errors/syntax-error.ts';
import { freshChecker } from '../language/harness.ts';
import { type Ran, TestSession } from '../session/harness.ts';
import { type CorpusCell, type Expected, readSequences, type Sequence, writeSequences } from './sequence.ts';

const corpus = join(dirname(fileURLToPath(import.meta.url)), '../../../test/corpus');
const files = readdirSync(corpus).filter((file) => file.endsWith('.cells'));

// The same words on every machine.
process.env.TENSORCELL_BACKEND = 'cpu';

const session = new TestSession();
/** Types are the same on every Node: `nodes.test.ts` leaves them out. */
const checker = process.env.TENSORCELL_CHECK === 'off' ? undefined : freshChecker({ folder: session.folder });

let count = 0;
for (const file of files) {
  const sequences = readSequences(readFileSync(join(corpus, file), 'utf8'));
  count += sequences.length;
  describe(basename(file, '.cells'), () => {
    const found: Sequence[] = [];
    for (const sequence of sequences)
      it(sequence.title, async () => {
        await forget();
        checker?.index.forget();
        const cells = [];
        for (const cell of sequence.cells) {
          const diagnostics = checker ? await faults(checker, cell.code) : cell.expected.diagnostics;
          const { code, expected } = await play(cell);
          const completions = await complete(cell);
          cells.push({ code, expected: { ...expected, diagnostics, completions } });
        }
        found.push({ title: sequence.title, cells });
        if (process.env.UPDATE_CORPUS) return;
        assert.deepEqual(cells, sequence.cells);
      });
    if (process.env.UPDATE_CORPUS)
      it('is written anew', () => writeFileSync(join(corpus, file), writeSequences(found)));
  });
}

it('the corpus has at least 150 sequences', () => assert.ok(count >= 150, `${count}`));

/** A session as if no cell had run, and its folder empty. */
async function forget(): Promise<void> {
  await session.run('%reset');
  for (const name of readdirSync(session.folder)) rmSync(join(session.folder, name), { recursive: true });
  mkdirSync(session.folder, { recursive: true });
}

/** What is wrong with the types of a cell, as `TS2322 2:7`. The cell counts as run, whatever it is. */
async function faults(checker: Checker, code: string): Promise<string[]> {
  const verdict = await checker.check(code);
  assert.equal(verdict.status, 'checked');
  verdict.cell.commit();
  const errors = (verdict.status === 'checked' && verdict.findings?.errors) || [];
  return errors.map(({ code: number, start }) => {
    const { line, column } = placeOf(code, start);
    return `TS${number} ${line}:${column}`;
  });
}

/** The wanted completions that are there, by their places; asked once the cell has run. */
function complete({ code, expected }: CorpusCell): Promise<string[]> {
  return Promise.all(
    expected.completions.map(async (row) => {
      const [, line, column, names = ''] = /^(\d+):(\d+) (.*)$/.exec(row)!;
      const cursor = offsetOf(code, { line: Number(line), column: Number(column) });
      const { items } = await session.client.complete(code, cursor);
      // At a member or a key what the types tell stands alone, as it does for a person.
      const typed = checker && (await completeTyped(checker, code, cursor));
      const shown = typed?.closed && typed.items.length > 0 ? typed.items : items;
      const offered = new Set(shown.map(({ text }) => text));
      return `${line}:${column} ${names
        .split(', ')
        .filter((name) => offered.has(name))
        .join(', ')}`;
    }),
  );
}

/** The cell with what came of it. */
async function play({ code, expected }: CorpusCell): Promise<CorpusCell> {
  const ran = await session.run(code);
  const came = outcome(ran);
  // `…` at the end of an error stands for what Node's versions say each in their own way.
  const begins = expected.error?.endsWith('…') && came.error?.startsWith(expected.error.slice(0, -1));
  return { code, expected: { ...expected, ...came, ...(begins && { error: expected.error }) } };
}

function outcome({ cell, stdout, value, result }: Ran): Partial<Expected> {
  // What changes from run to run.
  const plain = (text: string) => text.replaceAll(`In[${cell}]`, 'In[n]').replaceAll(session.folder, '<folder>');
  const lines = (text: string) => (text === '' ? [] : plain(text).replace(/\n$/, '').split('\n'));
  const error = result.status === 'error' ? result.error : undefined;
  const traceback = error && stripVTControlCharacters(error.traceback.join('\n')).replaceAll(`In[${cell}]`, 'In[n]');
  return {
    printed: lines(stdout),
    value: value === undefined ? [] : lines(value),
    error: error && plain(`${error.name}: ${error.message}`).split('\n')[0],
    place: traceback === undefined ? undefined : /In\[n\]:(\d+:\d+)/.exec(traceback)?.[1],
  };
}
