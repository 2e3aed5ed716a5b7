// Runs the corpus: every sequence in a session that has forgotten the ones before. UPDATE_CORPUS=1 writes what came anew, to be read.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type Ran, TestSession } from '../session/harness.ts';
import { type CorpusCell, type Expected, readSequences, type Sequence, writeSequences } from './sequence.ts';

const corpus = join(dirname(fileURLToPath(import.meta.url)), '../../../test/corpus');
const files = readdirSync(corpus).filter((file) => file.endsWith('.cells'));

// The same words on every machine.
process.env.TENSORCELL_BACKEND = 'cpu';

let count = 0;
for (const file of files) {
  const sequences = readSequences(readFileSync(join(corpus, file), 'utf8'));
  count += sequences.length;
  describe(basename(file, '.cells'), () => {
    const session = new TestSession();
    const found: Sequence[] = [];
    for (const sequence of sequences)
      it(sequence.title, async () => {
        await forget(session);
        const cells = [];
        for (const cell of sequence.cells) cells.push(await play(session, cell));
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
async function forget(session: TestSession): Promise<void> {
  await session.run('%reset');
  for (const name of readdirSync(session.folder)) rmSync(join(session.folder, name), { recursive: true });
  mkdirSync(session.folder, { recursive: true });
}

/** The cell with what came of it. */
async function play(session: TestSession, { code, expected }: CorpusCell): Promise<CorpusCell> {
  const ran = await session.run(code);
  const came = outcome(ran, session);
  // `…` at the end of an error stands for what Node's versions say each in their own way.
  const begins = expected.error?.endsWith('…') && came.error?.startsWith(expected.error.slice(0, -1));
  return { code, expected: { ...expected, ...came, ...(begins && { error: expected.error }) } };
}

function outcome({ cell, stdout, value, result }: Ran, session: TestSession): Partial<Expected> {
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
